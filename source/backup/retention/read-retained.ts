import type {MirrorReader} from '../mirror.ts';
import {snapshotTime} from '../snapshot-id.ts';
import {parseSnapshotRecord, type SnapshotRecord, snapshotVersion} from '../snapshot-record.ts';
import {recordPath} from '../snapshot-tree.ts';
import type {RetainedSnapshot} from './decide-retention.ts';
import {readEachFile} from './read-each-file.ts';
import type {RetentionRefs, SnapshotRef} from './retention-refs.ts';

/**
All snapshots of a mirror as retention decides on them, oldest first; what stands among them and is none comes before.

@param isKnownPlan Whether this home knows a plan of that name. Snapshots of others are somebody else's to remove.
*/
export async function readRetained(
	mirror: MirrorReader,
	{snapshots}: RetentionRefs,
	isKnownPlan: (plan: string) => boolean,
): Promise<readonly RetainedSnapshot[]> {
	const records = new Map<string, SnapshotRecord | undefined>();
	const names = [...snapshots.values()].map(({commit}) => nameOfRecord(commit));
	await readEachFile(mirror, names, (file, ofFile) => {
		for (const name of ofFile) {
			records.set(name, parseSnapshotRecord(file));
		}
	});
	return [...snapshots]
		.map(([id, ref]): RetainedSnapshot => {
			const record = records.get(nameOfRecord(ref.commit));
			const untouchable = whyUntouchable(ref, record, isKnownPlan);
			return {
				id,
				at: ref.isSound ? snapshotTime(id) : Number.NEGATIVE_INFINITY,
				isGood: ref.isSound && record?.incomplete.length === 0,
				...(untouchable === undefined ? {} : {untouchable}),
			};
		})
		.sort((left, right) => left.at - right.at || (left.id < right.id ? -1 : 1));
}

function nameOfRecord(commit: string): string {
	return `${commit}:${recordPath}`;
}

function whyUntouchable(
	{isSound}: SnapshotRef,
	record: SnapshotRecord | undefined,
	isKnownPlan: (plan: string) => boolean,
): string | undefined {
	if (!isSound) {
		return 'it is no snapshot';
	}

	if (record === undefined) {
		return 'it does not say what it is';
	}

	if (record.version > snapshotVersion) {
		return 'it was made by a newer version of this program';
	}

	const plan = planOf(record.run);
	return isKnownPlan(plan) ? undefined : `it was made by the plan "${plan}", which is not known here`;
}

/** The plan in a run's id: `20261122T131500.123Z-nightly`. */
function planOf(run: string): string {
	return run.slice(run.indexOf('-') + 1);
}
