import {join} from 'node:path';
import * as z from 'zod';
import {countOf} from '../../runs/amounts.ts';
import {forEachAtOnce} from '../at-once.ts';
import {readSnapshotJson, type Snapshot} from '../last-snapshot.ts';
import type {LfsObject} from '../lfs/pointer.ts';
import type {MirrorReader} from '../mirror.ts';
import {copyChecked, storedPath} from './copy-checked.ts';
import type {RestoreProgress} from './restore-progress.ts';

const LfsListSchema = z.array(
	z.looseObject({oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().nonnegative()}),
);

/** Objects that are copied at the same time. */
const atOnce = 4;

/**
The LFS objects that a snapshot's history points to.

@returns undefined where its list is there and cannot be read.
*/
export async function readLfsList(
	mirror: MirrorReader,
	snapshot: Snapshot,
): Promise<readonly LfsObject[] | undefined> {
	if (!snapshot.entries.has('lfs.json')) {
		return [];
	}

	const parsed = LfsListSchema.safeParse(await readSnapshotJson(mirror, snapshot, 'lfs.json'));
	return parsed.success ? parsed.data.map(({oid, size}) => ({oid, size})) : undefined;
}

/** Where a repository keeps its LFS objects, a mirror too: git-lfs's own layout. */
export function lfsFolder(gitDirectory: string): string {
	return join(gitDirectory, 'lfs', 'objects');
}

export type RestoredLfs = {
	/** Ids of what was copied. */
	readonly restored: ReadonlySet<string>;
	/** What is missing, in sentences. */
	readonly problems: readonly string[];
};

/**
Copies LFS objects to a repository, each checked against its id.

@throws the file system's error about what is written.
*/
export async function copyLfsObjects(options: {
	readonly mirror: MirrorReader;
	readonly objects: readonly LfsObject[];
	readonly gitDirectory: string;
	readonly progress: RestoreProgress;
	readonly signal: AbortSignal;
}): Promise<RestoredLfs> {
	const {mirror, objects, gitDirectory, progress, signal} = options;
	const restored = new Set<string>();
	const missing: string[] = [];
	const damaged: string[] = [];
	await forEachAtOnce(objects, atOnce, async ({oid, size}) => {
		signal.throwIfAborted();
		const path = storedPath(oid);
		const copied = await copyChecked(
			join(lfsFolder(mirror.folder), path),
			join(lfsFolder(gitDirectory), path),
			{hash: oid, size},
		);
		if (copied === 'copied') {
			restored.add(oid);
		} else {
			(copied === 'missing' ? missing : damaged).push(oid);
		}

		progress('lfs', restored.size, objects.length, 'objects');
	});
	return {restored, problems: lfsProblems(missing, damaged)};
}

/** What of the LFS objects is not there or not right, in sentences. */
export function lfsProblems(missing: readonly string[], damaged: readonly string[]): readonly string[] {
	const text = (ids: readonly string[], what: string): readonly string[] =>
		ids.length === 0
			? []
			: [`${countOf(ids.length, 'LFS object')} ${what}, the first is ${ids.toSorted()[0]}`];
	return [...text(missing, 'missing in the backup'), ...text(damaged, 'damaged in the backup')];
}
