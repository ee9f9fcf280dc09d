import {chmod, rm, writeFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {build, type Plugin} from 'esbuild';
import {thirdPartyLicences} from './third-party-licences.ts';

/*
Bundles the program into `dist/`: a start through the bundle takes a fraction of the time that loading hundreds of small
files takes. `cli.js` stays a small guard that loads the rest only on a Node.js that can run it.
*/
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = fileURLToPath(new URL('../dist/', import.meta.url));

/** Ink imports React's developer tools where DEV is set, which it never is here; they would be megabytes. */
const withoutDeveloperTools: Plugin = {
	name: 'without-developer-tools',
	setup: ({onResolve, onLoad}) => {
		onResolve({filter: /^react-devtools-core$/}, ({path}) => ({path, namespace: 'empty'}));
		onLoad({filter: /.*/, namespace: 'empty'}, () => ({contents: 'export default {};'}));
	},
};

await rm(folder, {recursive: true, force: true});
const {metafile} = await build({
	absWorkingDir: root,
	entryPoints: ['source/cli.ts'],
	outdir: folder,
	bundle: true,
	splitting: true,
	format: 'esm',
	platform: 'node',
	target: 'node22',
	// Flat, so that the program finds cli.js beside whichever file it asks from.
	chunkNames: '[name]-[hash]',
	define: {'process.env.DEV': '"false"', 'process.env.NODE_ENV': '"production"'},
	banner: {
		js: "import {createRequire as createRequireOfBundle} from 'node:module';\nconst require = createRequireOfBundle(import.meta.url);",
	},
	plugins: [withoutDeveloperTools],
	legalComments: 'linked',
	metafile: true,
	logLevel: 'warning',
});
await writeFile(
	new URL('../dist/third-party-licences.txt', import.meta.url),
	await thirdPartyLicences(root, Object.keys(metafile.inputs)),
);
await chmod(new URL('../dist/cli.js', import.meta.url), 0o755);
