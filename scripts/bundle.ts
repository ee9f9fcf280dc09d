import {chmod, rm, writeFile} from 'node:fs/promises';
import {join, parse} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build, type Plugin} from 'esbuild';
import {plugins as ours} from './bundle-plugins.ts';
import {thirdPartyLicences} from './third-party-licences.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
Bundles the program, or what is given in its place, into a folder, in the place of whatever lay there: a start through the bundle takes a fraction of the
time that loading hundreds of small files takes. `cli.js` stays a small guard that loads the rest only on a Node.js that
can run it.
*/
export async function bundle(
	folder: string,
	entryPoint = 'source/cli.ts',
	plugins: Plugin[] = ours,
): Promise<void> {
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
		plugins,
		// A third less to read at each start; names stay, so that what is told of errors can be understood.
		minifySyntax: true,
		minifyWhitespace: true,
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
