import {randomUUID} from 'node:crypto';
import {chmod, mkdir, open, rename, rm} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';

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
	const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.new`);
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
		await rm(temporary, {force: true});
		throw error;
	}

	await synchroniseFolder(dirname(path));
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

/** Makes a folder, with those above it, that only its owner may look into. */
export async function makePrivateFolder(path: string): Promise<void> {
	const created = await mkdir(path, {recursive: true, mode: 0o700});
	if (created !== undefined) {
		await chmod(path, 0o700);
	}
}
