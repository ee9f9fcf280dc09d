import {readdir} from 'node:fs/promises';

/**
The names in a folder; none where there is no such folder.

@throws the file system's error where it cannot be read.
*/
export async function namesIn(folder: string): Promise<readonly string[]> {
	try {
		return await readdir(folder);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return [];
		}

		throw error;
	}
}
