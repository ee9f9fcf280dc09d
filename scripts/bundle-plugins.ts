import {readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import type {Plugin} from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Ink imports React's developer tools where DEV is set, which it never is here; they would be megabytes. */
export const withoutDeveloperTools: Plugin = {
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

/** What the program is bundled with, so that it starts fast. */
export const plugins: Plugin[] = [withoutDeveloperTools, withoutSecondClient, withOneMeasure, withoutFetch];
