import {createHash} from 'node:crypto';
import {constants, createReadStream} from 'node:fs';
import {chmod, copyFile, lstat, mkdir, open, rm} from 'node:fs/promises';
import {dirname} from 'node:path';

/** What came of copying a file of the backup. */
export type Copied = 'copied' | 'missing' | 'damaged';

/**
Copies a file whose hash is known; the file system shares the contents where it can, but never the file itself. What is not
what its hash says is not kept.

@param expected Hash (SHA-256) and, where it is known, size in bytes.
@throws the file system's error about the copy.
*/
export async function copyChecked(
	source: string,
	target: string,
	expected: {readonly hash: string; readonly size?: number},
): Promise<Copied> {
	if (!(await isFile(source))) {
		return 'missing';
	}

	await mkdir(dirname(target), {recursive: true});
	await copyFile(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
	await chmod(target, 0o666 & ~process.umask());
	const {hash, bytes} = await hashAndKeep(target);
	if (hash === expected.hash && (expected.size ?? bytes) === bytes) {
		return 'copied';
	}

	await rm(target, {force: true});
	return 'damaged';
}

/** Whether a file lies there, not a link to one. */
export async function isFile(path: string): Promise<boolean> {
	try {
		return (await lstat(path)).isFile();
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		if (code === 'ENOENT' || code === 'ENOTDIR') {
			return false;
		}

		throw error;
	}
}

export async function hashFile(path: string): Promise<{readonly hash: string; readonly bytes: number}> {
	const hash = createHash('sha256');
	let bytes = 0;
	for await (const chunk of createReadStream(path)) {
		hash.update(chunk as Buffer);
		bytes += (chunk as Buffer).length;
	}

	return {hash: hash.digest('hex'), bytes};
}

/** Reads what was written, and sees to it that it is on disk. */
async function hashAndKeep(path: string): Promise<{readonly hash: string; readonly bytes: number}> {
	const file = await open(path, 'r+');
	try {
		await file.sync();
	} finally {
		await file.close();
	}

	return hashFile(path);
}

/** Where a file lies in a store of files by their hashes. */
export function storedPath(hash: string): string {
	return `${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash}`;
}
