import {chmod, lstat, readdir, realpath, rename, rmdir} from 'node:fs/promises';
import {basename, dirname, join, resolve, sep} from 'node:path';
import {synchroniseFolder} from '../../system/durable-file.ts';
import {makeFolders} from '../../system/make-folders.ts';
import {UserError} from '../../system/user-error.ts';
import {TargetFailed} from './restore-failure.ts';
import {beginUnfinished, removeUnfinished, type UnfinishedRestore} from './unfinished-restore.ts';

/** A folder that is filled somewhere else and appears at once, whole, or never. */
export type RestoreFolder = {
	/** Absolute path of the folder that was asked for. */
	readonly path: string;
	/** Where it is put together: beside it, under a name that says what it is. */
	readonly temporary: string;
	/** Puts it in its place. @throws UserError where something came there meanwhile. */
	readonly keep: () => Promise<void>;
	/** Takes it away from its place again. */
	readonly takeBack: () => Promise<void>;
	/** Takes away whatever was made. */
	readonly discard: () => Promise<void>;
};

/**
Makes ready to restore to a folder that does not exist or is empty. What killed restores to it left beside it goes.

@param asked As a person wrote it.
@param backups The folder that holds the mirrors, in which nothing else may come to lie.
@throws UserError; what stands in the folder's place is as it was.
*/
export async function openRestoreFolder(asked: string, backups: string): Promise<RestoreFolder> {
	const path = resolve(asked);
	await assertOutside(path, backups);
	const mode = await assertFree(path);
	const parent = dirname(path);
	let made: string | undefined;
	let unfinished: UnfinishedRestore;
	try {
		made = await makeFolders(parent, 0o777);
		await removeUnfinished(path);
		unfinished = await beginUnfinished(path);
	} catch (error) {
		await removeEmpty(parent, made);
		throw new TargetFailed(path, error);
	}

	const {folder: temporary} = unfinished;
	return {
		path,
		temporary,
		keep: async () => {
			try {
				if (mode !== undefined) {
					await chmod(temporary, mode);
				}

				// Takes the place of an empty folder, and of nothing else.
				await rename(temporary, path);
			} catch (error) {
				await assertFree(path);
				throw new TargetFailed(path, error);
			}

			await synchroniseFolder(parent);
		},
		takeBack: async () => rename(path, temporary),
		discard: async () => {
			await unfinished.discard();
			await removeEmpty(parent, made);
		},
	};
}

/** Whether a folder does not exist or is empty, and lies outside of the backups; nothing is made. @throws UserError */
export async function assertFreeFolder(asked: string, backups: string): Promise<void> {
	const path = resolve(asked);
	await assertOutside(path, backups);
	await assertFree(path);
}

/** Finds out beforehand whether a folder can be restored to. @throws UserError */
export async function assertRestorable(asked: string, backups: string): Promise<void> {
	const folder = await openRestoreFolder(asked, backups);
	await folder.discard();
}

/**
@returns permissions of the empty folder that is there; undefined where there is nothing.
@throws UserError where it is anything else.
*/
async function assertFree(path: string): Promise<number | undefined> {
	const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT') {
			return undefined;
		}

		throw new TargetFailed(path, error);
	});
	if (found === undefined) {
		return undefined;
	}

	if (!found.isDirectory()) {
		throw new UserError(
			`${path} is ${found.isSymbolicLink() ? 'a link' : 'no folder'}: it was left as it is. Name a folder that does not exist, or an empty one.`,
		);
	}

	const names = await readdir(path).catch((error: unknown) => {
		throw new TargetFailed(path, error);
	});
	if (names.length > 0) {
		throw new UserError(
			`${path} is not empty: it was left as it is. Name a folder that does not exist, or an empty one.`,
		);
	}

	return found.mode & 0o7777;
}

/** What is restored into the backups would be taken for one of them. */
async function assertOutside(path: string, backups: string): Promise<void> {
	const [place, home] = [await realPathOf(path), await realPathOf(backups)];
	if (place === home || place.startsWith(home + sep)) {
		throw new UserError(`${path} lies among the backups themselves. Name a folder outside of ${backups}.`);
	}
}

/** The real path of what exists, and the rest of the path as it is. */
async function realPathOf(path: string): Promise<string> {
	const rest: string[] = [];
	for (let folder = path; ; folder = dirname(folder)) {
		try {
			return join(await realpath(folder), ...rest);
		} catch {
			if (folder === dirname(folder)) {
				return path;
			}

			rest.unshift(basename(folder));
		}
	}
}

/** Takes away folders that were made on the way, from the lowest to the uppermost, while they are empty. */
async function removeEmpty(lowest: string, uppermost: string | undefined): Promise<void> {
	if (uppermost === undefined) {
		return;
	}

	for (let folder = lowest; folder.startsWith(uppermost); folder = dirname(folder)) {
		await rmdir(folder).catch(() => undefined);
	}
}
