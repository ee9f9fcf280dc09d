import type {DataKind} from '../model/data-kind.ts';
import type {Drafting} from './drafting.ts';
import type {LastSnapshot} from './last-snapshot.ts';
import type {Mirror} from './mirror.ts';
import type {Incomplete, Problems} from './problems.ts';
import {keepSameContent} from './same-content.ts';
import {nextSnapshotId, snapshotTime} from './snapshot-id.ts';
import {type SnapshotRecord, snapshotVersion} from './snapshot-record.ts';
import {isSameTree, recordPath, type SnapshotTree} from './snapshot-tree.ts';
import {stableJson} from './stable-json.ts';
import {writeSnapshot} from './write-snapshot.ts';

export type FinishSnapshotOptions = {
	readonly mirror: Mirror;
	/** What it is a snapshot of, for the commit's message: `acme/web-frontend`. */
	readonly name: string;
	readonly tree: SnapshotTree;
	readonly last: LastSnapshot | undefined;
	readonly counts: SnapshotRecord['counts'];
	readonly pullRequestsUpdatedOn?: SnapshotRecord['pullRequestsUpdatedOn'];
	readonly data: readonly DataKind[];
	readonly run: string;
	/** Milliseconds since the epoch. */
	readonly now: number;
	readonly problems: Problems;
	/** What was saved of it on the way, where that is done. */
	readonly drafting?: Drafting;
};

export type FinishedSnapshot = {readonly snapshot: string; readonly isNew: boolean};

/**
Makes a snapshot of a tree, unless the last one holds just that already, and lacks just as much. The draft goes once the
snapshot is on disk.

@returns the id of the snapshot that holds it.
*/
export async function finishSnapshot(options: FinishSnapshotOptions): Promise<FinishedSnapshot> {
	await options.drafting?.end();
	const finished = await findOrMake(options);
	await options.drafting?.discard();
	return finished;
}

async function findOrMake(options: FinishSnapshotOptions): Promise<FinishedSnapshot> {
	const {mirror, name, tree, last, counts, pullRequestsUpdatedOn, data, run, now, problems} = options;
	const incomplete = problems.incomplete();
	await keepSameContent(mirror, tree, last);
	if (
		last?.record !== undefined &&
		last.record.pullRequestsUpdatedOn === pullRequestsUpdatedOn &&
		isSameTree(tree.parts(), last.entries) &&
		lackTheSame(incomplete, last.record.incomplete)
	) {
		return {snapshot: last.id, isNew: false};
	}

	const snapshot = nextSnapshotId(now, last?.id);
	const record: SnapshotRecord = {
		version: snapshotVersion,
		run,
		at: new Date(snapshotTime(snapshot)).toISOString(),
		data: [...data],
		counts,
		...(pullRequestsUpdatedOn === undefined ? {} : {pullRequestsUpdatedOn}),
		incomplete: [...incomplete],
		problems: [...problems.texts()],
	};
	tree.write(recordPath, stableJson(record));
	await writeSnapshot(mirror, snapshot, `Snapshot of ${name} at ${record.at}`, tree.parts());
	return {snapshot, isNew: true};
}

function lackTheSame(left: readonly Incomplete[], right: readonly Incomplete[]): boolean {
	return left.length === right.length && left.every(({path}, index) => path === right[index]?.path);
}
