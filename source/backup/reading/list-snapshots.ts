import {readFiles} from '../last-snapshot.ts';
import type {ListedMirror} from '../list-mirrors.ts';
import type {MirrorReader} from '../mirror.ts';
import {readMirrorNote} from '../mirror-note.ts';
import {snapshotTime} from '../snapshot-id.ts';
import {parseSnapshotRecord, type SnapshotRecord} from '../snapshot-record.ts';
import {recordPath} from '../snapshot-tree.ts';
import {readSnapshotIds} from './snapshot-ids.ts';

/** One snapshot of one mirror, as lists show it. */
export type SnapshotSummary = {
	/** What people call the repository: its slug. */
	readonly repository: string;
	/** Name of the mirror's folder; tells repositories of the same slug apart. */
	readonly folder: string;
	readonly kind: ListedMirror['kind'];
	/** The snapshot's id. */
	readonly snapshot: string;
	/** ISO-8601 time. */
	readonly at: string;
	/** How many refs there are; null where the snapshot does not say. */
	readonly refs: number | null;
	readonly pullRequests: number | null;
	/** Sentences. */
	readonly problems: readonly string[];
	/** ISO-8601 time at which it was last found whole; null where it is newer than that, or never was looked at. */
	readonly verifiedAt: string | null;
};

/**
The snapshots of a mirror, oldest first; takes two processes, however many there are.

@throws GitFailed
*/
export async function listSnapshots(
	mirror: MirrorReader,
	listed: ListedMirror,
): Promise<readonly SnapshotSummary[]> {
	return (await listRecordedSnapshots(mirror, listed)).map(({summary}) => summary);
}

/** A snapshot with what it says of itself; undefined where that cannot be read. */
export type RecordedSnapshot = {
	readonly summary: SnapshotSummary;
	readonly record: SnapshotRecord | undefined;
};

/** The same with their records. @throws GitFailed */
export async function listRecordedSnapshots(
	mirror: MirrorReader,
	listed: ListedMirror,
): Promise<readonly RecordedSnapshot[]> {
	const snapshots = [...(await readSnapshotIds(mirror))];
	if (snapshots.length === 0) {
		return [];
	}

	const verifiedAt = (await readMirrorNote(listed.folder))?.verifiedAt;
	const files = await readFiles(
		mirror,
		snapshots.map(([, commit]) => `${commit}:${recordPath}`),
	);
	return snapshots.map(([id], index) => {
		const file = files[index];
		const record = file === undefined ? undefined : parseSnapshotRecord(file);
		const at = snapshotTime(id);
		const summary = {
			repository: listed.name,
			folder: listed.folderName,
			kind: listed.kind,
			snapshot: id,
			at: new Date(at).toISOString(),
			refs: record?.counts.refs ?? null,
			pullRequests: record?.counts.pullRequests ?? null,
			problems: record?.problems ?? [`its file ${recordPath} cannot be read`],
			verifiedAt: verifiedAt !== undefined && Date.parse(verifiedAt) >= at ? verifiedAt : null,
		};
		return {summary, record};
	});
}
