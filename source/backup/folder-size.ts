import {lstat, readdir} from 'node:fs/promises';
import {join} from 'node:path';

/** Bytes of all files below a folder; 0 where there is none. Links are not followed. */
export async function folderSize(folder: string): Promise<number> {
	let bytes = 0;
	for (const entry of await readdir(folder, {withFileTypes: true}).catch(noneIfMissing)) {
		const path = join(folder, entry.name);
		bytes += entry.isDirectory() ? await folderSize(path) : (await lstat(path)).size;
	}

	return bytes;
}

function noneIfMissing(error: NodeJS.ErrnoException): [] {
	if (error.code === 'ENOENT') {
		return [];
	}

	throw error;
}
