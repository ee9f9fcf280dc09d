import {listRecordedSnapshots, type RecordedSnapshot} from '../backup/reading/list-snapshots.ts';
import {readChanges} from '../backup/reading/read-changes.ts';
import {UserError} from '../system/user-error.ts';
import {changesText} from './changes-text.ts';
import {type BackupsOf, type OpenedBackup, openBackup, tellDamage} from './open-backups.ts';
import {type BackupState, readBackupState} from './repository-backups.ts';
import {planOfRun} from './run-id.ts';
import type {Workplace} from './workplace.ts';

/** A snapshot of one repository, as a list shows it. Texts are as they were saved. */
export type ListedSnapshot = {
	readonly id: string;
	/** ISO-8601 time. */
	readonly at: string;
	/** Id of the one before; undefined for the first one. */
	readonly before: string | undefined;
	/** What made it: undefined, as are the counts, where the snapshot does not say. */
	readonly plan: string | undefined;
	readonly data: readonly string[];
	readonly refs: number | undefined;
	readonly pullRequests: number | undefined;
	readonly lfsObjects: number | undefined;
	readonly downloads: number | undefined;
	/** How many of its files are missing or from before. */
	readonly lacks: number;
	/** What a person should know, in sentences. */
	readonly problems: readonly string[];
	/** ISO-8601 time at which it was last found whole. */
	readonly verifiedAt: string | undefined;
};

/** All snapshots of a repository in one destination, and how that backup stands. */
export type RepositorySnapshots = BackupState & {
	readonly repository: string;
	readonly destination: string;
	/** The newest first. */
	readonly snapshots: readonly ListedSnapshot[];
};

/**
The snapshots of one repository, without what changed: that takes git longer, and is read of those that are looked at.

@throws UserError
*/
export async function listSnapshotsOf(
	workplace: Workplace,
	of: BackupsOf & {readonly repository: string},
): Promise<RepositorySnapshots> {
	const {plan, destination, listed, mirror} = await openBackup(workplace, of);
	const recorded = await tellDamage(plan.name, listed, async () => listRecordedSnapshots(mirror, listed));
	return {
		...(await readBackupState(listed.folder)),
		repository: listed.name,
		destination,
		snapshots: recorded
			.map((one, index) => listedSnapshot(one, recorded[index - 1]?.summary.snapshot))
			.toReversed(),
	};
}

/** @param before Id of the snapshot before it. */
export function listedSnapshot(
	{summary, record}: RecordedSnapshot,
	before: string | undefined,
): ListedSnapshot {
	return {
		id: summary.snapshot,
		at: summary.at,
		before,
		plan: record === undefined ? undefined : planOfRun(record.run),
		data: record?.data ?? [],
		refs: record?.counts.refs,
		pullRequests: record?.counts.pullRequests,
		lfsObjects: record?.counts.lfsObjects,
		downloads: record?.counts.downloads,
		lacks: record?.incomplete.length ?? 0,
		problems: summary.problems,
		verifiedAt: summary.verifiedAt ?? undefined,
	};
}

/** Two snapshots by their ids. */
export type ComparedPair = {readonly before: string; readonly after: string};

/**
What changed between snapshots of a repository, a line each.

@param of.pairs Each snapshot once as the later one.
@returns by the id of the later one; of one that is gone meanwhile nothing.
@throws UserError
*/
export async function readChangesTexts(
	workplace: Workplace,
	of: BackupsOf & {readonly repository: string; readonly pairs: readonly ComparedPair[]},
): Promise<ReadonlyMap<string, string>> {
	const backup = await openBackup(workplace, of);
	const {plan, listed, mirror, snapshots} = backup;
	const there = of.pairs.flatMap(({before, after}) => {
		const [old, now] = [snapshots.get(before), snapshots.get(after)];
		return old === undefined || now === undefined ? [] : [{id: after, before: old, after: now}];
	});
	if (there.length === 0) {
		return new Map();
	}

	const changes = await tellDamage(plan.name, listed, async () => readChanges(mirror, there));
	return new Map(
		there.flatMap(({id}, index) => {
			const one = changes[index];
			return one === undefined ? [] : [[id, changesText(one)] as const];
		}),
	);
}

/** The snapshot of exactly this id. @throws UserError where it is gone. */
export function snapshotOf({listed, snapshots}: OpenedBackup, id: string): string {
	const commit = snapshots.get(id);
	if (commit === undefined) {
		throw new UserError(`The snapshot ${id} of ${listed.name} is not there any more.`);
	}

	return commit;
}
