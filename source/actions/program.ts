import {fileURLToPath} from 'node:url';

/**
How to start this very program again in a process of its own: the executable, then its first arguments.

The bundle lies flat in one folder, beside `cli.js`; the sources run through tsx.
*/
export function programCommand(): readonly [string, ...string[]] {
	if (import.meta.url.endsWith('.ts')) {
		const loader = import.meta.resolve('tsx');
		return [process.execPath, `--import=${loader}`, fileURLToPath(new URL('../cli.ts', import.meta.url))];
	}

	return [process.execPath, fileURLToPath(new URL('cli.js', import.meta.url))];
}
