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
import {assertRefsThere} from './verify/damage-signs.ts';
import {inRun, withMending} from './verify/repository-in-run.ts';
import {verifyInTurn} from './verify/verify-in-run.ts';

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
	return withMending(place, repository, async isMended => backUpOnce(place, repository, isMended));
}

async function backUpOnce(
	place: BackupPlace,
	repository: Repository,
	isMended: boolean,
): Promise<RepositoryOutcome> {
	const session = await openRepositorySession(place, repository);
	try {
		if (!isMended) {
			assertRefsThere(session);
		}

		const git = await backUpGit(session);
		describeRepository(session);
		const lfsObjects = await backUpLfs(session, git);
		const pullRequests = await backUpPullRequests(session);
		await backUpSettings(session);
		const downloads = await backUpDownloads(session, git);
		await backUpPipelines(session);
		return await seal(session, git, {refs: git.refs.refs.size, pullRequests, lfsObjects, downloads});
	} finally {
		await session.drafting.close();
		session.mirror.close();
	}
}

/** Makes the snapshot durable, and only then says that the repository is backed up. */
async function seal(
	session: RepositorySession,
	git: GitStep,
	counts: SnapshotRecord['counts'],
): Promise<RepositoryOutcome> {
	const {place, slug, mirror, problems, progress} = session;
	const {plan, organization, run, clock} = place;
	place.signal.throwIfAborted();
	progress('snapshot', 0, 1);
	const {snapshot, isNew} = await finishSnapshot({
		...session,
		name: `${organization.workspace}/${slug}`,
		counts,
		data: plan.data,
		run,
		now: clock.now(),
	});
	if (git.hasChanged) {
		await mirror.write(['pack-refs', '--all']);
	}

	await takeNote(session);
	const verifiedAt = await verifyInTurn(mirror, inRun(session));
	const status = problems.incomplete().length > 0 ? 'partial' : isNew ? 'backed-up' : 'unchanged';
	await remember(session, status, snapshot, isNew, verifiedAt);
	return {status, snapshot, bytes: await growth(session), problems: problems.texts()};
}

/** Leaves what the run found out for screens and later runs. @param hasChanged Whether the snapshot is a new one. */
async function remember(
	{place, repository, slug, mirror, last, note, isTurn}: RepositorySession,
	status: RepositoryStatus,
	snapshot: string,
	hasChanged: boolean,
	verifiedAt: string | undefined,
): Promise<void> {
	const {memory, organization, plan, clock, pool} = place;
	const before = memory.get(organization.workspace, repository.uuid);
	const now = new Date(clock.now()).toISOString();
	const lastBackupAt = status === 'partial' ? before?.lastBackupAt : now;
	const turnTakenAt = isTurn ? now : note.turnTakenAt;
	const costs = learnCosts(before?.costs?.[plan.name], {
		at: now,
		requests: {...pool.requestsOf(slug)},
		isFirst: last === undefined,
		isTurn,
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
		...(verifiedAt === undefined ? {} : {verifiedAt}),
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

async function takeNote({place, repository, slug, mirror, note, isTurn}: RepositorySession): Promise<void> {
	const turnTakenAt = isTurn ? new Date(place.clock.now()).toISOString() : note.turnTakenAt;
	if (isTurn || note.slug !== slug || note.uuid !== repository.uuid) {
		await writeMirrorNote(mirror.folder, {
			...note,
			uuid: repository.uuid,
			slug,
			...(turnTakenAt === undefined ? {} : {turnTakenAt}),
		});
	}
}
