import {mkdir, stat} from 'node:fs/promises';
import {dirname, resolve} from 'node:path';

/**
Makes a folder, with those above it that are missing.

Node's own recursive `mkdir` is not used: where a folder that exists takes no new ones and says ENOENT (below `/proc`, say), it
tries again for ever.

@returns the uppermost folder that was made; undefined where all were there.
@throws The file system's error.
*/
export async function makeFolders(path: string, mode = 0o700): Promise<string | undefined> {
	const missing: string[] = [];
	let folder = resolve(path);
	while (!(await isThere(folder))) {
		missing.unshift(folder);
		folder = dirname(folder);
	}

	if (missing.length === 0 && !(await stat(folder)).isDirectory()) {
		// What stands in its place is no folder: making it says so.
		await mkdir(folder);
	}

	for (const each of missing) {
		await mkdir(each, {mode}).catch(async (error: NodeJS.ErrnoException) => {
			// Another process was faster.
			if (error.code !== 'EEXIST' || !(await stat(each)).isDirectory()) {
				throw error;
			}
		});
	}

	return missing[0];
}

async function isThere(path: string): Promise<boolean> {
	try {
		await stat(path);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT' && path !== dirname(path)) {
			return false;
		}

		throw error;
	}
}
