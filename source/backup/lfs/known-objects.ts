import * as z from 'zod';
import {type LastSnapshot, readFiles, readSnapshot, readSnapshotJson} from '../last-snapshot.ts';
import type {MirrorReader} from '../mirror.ts';
import {type SnapshotRecord, SnapshotRecordSchema} from '../snapshot-record.ts';
import {recordPath} from '../snapshot-tree.ts';
import type {LfsObject} from './pointer.ts';

/**
The file of a snapshot that lists every LFS object that its history, and what was kept of earlier ones, points to; sorted by id. Of one
that nobody could fetch it has each size that a pointer says.
*/
export const lfsListPath = 'lfs.json';

const LfsListSchema = z.array(
	z.looseObject({oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int().nonnegative()}),
);

/** Says in a snapshot's record that its list of LFS objects is that of an older history. */
export const unsearchedPath = 'lfs';

/** What the snapshots of a mirror say of its LFS objects. */
export type KnownObjects = {
	readonly objects: readonly LfsObject[];
	/** Tips of the history that was searched for them. */
	readonly tips: Iterable<string>;
	/** Whether some of them could not be fetched. */
	readonly isLacking: boolean;
	/** Whether that history is the last snapshot's own. */
	readonly isOfLast: boolean;
};

/**
Reads the list of the newest snapshot whose own history was searched for it. One that was made by a plan without LFS has only
taken over an older list.

@param snapshots Commits of the snapshots by id, oldest first.
@returns undefined where there is none, or none that can be read.
*/
export async function readKnownObjects(
	mirror: MirrorReader,
	last: LastSnapshot | undefined,
	snapshots: ReadonlyMap<string, string>,
): Promise<KnownObjects | undefined> {
	const isOfLast = wasSearched(last?.record);
	const snapshot = isOfLast ? last : await findSearched(mirror, snapshots);
	const objects = LfsListSchema.safeParse(await readSnapshotJson(mirror, snapshot, lfsListPath)).data;
	if (objects === undefined || snapshot?.refs === undefined) {
		return undefined;
	}

	return {
		objects: objects.map(({oid, size}) => ({oid, size})),
		tips: snapshot.refs.refs.values(),
		isLacking: snapshot.record?.incomplete.some(({path}) => path === lfsListPath) ?? true,
		isOfLast,
	};
}

/** Whether a snapshot's history was searched. One whose record cannot be read says nothing. */
function wasSearched(record: SnapshotRecord | undefined): boolean {
	const {data = [], incomplete = []} = record ?? {};
	return (
		data.includes('git') && data.includes('lfs') && !incomplete.some(({path}) => path === unsearchedPath)
	);
}

async function findSearched(
	mirror: MirrorReader,
	snapshots: ReadonlyMap<string, string>,
): Promise<LastSnapshot | undefined> {
	const newestFirst = [...snapshots].reverse();
	const records = await readFiles(
		mirror,
		newestFirst.map(([, commit]) => `${commit}:${recordPath}`),
	);
	const index = records.findIndex(file => wasSearched(parseRecord(file)));
	const [id, commit] = newestFirst[index] ?? [];
	return id === undefined || commit === undefined ? undefined : readSnapshot(mirror, id, commit);
}

function parseRecord(file: Buffer | undefined): SnapshotRecord | undefined {
	try {
		return SnapshotRecordSchema.safeParse(JSON.parse(file?.toString('utf8') ?? '')).data;
	} catch {
		return undefined;
	}
}
