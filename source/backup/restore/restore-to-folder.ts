import {resolve, sep} from 'node:path';
import {UserError} from '../../system/user-error.ts';
import type {Snapshot} from '../last-snapshot.ts';
import type {MirrorReader} from '../mirror.ts';
import {noRefs, type RefList} from '../ref-list.ts';
import {copyLfsObjects, type RestoredLfs, readLfsList} from './lfs-objects.ts';
import {writeDownloads, writeMetadataFiles} from './metadata-files.ts';
import {restoring} from './restore-failure.ts';
import {openRestoreFolder, type RestoreFolder} from './restore-folder.ts';
import type {RestoreProgress} from './restore-progress.ts';
import {checkOutFiles, hasFiles, replacePointers} from './working-files.ts';
import {writeRepository} from './write-repository.ts';

export type RestoreToFolderOptions = {
	readonly mirror: MirrorReader;
	readonly snapshot: Snapshot;
	/** As a person wrote it; does not exist, or is empty. */
	readonly folder: string;
	readonly form: 'bare' | 'working-copy';
	/** Where the metadata go; undefined to leave them out. */
	readonly metadataFolder: string | undefined;
	readonly withLfs: boolean;
	/** The folder that holds the mirrors. */
	readonly backups: string;
	readonly progress: RestoreProgress;
	readonly signal: AbortSignal;
};

export type RestoredFolder = {
	readonly folder: string;
	readonly metadataFolder: string | undefined;
	readonly refs: RefList;
	readonly lfsObjects: number;
	readonly downloads: number;
	/** What is missing, in sentences: the rest was restored. */
	readonly missing: readonly string[];
	/** What a person should know, while nothing is missing. */
	readonly notes: readonly string[];
};

/**
Restores a snapshot to a folder: its repository, and beside it what lies around Git. Everything is put together under other names
and proven, and appears at its place at once.

@throws UserError, TargetFailed, BackupDamaged; nothing is left then.
*/
export async function restoreToFolder(options: RestoreToFolderOptions): Promise<RestoredFolder> {
	const {folder, metadataFolder, backups} = options;
	assertApart(folder, metadataFolder);
	const target = await openRestoreFolder(folder, backups);
	let beside: RestoreFolder | undefined;
	try {
		beside = metadataFolder === undefined ? undefined : await openRestoreFolder(metadataFolder, backups);
		const restored = await restoring(target.path, async () => fill(options, target, beside));
		await beside?.keep();
		try {
			await target.keep();
		} catch (error) {
			// One without the other would be half of it.
			await beside?.takeBack();
			throw error;
		}

		return {...restored, folder: target.path, metadataFolder: beside?.path};
	} finally {
		await beside?.discard();
		await target.discard();
	}
}

/**
Writes the files of a snapshot that has no repository: the workspace's own.

@throws UserError, TargetFailed, BackupDamaged; nothing is left then.
*/
export async function restoreFilesToFolder(
	options: Omit<RestoreToFolderOptions, 'form' | 'metadataFolder' | 'withLfs'>,
): Promise<RestoredFolder> {
	const target = await openRestoreFolder(options.folder, options.backups);
	try {
		const metadata = await restoring(target.path, async () =>
			writeAround({...options, folder: target.temporary}),
		);
		await target.keep();
		return {
			folder: target.path,
			metadataFolder: target.path,
			refs: noRefs,
			lfsObjects: 0,
			...metadata,
			notes: [],
		};
	} finally {
		await target.discard();
	}
}

/** @throws UserError (wrong usage) where one of the folders lies in the other one. */
function assertApart(folder: string, metadataFolder: string | undefined): void {
	const [one, other] = [folder, metadataFolder ?? ''].map(path => resolve(path) + sep);
	if (metadataFolder !== undefined && one !== undefined && other !== undefined) {
		if (one.startsWith(other) || other.startsWith(one)) {
			throw new UserError(
				'The folder for metadata and the one for the repository lie in one another: name two that lie side by side.',
				{exitCode: 2},
			);
		}
	}
}

type Filled = Omit<RestoredFolder, 'folder' | 'metadataFolder'>;

async function fill(
	options: RestoreToFolderOptions,
	target: RestoreFolder,
	beside: RestoreFolder | undefined,
): Promise<Filled> {
	const {mirror, snapshot, form, progress, signal} = options;
	const refs = snapshot.refs ?? noRefs;
	const gitDirectory = await writeRepository({...options, refs, folder: target.temporary});
	const lfs = await restoreLfs(options, gitDirectory);
	const notes: string[] = [];
	if (form === 'working-copy' && hasFiles(refs)) {
		const working = {folder: target.temporary, gitDirectory, signal};
		await checkOutFiles(working, progress);
		if (lfs.restored.size > 0) {
			await replacePointers(working, lfs.restored, progress);
		}
	} else if (form === 'working-copy') {
		notes.push('HEAD leads to no commit: there are no files to check out');
	}

	const around =
		beside === undefined
			? {downloads: 0, missing: []}
			: await writeAround({mirror, snapshot, folder: beside.temporary, progress, signal});
	return {
		refs,
		lfsObjects: lfs.restored.size,
		downloads: around.downloads,
		missing: [...lfs.problems, ...around.missing],
		notes,
	};
}

async function restoreLfs(
	{mirror, snapshot, withLfs, progress, signal}: RestoreToFolderOptions,
	gitDirectory: string,
): Promise<RestoredLfs> {
	const objects = withLfs ? await readLfsList(mirror, snapshot) : [];
	return objects === undefined
		? {restored: new Set(), problems: ['the list of LFS objects (lfs.json) cannot be read']}
		: copyLfsObjects({mirror, objects, gitDirectory, progress, signal});
}

async function writeAround(
	options: Parameters<typeof writeMetadataFiles>[0],
): Promise<{readonly downloads: number; readonly missing: readonly string[]}> {
	const leftOut = await writeMetadataFiles(options);
	const {restored, problems} = await writeDownloads(options);
	return {downloads: restored, missing: [...leftOut, ...problems]};
}

export {BackupDamaged} from './restore-failure.ts';
