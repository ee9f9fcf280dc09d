import type {Dirent} from 'node:fs';
import {readdir} from 'node:fs/promises';

/*
Names of files are byte strings, as those of refs are: each character is a byte. So a file is found again whatever its name
is made of.
*/

/** Every file and link below a folder of `base`, sorted, by its path relative to `base`. Links are not followed. */
export async function* walk(
	base: string,
	folder: string,
): AsyncGenerator<{readonly path: string; readonly entry: Dirent}> {
	for (const entry of (await entriesOf(pathIn(base, folder))).sort(byName)) {
		const path = `${folder}/${entry.name}`;
		if (entry.isDirectory()) {
			yield* walk(base, path);
		} else {
			yield {path, entry};
		}
	}
}

/** Where a file lies. @param path A byte string. */
export function pathIn(base: string, path: string): Buffer {
	return Buffer.concat([Buffer.from(`${base}/`), Buffer.from(path, 'latin1')]);
}

function byName(left: Dirent, right: Dirent): number {
	return left.name < right.name ? -1 : 1;
}

async function entriesOf(folder: Buffer): Promise<Dirent[]> {
	try {
		return await readdir(folder, {withFileTypes: true, encoding: 'latin1'});
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		if (code === 'ENOENT' || code === 'ENOTDIR') {
			return [];
		}

		throw error;
	}
}
