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
	const place = await findPlace(workplace, of);
	return {...place, mirrors: await listMirrors(place.destination, place.plan.organization)};
}

async function findPlace(
	{store, home}: Workplace,
	of: Omit<BackupsOf, 'signal'>,
): Promise<Omit<Backups, 'mirrors'>> {
	const plan = findPlan(await store.read(), of.plan);
	return {plan, destination: resolve(of.destination ?? plan.destination ?? home.backups)};
}

/** One repository's backup, opened to look at it. */
export type OpenedBackup = Omit<Backups, 'mirrors'> & {
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
	const place = await findPlace(workplace, of);
	const listed = await findListed(place, of.repository);
	const mirror = await openMirrorReader(listed.folder, of.signal);
	const snapshots = await tellDamage(place.plan.name, listed, async () => readSnapshotIds(mirror));
	return {...place, listed, mirror, snapshots};
}

/** Of one that is called by its folder no other is looked at, however many there are. */
async function findListed(
	{plan, destination}: Omit<Backups, 'mirrors'>,
	repository: string,
): Promise<ListedMirror> {
	const [named] = await listMirrors(destination, plan.organization, name => name === repository);
	return named ?? findMirror(await listMirrors(destination, plan.organization), repository);
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
