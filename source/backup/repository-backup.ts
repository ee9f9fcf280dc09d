import {join} from 'node:path';
import type {Repository} from '../bitbucket/resources.ts';
import type {RepositoryStatus} from '../runs/events.ts';
import type {BackupPlace} from './backup-place.ts';
import {finishSnapshot} from './finish-snapshot.ts';
import {folderSize} from './folder-size.ts';
import type {GitStep} from './git-step.ts';
import {writeMirrorNote} from './mirror-note.ts';
import {learnCosts} from './repository-costs.ts';
import {openRepositorySession, type RepositorySession} from './repository-session.ts';
import {
	backUpDownloads,
	backUpGit,
	backUpLfs,
	backUpPipelines,
	backUpPullRequests,
	backUpSettings,
	describeRepository,
} from './repository-steps.ts';
import type {SnapshotRecord} from './snapshot-record.ts';

export type RepositoryOutcome = {
	readonly status: RepositoryStatus;
	/** Id of its newest snapshot; null where there is none. */
	readonly snapshot: string | null;
	/** Bytes that came to its backup. */
	readonly bytes: number;
	/** Sentences for people. */
	readonly problems: readonly string[];
};

/**
Backs up one repository: its Git data into the mirror, everything around it into one snapshot.

A kind of data that cannot be read costs nothing but itself: the outcome is `partial` and says so.

@throws when its Git data could not be read, or when we could not write.
*/
export async function backUpRepository(
	place: BackupPlace,
	repository: Repository,
): Promise<RepositoryOutcome> {
	const session = await openRepositorySession(place, repository);
	try {
		const git = await backUpGit(session);
		describeRepository(session);
		const lfsObjects = await backUpLfs(session, git);
		const pullRequests = await backUpPullRequests(session);
		await backUpSettings(session);
		const downloads = await backUpDownloads(session, git);
		await backUpPipelines(session);
		return await seal(session, git, {
			counts: {
				refs: git.refs.refs.size,
				pullRequests: pullRequests.count,
				lfsObjects,
				downloads,
			},
			pullRequestsUpdatedOn: pullRequests.updatedOn,
		});
	} finally {
		await session.drafting.close();
		session.mirror.close();
	}
}

/** Makes the snapshot durable, and only then says that the repository is backed up. */
async function seal(
	session: RepositorySession,
	git: GitStep,
	said: Pick<SnapshotRecord, 'counts' | 'pullRequestsUpdatedOn'>,
): Promise<RepositoryOutcome> {
	const {place, slug, mirror, problems, progress} = session;
	const {plan, organization, run, clock} = place;
	place.signal.throwIfAborted();
	progress('snapshot', 0, 1);
	const {snapshot, isNew} = await finishSnapshot({
		...session,
		name: `${organization.workspace}/${slug}`,
		...said,
		data: plan.data,
		run,
		now: clock.now(),
	});
	if (git.hasChanged) {
		await mirror.write(['pack-refs', '--all']);
	}

	await takeNote(session);
	const status = problems.incomplete().length > 0 ? 'partial' : isNew ? 'backed-up' : 'unchanged';
	await remember(session, status, snapshot, isNew);
	return {status, snapshot, bytes: await growth(session), problems: problems.texts()};
}

/** Leaves what the run found out for screens and later runs. @param hasChanged Whether the snapshot is a new one. */
async function remember(
	session: RepositorySession,
	status: RepositoryStatus,
	snapshot: string,
	hasChanged: boolean,
): Promise<void> {
	const {place, repository, slug, mirror, last, note, isTurn, isFullPass} = session;
	const {memory, organization, plan, clock, pool} = place;
	const before = memory.get(organization.workspace, repository.uuid);
	const now = new Date(clock.now()).toISOString();
	const lastBackupAt = status === 'partial' ? before?.lastBackupAt : now;
	const turnTakenAt = isTurn ? now : note.turnTakenAt;
	const fullPassAt = hasPassedFully(session) ? now : note.fullPassAt;
	const costs = learnCosts(before?.costs?.[plan.name], {
		at: now,
		requests: {...pool.requestsOf(slug)},
		isFirst: last === undefined,
		isTurn,
		isFullPass,
		hasChanged,
	});
	memory.put({
		...before,
		workspace: organization.workspace,
		uuid: repository.uuid,
		slug,
		plan: plan.name,
		lastRunAt: now,
		...(lastBackupAt === undefined ? {} : {lastBackupAt}),
		status,
		snapshot,
		...(turnTakenAt === undefined ? {} : {turnTakenAt}),
		...(fullPassAt === undefined ? {} : {fullPassAt}),
		costs: {...before?.costs, [plan.name]: costs},
		bytes:
			status === 'unchanged' && before?.bytes !== undefined ? before.bytes : await folderSize(mirror.folder),
	});
}

/** Bytes that came to the mirror: packs, LFS objects and download files. */
async function growth({mirror, bytesBefore, added}: RepositorySession): Promise<number> {
	const objects = await folderSize(join(mirror.folder, 'objects'));
	return Math.max(0, objects - bytesBefore) + added.bytes;
}

async function takeNote(session: RepositorySession): Promise<void> {
	const {place, repository, slug, mirror, note, isTurn} = session;
	const now = new Date(place.clock.now()).toISOString();
	const hasPassed = hasPassedFully(session);
	if (isTurn || hasPassed || note.slug !== slug || note.uuid !== repository.uuid) {
		await writeMirrorNote(mirror.folder, {
			...note,
			uuid: repository.uuid,
			slug,
			...(isTurn ? {turnTakenAt: now} : {}),
			...(hasPassed ? {fullPassAt: now} : {}),
		});
	}
}

/**
Whether this was a full pass of all that the mirror holds: not of a plan that leaves aside what another one saves there. What of
pull requests could not be read is made up for by the next run in any case.
*/
function hasPassedFully({isFullPass, problems, last, wants}: RepositorySession): boolean {
	const coversGit = wants('git') || (last?.refs?.refs.size ?? 0) === 0;
	const coversPullRequests = wants('pull-requests') || last?.entries.has('pull-requests') !== true;
	return isFullPass && coversGit && coversPullRequests && !problems.has('refs');
}
