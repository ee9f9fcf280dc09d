import type {ListedMirror} from '../backup/list-mirrors.ts';
import {openMirrorReader} from '../backup/mirror.ts';
import {type ChangeDetails, describeChanges} from '../backup/reading/describe-changes.ts';
import {listSnapshots as listOfMirror, type SnapshotSummary} from '../backup/reading/list-snapshots.ts';
import {readChanges} from '../backup/reading/read-changes.ts';
import type {SnapshotChanges} from '../backup/reading/snapshot-changes.ts';
import {GitFailed} from '../system/git.ts';
import {UserError} from '../system/user-error.ts';
import {
	type BackupsOf,
	damage,
	findBackups,
	findSnapshot,
	type OpenedBackup,
	openBackup,
	tellDamage,
} from './open-backups.ts';
import type {Workplace} from './workplace.ts';

export type {SnapshotSummary} from '../backup/reading/list-snapshots.ts';

export type ListedSnapshots = {
	/** By repository, newest first. */
	readonly snapshots: readonly SnapshotSummary[];
	/** Backups without any snapshot. */
	readonly empty: readonly string[];
	/** Backups that could not be read, each with why: sentences. */
	readonly problems: readonly string[];
};

/** Backups that are looked into at the same time. */
const atOnce = 4;

/**
Every snapshot of every repository in a plan's destination.

@throws UserError (wrong usage) where there is no such plan.
*/
export async function listSnapshots(workplace: Workplace, of: BackupsOf): Promise<ListedSnapshots> {
	const {plan, mirrors} = await findBackups(workplace, of);
	const lists: Array<readonly SnapshotSummary[] | Error> = [];
	for (let start = 0; start < mirrors.length; start += atOnce) {
		const some = mirrors.slice(start, start + atOnce);
		lists.push(...(await Promise.all(some.map(async listed => listOrProblem(plan.name, listed, of.signal)))));
	}

	return {
		snapshots: lists.flatMap(list => (list instanceof Error ? [] : list.toReversed())),
		empty: mirrors.flatMap(({name}, index) => {
			const list = lists[index];
			return list !== undefined && !(list instanceof Error) && list.length === 0 ? [name] : [];
		}),
		problems: lists.flatMap(list => (list instanceof Error ? [list.message] : [])),
	};
}

/** One backup that cannot be read hides no other. */
async function listOrProblem(
	plan: string,
	listed: ListedMirror,
	signal: AbortSignal,
): Promise<readonly SnapshotSummary[] | Error> {
	try {
		return await listOfMirror(await openMirrorReader(listed.folder, signal), listed);
	} catch (error) {
		signal.throwIfAborted();
		if (error instanceof GitFailed) {
			return damage(plan, listed.name, error);
		}

		return error instanceof Error ? error : new Error(String(error));
	}
}

/** A snapshot, and what changed since the one before it; null for the first one. */
export type SnapshotWithChanges = SnapshotSummary & {readonly changes: SnapshotChanges | null};

/**
The snapshots of one repository, newest first, each with what changed since the one before.

@throws UserError
*/
export async function listRepositorySnapshots(
	workplace: Workplace,
	of: BackupsOf & {readonly repository: string},
): Promise<readonly SnapshotWithChanges[]> {
	const backup = await openBackup(workplace, of);
	const {plan, listed, mirror, snapshots} = backup;
	return tellDamage(plan.name, listed, async () => {
		const summaries = await listOfMirror(mirror, listed);
		const commits = summaries.map(({snapshot}) => snapshots.get(snapshot) ?? '');
		const pairs = commits.slice(1).map((after, index) => ({before: commits[index] ?? '', after}));
		const changes = await readChanges(mirror, pairs);
		return summaries
			.map((summary, index) => ({...summary, changes: changes[index - 1] ?? null}))
			.toReversed();
	});
}

export type ComparedSnapshots = {
	readonly repository: string;
	readonly before: string;
	readonly after: string;
	readonly changes: SnapshotChanges;
	readonly details: ChangeDetails;
};

/**
What changed between two snapshots of a repository.

@param of.range `A..B`, `A..` (to the newest), or `B` (since the one before).
@throws UserError
*/
export async function compareSnapshots(
	workplace: Workplace,
	of: BackupsOf & {readonly repository: string; readonly range: string},
): Promise<ComparedSnapshots> {
	const backup = await openBackup(workplace, of);
	const {plan, listed, mirror} = backup;
	const [before, after] = findRange(backup, of.range);
	const pair = {before: before.commit, after: after.commit};
	return tellDamage(plan.name, listed, async () => {
		const [changes] = await readChanges(mirror, [pair]);
		if (changes === undefined) {
			throw new Error('Git compared nothing.');
		}

		const details = await describeChanges(mirror, pair);
		return {repository: listed.name, before: before.id, after: after.id, changes, details};
	});
}

type FoundSnapshot = ReturnType<typeof findSnapshot>;

function findRange(backup: OpenedBackup, range: string): readonly [FoundSnapshot, FoundSnapshot] {
	const [first, second] = splitRange(range);
	const after = findSnapshot(backup, second);
	if (first !== undefined) {
		return [findSnapshot(backup, first), after];
	}

	const ids = [...backup.snapshots.keys()];
	const before = ids[ids.indexOf(after.id) - 1];
	if (before === undefined) {
		throw new UserError(
			`${after.id} is the oldest snapshot of ${backup.listed.name}: there is none before it to compare it with.`,
			{exitCode: 2},
		);
	}

	return [findSnapshot(backup, before), after];
}

/** @returns the earlier one, undefined where it is the one before; and the later one. */
export function splitRange(range: string): readonly [string | undefined, string] {
	const [, first, second] = /^(.*?)\.\.(.*)$/s.exec(range) ?? [];
	return first === undefined || second === undefined
		? [undefined, range]
		: [first === '' ? undefined : first, second === '' ? 'latest' : second];
}
