import {UserError} from '../system/user-error.ts';
import type {BackupMemory} from './backup-memory.ts';
import {archivedSince, type Census, type KnownRepository} from './census.ts';
import {markMirror} from './mark-mirror.ts';
import {isThere} from './mirror-folder.ts';

export type ArchiveOptions = {
	readonly memory: BackupMemory;
	readonly workspace: string;
	/** Name of the plan whose run has found it out. */
	readonly plan: string;
	/** Milliseconds since the epoch. */
	readonly now: number;
};

/**
Marks every repository that is gone upstream as archived, in the memory and in the note of its mirror: the memory may be
lost, and then the notes tell. What a broken run has marked in one place only is completed.

@throws the error of a note or of the memory that cannot be written.
*/
export async function archiveVanished(
	{vanished, archived}: Pick<Census, 'vanished' | 'archived'>,
	options: ArchiveOptions,
): Promise<Archived> {
	const news: KnownRepository[] = [];
	const problems: string[] = [];
	for (const one of [...vanished, ...archived]) {
		try {
			if ((await archive(one, options)) && archivedSince(one) === undefined) {
				news.push(one);
			}
		} catch (error) {
			if (!(error instanceof UserError)) {
				throw error;
			}

			problems.push(`${one.slug}: ${error.message}`);
		}
	}

	return {news, problems};
}

export type Archived = {
	/** What nobody has marked before: it is to be told. */
	readonly news: readonly KnownRepository[];
	/** About mirrors that could not be marked, because something is planted in them. */
	readonly problems: readonly string[];
};

/** @returns false where another run was faster: it has marked it, or moved it to the workspace where it is now. */
async function archive(
	one: KnownRepository,
	{memory, workspace, plan, now}: ArchiveOptions,
): Promise<boolean> {
	const {uuid, slug, mirror} = one;
	const entry = memory.get(workspace, uuid);
	if (entry === undefined && (mirror === undefined || !(await isThere(mirror.folder)))) {
		return false;
	}

	const at = new Date(now).toISOString();
	const since = entry?.archivedSince ?? archivedSince(one) ?? at;
	if (mirror !== undefined && mirror.archivedSince === undefined && (await isThere(mirror.folder))) {
		await markMirror(mirror.folder, since);
	}

	if (entry?.archivedSince === undefined) {
		memory.put({...(entry ?? {workspace, uuid, slug, plan, lastRunAt: at}), archivedSince: since});
		return true;
	}

	return false;
}

/** Takes the marks away from what is listed again. Its history goes on with its next backup. */
export async function welcomeReturned(
	{returned}: Pick<Census, 'returned'>,
	{memory, workspace}: Pick<ArchiveOptions, 'memory' | 'workspace'>,
): Promise<void> {
	for (const {uuid, mirror} of returned) {
		const entry = memory.get(workspace, uuid);
		if (entry?.archivedSince !== undefined) {
			const {archivedSince: _, ...rest} = entry;
			memory.put(rest);
		}

		if (mirror?.archivedSince !== undefined && (await isThere(mirror.folder))) {
			try {
				await markMirror(mirror.folder, undefined);
			} catch (error) {
				// What is planted in it, its backup says.
				if (!(error instanceof UserError)) {
					throw error;
				}
			}
		}
	}
}
