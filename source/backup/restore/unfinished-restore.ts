import {randomBytes} from 'node:crypto';
import type {Stats} from 'node:fs';
import {lstat, mkdir, readdir, rm, writeFile} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {tryProcessLock} from '../../system/process-lock.ts';

/*
What is restored is put together beside its place: `web.git.restore-unfinished-1a2b3c4d`, and next to it a lock,
`….lock`, that the kernel holds for as long as the restore lives. So what a killed one left is told from what another one is
at work on.
*/

/** A folder that a restore is put together in, and that is known as this process's own. */
export type UnfinishedRestore = {
	readonly folder: string;
	/** Takes away the folder, if it is still there, and the lock. */
	readonly discard: () => Promise<void>;
};

/** Makes the folder, beside the one that is to appear at a path. @throws The file system's error. */
export async function beginUnfinished(path: string): Promise<UnfinishedRestore> {
	for (;;) {
		const folder = join(
			dirname(path),
			`${basename(path)}.restore-unfinished-${randomBytes(4).toString('hex')}`,
		);
		const lockPath = `${folder}.lock`;
		// Made here, so that a place which cannot be written says why in the file system's words.
		await writeFile(lockPath, '', {flag: 'wx', mode: 0o600});
		const lock = tryProcessLock(lockPath);
		// Somebody who clears away was quicker.
		if (lock !== undefined) {
			const discard = async (): Promise<void> => {
				await rm(folder, {recursive: true, force: true, maxRetries: 3}).catch(() => undefined);
				await rm(lockPath, {force: true}).catch(() => undefined);
				lock.release();
			};

			try {
				await mkdir(folder);
				return {folder, discard};
			} catch (error) {
				await discard();
				throw error;
			}
		}
	}
}

/**
Takes away what killed restores to this path left beside it: folders of our own name, with a lock of our own that nobody holds.
What cannot be taken away stays; the next restore tries again.
*/
export async function removeUnfinished(path: string): Promise<void> {
	const parent = dirname(path);
	const names = await readdir(parent).catch(() => []);
	for (const name of names) {
		if (name.startsWith(`${basename(path)}.restore-unfinished-`) && /-[0-9a-f]{8}\.lock$/.test(name)) {
			await removeDead(join(parent, name)).catch(() => undefined);
		}
	}
}

async function removeDead(lockPath: string): Promise<void> {
	const found = await lstat(lockPath);
	// The lock is an empty database; nothing else of this name is ours.
	if (!found.isFile() || found.size > 0 || !isOurs(found)) {
		return;
	}

	const lock = tryProcessLock(lockPath);
	if (lock === undefined) {
		return;
	}

	try {
		const folder = lockPath.replace(/\.lock$/, '');
		const left = await lstat(folder).catch(() => undefined);
		if (left?.isDirectory() && isOurs(left)) {
			await rm(folder, {recursive: true, force: true, maxRetries: 3});
		}

		await rm(lockPath, {force: true});
	} finally {
		lock.release();
	}
}

function isOurs({uid}: Stats): boolean {
	const owner = process.getuid?.();
	return owner === undefined || uid === owner;
}
