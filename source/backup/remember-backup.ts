import type {RepositoryStatus} from '../model/repository-status.ts';
import {digestOf, digestOfRefs} from './confirmation.ts';
import {folderSize} from './folder-size.ts';
import type {GitStep} from './git-step.ts';
import {changeMirrorNote} from './mirror-note.ts';
import {readMirrorRefs} from './mirror-refs.ts';
import {type LearnedRun, learnCosts} from './repository-costs.ts';
import type {RepositoryMirror, RepositorySession} from './repository-session.ts';

/** What came of a repository's backup. */
export type Result = Pick<LearnedRun, 'isFirst' | 'isTurn' | 'isFullPass' | 'hasChanged'> & {
	/** Whether everything that the mirror holds was read and compared. */
	readonly hasPassed: boolean;
	readonly status: RepositoryStatus;
	readonly snapshot: string;
	/** ISO-8601 time at which its backup was last found whole. */
	readonly verifiedAt: string | undefined;
};

/** Leaves what the run found out for screens and later runs. */
export async function remember(
	{place, repository, slug, mirror, note}: RepositoryMirror,
	{status, snapshot, verifiedAt, isFirst, isTurn, isFullPass, hasChanged, hasPassed}: Result,
): Promise<void> {
	const {memory, organization, plan, clock, pool} = place;
	const before = memory.get(organization.workspace, repository.uuid);
	const now = new Date(clock.now()).toISOString();
	const lastBackupAt = status === 'partial' ? before?.lastBackupAt : now;
	const turnTakenAt = isTurn ? now : note.turnTakenAt;
	const fullPassAt = hasPassed ? now : note.fullPassAt;
	const costs = learnCosts(before?.costs?.[plan.name], {
		at: now,
		requests: {...pool.requestsOf(slug)},
		isFirst,
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
		...(verifiedAt === undefined ? {} : {verifiedAt}),
		...(fullPassAt === undefined ? {} : {fullPassAt}),
		costs: {...before?.costs, [plan.name]: costs},
		bytes:
			status === 'unchanged' && before?.bytes !== undefined ? before.bytes : await folderSize(mirror.folder),
	});
}

/** Writes into the mirror's note what is new. */
export async function takeNote(session: RepositorySession, git: GitStep, snapshot: string): Promise<void> {
	const {place, repository, description, slug, mirror, isTurn, problems} = session;
	const commit = (await readMirrorRefs(mirror)).snapshots.get(snapshot);
	const isWhole = problems.incomplete().length === 0 && commit !== undefined;
	const now = new Date(place.clock.now()).toISOString();
	await changeMirrorNote(mirror.folder, repository.uuid, {
		uuid: repository.uuid,
		slug,
		...(isTurn ? {turnTakenAt: now} : {}),
		...(hasPassedFully(session) ? {fullPassAt: now} : {}),
		confirmed: isWhole
			? {
					snapshot,
					commit,
					refs: digestOfRefs(git.refs),
					description: digestOf(description),
					data: [...place.plan.data],
				}
			: undefined,
	});
}

/**
Whether this was a full pass of all that the mirror holds: not of a plan that leaves aside what another one saves there. What of
pull requests could not be read is made up for by the next run in any case.
*/
export function hasPassedFully({isFullPass, problems, last, wants}: RepositorySession): boolean {
	const coversGit = wants('git') || (last?.refs?.refs.size ?? 0) === 0;
	const coversPullRequests = wants('pull-requests') || last?.entries.has('pull-requests') !== true;
	return isFullPass && coversGit && coversPullRequests && !problems.has('refs');
}
