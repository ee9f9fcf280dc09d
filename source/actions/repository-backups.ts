import {realpath} from 'node:fs/promises';
import {uuidPrefix, uuidPrefixIn} from '../backup/folder-name.ts';
import {type ListedMirror, listMirrors} from '../backup/list-mirrors.ts';
import {openMirrorReader} from '../backup/mirror.ts';
import {MirrorBusy} from '../backup/mirror-busy.ts';
import {isDamaged, readMirrorNote} from '../backup/mirror-note.ts';
import {readSnapshotIds} from '../backup/reading/snapshot-ids.ts';
import type {Plan} from '../model/plan.ts';
import type {CatalogEntry} from '../store/catalog.ts';
import {UserError} from '../system/user-error.ts';
import {coversSubject, destinationOf} from './retention-policies.ts';
import type {Workplace} from './workplace.ts';

/** How a backup stands, as its mirror remembers it. */
export type BackupState = {
	/** ISO-8601 time at which it was last found whole; undefined where it never was. */
	readonly verifiedAt: string | undefined;
	/** Whether it was found damaged beyond repair, and not whole since. */
	readonly isDamaged: boolean;
	/** ISO-8601 time since when Bitbucket does not list the repository any more. */
	readonly archivedSince: string | undefined;
	/** Since when nothing of it is removed, and why. */
	readonly frozen: {readonly since: string; readonly reason: string} | undefined;
};

/** The backup of a repository in one destination. */
export type RepositoryBackup = BackupState & {
	/** A plan through whose destination it is reached. */
	readonly plan: string;
	/** Folder that holds the mirrors. */
	readonly destination: string;
	/** Name of the mirror's folder. */
	readonly folder: string;
	/** How many snapshots there are; undefined where git cannot tell. */
	readonly snapshots: number | undefined;
	/** Why it cannot be read, in a sentence. */
	readonly problem: string | undefined;
	/** A run makes it just now: it cannot be looked into yet, and nothing is wrong with it. */
	readonly isBusy?: true;
};

/**
Every backup of a repository, one for each destination that a plan of its organization names: the one of the plan that backed it
up last comes first, and of one destination what Bitbucket still lists before what is archived.

@param of.repository Its slug.
@throws UserError where none is found, and a destination cannot be read.
*/
export async function findRepositoryBackups(
	workplace: Workplace,
	of: {readonly workspace: string; readonly repository: string; readonly signal: AbortSignal},
): Promise<readonly RepositoryBackup[]> {
	const {plans} = await workplace.store.read();
	const entries = workplace.catalog.list(of.workspace).filter(({slug}) => slug === of.repository);
	const own = plans.filter(({organization}) => organization === of.workspace);
	return inEachDestination(
		workplace,
		inOrder(own, of.repository, entries),
		of.signal,
		async (plan, place) => {
			const backups: RepositoryBackup[] = [];
			for (const listed of await mirrorsOf(place, of, entries)) {
				backups.push(await describeBackup(plan, place, listed, of.signal));
			}

			return backups;
		},
	);
}

/**
Looks into each destination once, with the first plan that names it.

@throws UserError where nothing is found, and a destination cannot be read.
*/
export async function inEachDestination<Found>(
	{home}: Workplace,
	plans: readonly Plan[],
	signal: AbortSignal,
	look: (plan: Plan, destination: string) => Promise<readonly Found[]>,
): Promise<readonly Found[]> {
	const seen = new Set<string>();
	const found: Found[] = [];
	let failure: string | undefined;
	for (const plan of plans) {
		const destination = destinationOf(home, plan);
		const place = await realpath(destination).catch(() => destination);
		if (seen.has(place)) {
			continue;
		}

		seen.add(place);
		try {
			found.push(...(await look(plan, destination)));
		} catch (error) {
			signal.throwIfAborted();
			failure ??= `${destination} cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
		}
	}

	if (found.length === 0 && failure !== undefined) {
		throw new UserError(failure);
	}

	return found;
}

/** The plan that backed it up last, then those that cover it, then the others. */
function inOrder(
	plans: readonly Plan[],
	repository: string,
	entries: readonly CatalogEntry[],
): readonly Plan[] {
	const rank = (plan: Plan): number =>
		entries.some(entry => entry.plan === plan.name)
			? 0
			: coversSubject(plan, {kind: 'repository', name: repository})
				? 1
				: 2;
	return [...plans].sort((left, right) => rank(left) - rank(right));
}

/** By its uuid where that is known: then only the folders that bear it are looked into. */
async function mirrorsOf(
	destination: string,
	{workspace, repository}: {readonly workspace: string; readonly repository: string},
	entries: readonly CatalogEntry[],
): Promise<readonly ListedMirror[]> {
	const uuids = new Set(entries.map(({uuid}) => uuid));
	const prefixes = new Set(entries.map(({uuid}) => uuidPrefix(uuid)));
	const known = (
		await listMirrors(destination, workspace, name => {
			const prefix = uuidPrefixIn(name);
			return prefix !== undefined && prefixes.has(prefix);
		})
	).filter(({uuid}) => uuid === undefined || uuids.has(uuid));
	const found =
		known.length > 0
			? known
			: (await listMirrors(destination, workspace)).filter(
					({kind, name}) => kind === 'repository' && name === repository,
				);
	return [...found].sort(
		(left, right) => Number(left.archivedSince !== undefined) - Number(right.archivedSince !== undefined),
	);
}

/** Counts its snapshots, and says how it stands. */
export async function describeBackup(
	plan: Plan,
	destination: string,
	{folder, folderName}: ListedMirror,
	signal: AbortSignal,
): Promise<RepositoryBackup> {
	const found = {plan: plan.name, destination, folder: folderName, ...(await readBackupState(folder))};
	try {
		const snapshots = await readSnapshotIds(await openMirrorReader(folder, signal));
		return {...found, snapshots: snapshots.size, problem: undefined};
	} catch (error) {
		signal.throwIfAborted();
		const problem = error instanceof Error ? error.message : String(error);
		return {
			...found,
			snapshots: undefined,
			problem,
			...(error instanceof MirrorBusy ? {isBusy: true as const} : {}),
		};
	}
}

/** @param folder Path of the mirror. */
export async function readBackupState(folder: string): Promise<BackupState> {
	const note = await readMirrorNote(folder);
	return {
		verifiedAt: note?.verifiedAt,
		isDamaged: note !== undefined && isDamaged(note),
		archivedSince: note?.archivedSince,
		frozen: note?.frozen === undefined ? undefined : {since: note.frozen.since, reason: note.frozen.reason},
	};
}
