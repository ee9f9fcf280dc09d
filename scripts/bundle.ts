import {chmod, rm, writeFile} from 'node:fs/promises';
import {join, parse} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build, type Plugin} from 'esbuild';
import {thirdPartyLicences} from './third-party-licences.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Ink imports React's developer tools where DEV is set, which it never is here; they would be megabytes. */
const withoutDeveloperTools: Plugin = {
	name: 'without-developer-tools',
	setup: ({onResolve, onLoad}) => {
		onResolve({filter: /^react-devtools-core$/}, ({path}) => ({path, namespace: 'empty'}));
		onLoad({filter: /.*/, namespace: 'empty'}, () => ({contents: 'export default {};'}));
	},
};

/**
Bundles the program, or what is given in its place, into a folder, in the place of whatever lay there: a start through the bundle takes a fraction of the
time that loading hundreds of small files takes. `cli.js` stays a small guard that loads the rest only on a Node.js that
can run it.
*/
export async function bundle(folder: string, entryPoint = 'source/cli.ts'): Promise<void> {
	await rm(folder, {recursive: true, force: true});
	const {metafile} = await build({
		absWorkingDir: root,
		entryPoints: [entryPoint],
		outdir: folder,
		bundle: true,
		splitting: true,
		format: 'esm',
		platform: 'node',
		target: 'node22',
		// Flat, so that the program finds cli.js beside whichever file it asks from.
		chunkNames: '[name]-[hash]',
		define: {'process.env.DEV': '"false"', 'process.env.NODE_ENV': '"production"'},
		// Some of the bundled packages are CommonJS and ask for Node's own modules.
		banner: {
			js: "import {createRequire as createRequireOfBundle} from 'node:module';\nconst require = createRequireOfBundle(import.meta.url);",
		},
		plugins: [withoutDeveloperTools],
		legalComments: 'linked',
		metafile: true,
		logLevel: 'warning',
	});
	const licences = await thirdPartyLicences(root, Object.keys(metafile.inputs));
	await writeFile(join(folder, 'third-party-licences.txt'), licences);
	// A bundle somewhere else is no part of a package that says what its files are.
	await writeFile(join(folder, 'package.json'), '{"type": "module"}\n');
	await chmod(join(folder, `${parse(entryPoint).name}.js`), 0o755);
}
