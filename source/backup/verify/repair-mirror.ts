import {join} from 'node:path';
import {type AccountPool, GitRefused} from '../../accounts/pool-types.ts';
import {RequestFailed} from '../../bitbucket/failures.ts';
import {GitFailed} from '../../system/git.ts';
import {UserError} from '../../system/user-error.ts';
import type {Mirror} from '../mirror.ts';
import {isOwnFailure} from '../own-failure.ts';
import type {Upstream} from '../upstream.ts';
import {readTypes} from './check-tips.ts';
import {type FetchedAnew, fetchAnew} from './fetch-anew.ts';
import {fetchDownloadsAnew, fetchLfsAnew} from './fetch-stored-files.ts';
import {findHurt} from './find-hurt.ts';
import {letRunsGoOn} from './go-on.ts';
import {installIndex, installPack} from './install-pack.ts';
import {mendRefs} from './mend-refs.ts';
import type {MirrorCheck, MirrorDetails} from './mirror-check.ts';
import type {MovedAside} from './move-aside.ts';
import {findRefsAgain, makeRefsReadable} from './repair-refs.ts';
import {runFsck} from './run-fsck.ts';
import type {WorkFolder} from './work-folder.ts';

/** Where lost data are fetched again. */
export type RepairSource = {
	readonly pool: AccountPool;
	/** Undefined for what has no Git data upstream. */
	readonly upstream: Upstream | undefined;
	/** Below the API: `/repositories/acme/web-frontend`; undefined for what is no repository. */
	readonly path: string | undefined;
};

export type RepairOptions = {
	readonly mirror: Mirror;
	readonly check: MirrorCheck;
	readonly work: WorkFolder;
	/** Tells the folders of this repair from those of another one. */
	readonly round: string;
	readonly aside: MovedAside;
	/** Asked for only where something has to be fetched. @throws UserError where it cannot be had. */
	readonly source: () => Promise<RepairSource>;
	/** Milliseconds since the epoch. */
	readonly now: number;
};

/** What was done to repair a mirror. */
export type Repair = {
	/** In sentences without their full stops. */
	readonly done: readonly string[];
	/** Whether upstream was asked for everything that is lost; else another attempt may do better. */
	readonly isAsked: boolean;
};

/**
Repairs a mirror as far as that is possible. Nothing is thrown away: what is damaged is moved aside, after everything in it that
can be read was saved; what is lost then is fetched again, where upstream still has it.

@throws The file system's errors, GitFailed about what we write.
*/
export async function repairMirror(options: RepairOptions): Promise<Repair> {
	const {mirror, check, aside} = options;
	const {details, refs} = check;
	if (refs === undefined) {
		return {done: [], isAsked: true};
	}

	if (details === undefined) {
		await makeRefsReadable(mirror, refs, aside);
		await findRefsAgain(mirror);
		return {done: ['what can be read of the refs was put back'], isAsked: true};
	}

	const done: string[] = [];
	await saveObjects(options, details, done);
	const {history} = details;
	const needsGit = history.missing.length > 0 || history.hurt.length > 0;
	const isGitAsked =
		!needsGit || (await fromUpstream(done, async () => fetchHistory(options, details, done)));
	done.push(...(await mendRefs({mirror, aside, check: refs, details, isAsked: isGitAsked})));
	const isAsked = (await fetchBeside(options, details, done)) && isGitAsked;
	done.push(...(await letRunsGoOn(mirror, options.now)));
	const folder = aside.folder();
	const where = folder === undefined ? [] : [`what is damaged lies in ${join(mirror.folder, folder)}`];
	return {done: [...where, ...done], isAsked};
}

async function saveObjects(
	{mirror, aside}: RepairOptions,
	{objects}: MirrorDetails,
	done: string[],
): Promise<void> {
	let saved = 0;
	for (const pack of objects.salvaged) {
		if (pack.saved !== undefined) {
			await installPack(mirror.folder, pack.saved);
			saved += (pack.objects ?? 0) - (pack.lost ?? 0);
		}
	}

	for (const path of objects.damagedFiles) {
		await aside.move(path);
	}

	for (const {index, name} of objects.salvaged) {
		if (index !== undefined) {
			await installIndex(mirror.folder, index, name);
			done.push('the index of a pack was made anew');
		}
	}

	if (saved > 0) {
		done.push(`${saved} objects were saved from damaged packs`);
	}
}

/** Fetches everything into another place, and what no ref upstream leads to any more by its id; then takes over what is lacking. */
async function fetchHistory(
	{mirror, source, work, round}: RepairOptions,
	{history, snapshots, objects, refs}: MirrorDetails,
	done: string[],
): Promise<void> {
	const {upstream} = await source();
	if (upstream === undefined) {
		return;
	}

	const workFolder = join(await work.open(objects.bytes), `upstream-${round}`);
	const anew = await fetchAnew({mirror, upstream, workFolder});
	let objectCount = await anew.bringOver();
	const tips = [...new Set([...history.missing, ...refs.mirrored.values(), ...refs.kept, ...snapshots.tips])];
	objectCount += await fetchRest(mirror, anew, tips);
	if (objectCount > 0) {
		done.push(`${objectCount} objects were fetched again`);
	}
}

/** What the refs of upstream do not lead to any more, the server may have all the same. */
async function fetchRest(mirror: Mirror, anew: FetchedAnew, tips: readonly string[]): Promise<number> {
	const there = await whatIsThere(mirror, tips);
	const missing = tips.filter(id => !there.includes(id));
	const {ids: hurt} = await findHurt(mirror, there);
	if (missing.length + hurt.length === 0) {
		return 0;
	}

	const fsck = await runFsck({...mirror, onlyConnections: true});
	const commits = [...fsck.missing].filter(([, type]) => type === 'commit' || type === 'tag');
	await anew.fetchById([...new Set([...missing, ...hurt, ...commits.map(([id]) => id)])]);
	return anew.bringOver();
}

async function whatIsThere(mirror: Mirror, ids: readonly string[]): Promise<readonly string[]> {
	const types = await readTypes(mirror, ids);
	return ids.filter(id => types.get(id) !== undefined);
}

async function fetchBeside(
	{mirror, aside, source, now}: RepairOptions,
	{lfs, downloads}: MirrorDetails,
	done: string[],
): Promise<boolean> {
	for (const path of [...lfs.damagedFiles, ...downloads.damagedFiles]) {
		await aside.move(path);
	}

	if (lfs.toFetch.length + downloads.toFetch.length === 0) {
		return true;
	}

	return fromUpstream(done, async () => {
		const {upstream, path, pool} = await source();
		if (upstream !== undefined && path !== undefined) {
			const options = {mirrorFolder: mirror.folder, upstream, path, pool, now, signal: mirror.signal};
			await fetchLfsAnew(lfs.toFetch, options);
			await fetchDownloadsAnew(downloads.toFetch, options);
			done.push('LFS objects and downloads were asked for again');
		}
	});
}

/**
Does what needs upstream. Where that cannot be asked, the rest is repaired all the same, and it is said.

@returns whether it could be asked.
*/
async function fromUpstream(done: string[], work: () => Promise<void>): Promise<boolean> {
	try {
		await work();
		return true;
	} catch (error) {
		const isUpstreams =
			error instanceof RequestFailed ||
			error instanceof GitRefused ||
			error instanceof UserError ||
			(error instanceof GitFailed && !isOwnFailure(error));
		if (!isUpstreams) {
			throw error;
		}

		done.push(`nothing could be fetched again: ${error.message.replace(/\.$/, '')}`);
		return error instanceof RequestFailed && ['not-found', 'gone'].includes(error.reason);
	}
}
