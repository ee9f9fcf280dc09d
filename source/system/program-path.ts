import {accessSync, constants, realpathSync, statSync} from 'node:fs';
import {basename, delimiter, join} from 'node:path';

/** Where a program lies on a search path as in `PATH`, or undefined where it does not. */
export function findProgram(name: string, searchPath: string): string | undefined {
	return searchPath
		.split(delimiter)
		.filter(folder => folder !== '')
		.map(folder => join(folder, name))
		.find(isProgram);
}

/**
The `flock` of util-linux, or undefined where the machine has none. Busybox's cannot be told which exit code says that
the lock is held.
*/
export function findFlock(searchPath: string): string | undefined {
	const path = findProgram('flock', searchPath);
	return path === undefined || basename(realpathSync(path)) === 'busybox' ? undefined : path;
}

/** Whether a file can be started. */
export function isProgram(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return statSync(path).isFile();
	} catch {
		return false;
	}
}
