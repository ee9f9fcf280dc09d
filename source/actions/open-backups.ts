import {resolve} from 'node:path';
import {findMirror, type ListedMirror, listMirrors} from '../backup/list-mirrors.ts';
import {type MirrorReader, openMirrorReader} from '../backup/mirror.ts';
import {chooseSnapshot} from '../backup/reading/choose-snapshot.ts';
import {readSnapshotIds} from '../backup/reading/snapshot-ids.ts';
import type {Plan} from '../model/plan.ts';
import {GitFailed} from '../system/git.ts';
import {UserError} from '../system/user-error.ts';
import {findPlan} from './find.ts';
import type {Workplace} from './workplace.ts';

/*
What lies in a plan's destination, found by looking there: neither the catalog nor Bitbucket is asked. So a destination that
was copied to another machine, and repositories that are gone upstream, are read like any other.
*/

/** Whose backups are meant. */
export type BackupsOf = {
	readonly plan: string;
	/** The folder that holds the mirrors, where it is not the plan's own. */
	readonly destination?: string | undefined;
	readonly signal: AbortSignal;
};

export type Backups = {
	readonly plan: Plan;
	readonly destination: string;
	readonly mirrors: readonly ListedMirror[];
};

/** @throws UserError (wrong usage) where there is no such plan. */
export async function findBackups(workplace: Workplace, of: Omit<BackupsOf, 'signal'>): Promise<Backups> {
	const plan = findPlan(await workplace.store.read(), of.plan);
	const destination = resolve(of.destination ?? plan.destination ?? workplace.home.backups);
	return {plan, destination, mirrors: await listMirrors(destination, plan.organization)};
}

/** One repository's backup, opened to look at it. */
export type OpenedBackup = Backups & {
	readonly listed: ListedMirror;
	readonly mirror: MirrorReader;
	/** Commits of its snapshots by their ids, oldest first. */
	readonly snapshots: ReadonlyMap<string, string>;
};

/**
@param repository Slug, uuid or name of the folder.
@throws UserError where there is no such backup, or what lies there cannot be trusted.
*/
export async function openBackup(
	workplace: Workplace,
	of: BackupsOf & {readonly repository: string},
): Promise<OpenedBackup> {
	const backups = await findBackups(workplace, of);
	const listed = findMirror(backups.mirrors, of.repository);
	const mirror = await openMirrorReader(listed.folder, of.signal);
	const snapshots = await tellDamage(backups.plan.name, listed, async () => readSnapshotIds(mirror));
	return {...backups, listed, mirror, snapshots};
}

/** The snapshot that a person means, as it was typed. @throws UserError (wrong usage) */
export function findSnapshot(
	{snapshots, listed}: OpenedBackup,
	wanted: string,
): {readonly id: string; readonly commit: string} {
	const id = chooseSnapshot([...snapshots.keys()], wanted, listed.name);
	return {id, commit: snapshots.get(id) ?? ''};
}

/** Makes a sentence of a git that cannot read a mirror. */
export async function tellDamage<Result>(
	plan: string,
	{name}: ListedMirror,
	work: () => Promise<Result>,
): Promise<Result> {
	try {
		return await work();
	} catch (error) {
		throw error instanceof GitFailed ? damage(plan, name, error) : error;
	}
}

export function damage(plan: string, repository: string, error: Error): UserError {
	return new UserError(
		`The backup of ${repository} is damaged (${error.message}). See what is wrong with it with: bucket-brigade verify ${plan} ${repository}`,
		{cause: error},
	);
}
