import {join} from 'node:path';
import type {RepositoryStatus} from '../model/repository-status.ts';
import type {BackupPlace} from './backup-place.ts';
import {isConfirmed} from './confirmation.ts';
import {finishSnapshot} from './finish-snapshot.ts';
import {folderSize} from './folder-size.ts';
import type {GitStep} from './git-step.ts';
import {heedMassChange} from './mass-change.ts';
import type {Advertisement} from './read-advertisement.ts';
import {hasPassedFully, remember, takeNote} from './remember-backup.ts';
import type {ListedRepository} from './repository-list.ts';
import {
	openRepositoryMirror,
	openRepositorySession,
	type RepositoryMirror,
	type RepositorySession,
} from './repository-session.ts';
import {
	backUpDownloads,
	backUpGit,
	backUpLfs,
	backUpPipelines,
	backUpPullRequests,
	backUpSettings,
	describeRepository,
} from './repository-steps.ts';
import {type RetentionOutcome, retainAfterBackup} from './retention/retain-after-backup.ts';
import type {SnapshotRecord} from './snapshot-record.ts';
import {isFullPassTurn} from './turn.ts';
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
	repository: ListedRepository,
): Promise<RepositoryOutcome> {
	return withMending(place, repository, async isMended => backUpOnce(place, repository, isMended));
}

async function backUpOnce(
	place: BackupPlace,
	repository: ListedRepository,
	isMended: boolean,
): Promise<RepositoryOutcome> {
	const opened = await openRepositoryMirror(place, repository);
	try {
		opened.progress('git', 0, 0);
		const advertised = await place.advertisements?.of(repository);
		return (await confirm(opened, advertised)) ?? (await backUp(opened, advertised, isMended));
	} finally {
		opened.mirror.close();
	}
}

/** @returns undefined where more has to be looked at to say that nothing has changed. */
async function confirm(
	opened: RepositoryMirror,
	advertised: Advertisement | undefined,
): Promise<RepositoryOutcome | undefined> {
	const {place, repository, note, before, description, problems} = opened;
	const {plan, clock} = place;
	const {confirmed} = note;
	if (
		confirmed === undefined ||
		advertised === undefined ||
		isFullPassTurn(repository.uuid, note.fullPassAt, clock.now(), plan.cycles) ||
		!isConfirmed({data: plan.data, confirmed, before, advertised, description})
	) {
		return undefined;
	}

	const retention = await thinOut(opened, confirmed.snapshot, false);
	const verifiedAt = await verifyInTurn(opened.mirror, inRun(opened));
	const isPartial = problems.incomplete().length > 0 || retention.isDamaged;
	const status = isPartial ? 'partial' : 'unchanged';
	await remember(opened, {
		status,
		snapshot: confirmed.snapshot,
		verifiedAt,
		isFirst: false,
		isTurn: false,
		isFullPass: false,
		hasPassed: false,
		hasChanged: false,
	});
	return {
		status,
		snapshot: confirmed.snapshot,
		bytes: 0,
		problems: [...problems.texts(), ...retention.notes],
	};
}

async function backUp(
	opened: RepositoryMirror,
	advertised: Advertisement | undefined,
	isMended: boolean,
): Promise<RepositoryOutcome> {
	const session = await openRepositorySession(opened, advertised);
	try {
		if (!isMended) {
			assertRefsThere(session);
		}

		const git = await backUpGit(session, isMended);
		await lookForMassChange(session, git);
		describeRepository(session);
		const lfsObjects = await backUpLfs(session, git, isMended);
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
	}
}

/** Makes the snapshot durable, and only then says that the repository is backed up. */
async function seal(
	session: RepositorySession,
	git: GitStep,
	said: Pick<SnapshotRecord, 'counts' | 'pullRequestsUpdatedOn'>,
): Promise<RepositoryOutcome> {
	const {place, slug, problems, progress} = session;
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
	await takeNote(session, git, snapshot);
	const bytes = await growth(session);
	const retention = await thinOut(session, snapshot, isNew || git.hasChanged);
	const verifiedAt = await verifyInTurn(session.mirror, inRun(session));
	const isPartial = problems.incomplete().length > 0 || retention.isDamaged;
	const status = isPartial ? 'partial' : isNew ? 'backed-up' : 'unchanged';
	await remember(session, {
		status,
		snapshot,
		verifiedAt,
		isFirst: session.last === undefined,
		isTurn: session.isTurn,
		isFullPass: session.isFullPass,
		hasPassed: hasPassedFully(session),
		hasChanged: isNew,
	});
	return {status, snapshot, bytes, problems: [...problems.texts(), ...retention.notes]};
}

async function lookForMassChange(session: RepositorySession, git: GitStep): Promise<void> {
	if (git.hasChanged) {
		const {mirror, repository, last, problems, place} = session;
		const {uuid} = repository;
		await heedMassChange({mirror, uuid, before: last?.refs, now: git.refs, problems, at: place.clock.now()});
	}
}

async function thinOut(
	{place, repository, slug, mirror, progress}: RepositoryMirror,
	snapshot: string,
	hasChanged: boolean,
): Promise<RetentionOutcome> {
	const {memory, organization} = place;
	const {workspace} = organization;
	const {uuid} = repository;
	return retainAfterBackup({
		place,
		subject: {kind: 'repository', name: slug},
		mirror,
		progress,
		hasChanged,
		snapshot,
		lastKey: memory.get(workspace, uuid)?.retention,
		done: retention => {
			const entry = memory.get(workspace, uuid);
			if (entry !== undefined) {
				memory.put({...entry, retention});
			}
		},
	});
}

/** Bytes that came to the mirror: packs, LFS objects and download files. */
async function growth({mirror, bytesBefore, added}: RepositorySession): Promise<number> {
	const objects = await folderSize(join(mirror.folder, 'objects'));
	return Math.max(0, objects - bytesBefore) + added.bytes;
}
