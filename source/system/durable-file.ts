import {randomUUID} from 'node:crypto';
import {open, readdir, rename, rm} from 'node:fs/promises';
import {basename, dirname, join, relative, sep} from 'node:path';
import {makeFolders} from './make-folders.ts';

/**
Replaces a file so that a crash at any instant leaves the old or the new one, whole, and so that what was acknowledged is
on disk: a temporary file of a unique name, everything written, synchronised, its size checked (a full disk must not
leave a cut file), renamed, and the folder synchronised.

@throws The file system's error; the old file is as it was.
*/
export async function writeDurably(
	path: string,
	contents: string | Uint8Array,
	options: {readonly mode?: number} = {},
): Promise<void> {
	const bytes = typeof contents === 'string' ? Buffer.from(contents) : contents;
	const temporary = join(dirname(path), `${temporaryPrefix(path)}${randomUUID()}${temporarySuffix}`);
	try {
		const file = await open(temporary, 'wx', options.mode ?? 0o600);
		try {
			await file.writeFile(bytes);
			await file.sync();
			const {size} = await file.stat();
			if (size !== bytes.byteLength) {
				throw Object.assign(new Error(`only ${size} of ${bytes.byteLength} bytes were written`), {
					code: 'ENOSPC',
				});
			}
		} finally {
			await file.close();
		}

		await rename(temporary, path);
	} catch (error) {
		// What went wrong first is what has to be told.
		await rm(temporary, {force: true}).catch(() => undefined);
		throw error;
	}

	await synchroniseFolder(dirname(path));
}

/**
Removes what killed writers of a file left beside it. Only for who holds the lock under which that file is written: the
temporary file of a writer that lives would go too.
*/
export async function removeUnfinished(path: string): Promise<void> {
	const folder = dirname(path);
	for (const name of await readdir(folder)) {
		if (name.startsWith(temporaryPrefix(path)) && name.endsWith(temporarySuffix)) {
			await rm(join(folder, name), {force: true});
		}
	}
}

const temporarySuffix = '.new';

function temporaryPrefix(path: string): string {
	return `.${basename(path)}.`;
}

/** Makes what was renamed, added or removed in a folder last. */
export async function synchroniseFolder(path: string): Promise<void> {
	const folder = await open(path, 'r');
	try {
		await folder.sync();
	} finally {
		await folder.close();
	}
}

/** Makes a folder, with those above it, that only its owner may look into. One that is there already stays as it is. */
export async function makePrivateFolder(path: string): Promise<void> {
	const first = await makeFolders(path);
	if (first === undefined) {
		return;
	}

	// A folder is on disk when the one above it is.
	let above = dirname(first);
	await synchroniseFolder(above);
	for (const name of relative(above, dirname(path)).split(sep).filter(Boolean)) {
		above = join(above, name);
		await synchroniseFolder(above);
	}
}
