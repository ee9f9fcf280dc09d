import {chmod, readFile, rm, writeFile} from 'node:fs/promises';
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
Node's module for HTTP, taken as it was before there were import statements: an import reads everything that a module has, and reading
this one's WebSocket loads a second HTTP client, which takes longer than all of the program's own code.
*/
const withoutSecondClient: Plugin = {
	name: 'without-second-client',
	setup: ({onResolve, onLoad}) => {
		onResolve({filter: /^(?:node:)?https?$/, namespace: 'file'}, ({path}) => ({
			path: path.replace('node:', ''),
			namespace: 'required',
		}));
		onLoad({filter: /.*/, namespace: 'required'}, ({path}) => ({
			contents: `module.exports = require('node:${path}');`,
		}));
	},
};

/**
The package that measures text, which Ink and what it draws with bring a copy each of: one for all, and loaded at the first text that is not plain.
*/
const withOneMeasure: Plugin = {
	name: 'with-one-measure',
	setup: ({onResolve, onLoad, resolve}) => {
		onResolve({filter: /^string-width$/}, async ({kind, pluginData, namespace}) => {
			if (pluginData === 'resolved') {
				return undefined;
			}

			return namespace === 'measure'
				? resolve('string-width', {kind, resolveDir: root, pluginData: 'resolved'})
				: {path: 'string-width', namespace: 'measure'};
		});
		onLoad({filter: /.*/, namespace: 'measure'}, () => ({
			resolveDir: root,
			contents: `
				import {plainWidth} from './source/app/plain-width.ts';
				let whole;
				export default function stringWidth(text, options) {
					const width = options === undefined && typeof text === 'string' ? plainWidth(text) : undefined;
					if (width !== undefined) {
						return width;
					}

					whole ??= require('string-width').default;
					return whole(text, options);
				}
			`,
		}));
	},
};

/**
What lays out Ink's frames carries its machine code in its own text, and decodes that with fetch where there is one: that loads a whole HTTP client.
Where there is none, it decodes it by itself.
*/
const withoutFetch: Plugin = {
	name: 'without-fetch',
	setup: ({onLoad}) => {
		onLoad({filter: /yoga-wasm-base64-esm\.js$/}, async ({path}) => ({
			contents: `const fetch = undefined;\n${await readFile(path, 'utf8')}`,
		}));
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
		plugins: [withoutDeveloperTools, withoutSecondClient, withOneMeasure, withoutFetch],
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
