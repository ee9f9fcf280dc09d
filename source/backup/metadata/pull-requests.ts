import type {AccountPool} from '../../accounts/pool-types.ts';
import {type Aside, createAside} from '../aside.ts';
import {forEachAtOnce} from '../at-once.ts';
import {folderUnit} from '../draft-chunk.ts';
import type {Drafting} from '../drafting.ts';
import type {LastSnapshot} from '../last-snapshot.ts';
import type {Mirror} from '../mirror.ts';
import type {MirrorRefs} from '../mirror-refs.ts';
import type {Problems} from '../problems.ts';
import type {ReportProgress} from '../progress.ts';
import type {SnapshotTree} from '../snapshot-tree.ts';
import type {Upstream} from '../upstream.ts';
import {takeDrafted} from './drafted-pull-requests.ts';
import {createLostCommits, type SavedPatch} from './lost-commits.ts';
import {type Names, signsThat} from './metadata-kind.ts';
import {metadataKinds} from './metadata-kinds.ts';
import {findCommits} from './present-commits.ts';
import {type AllActivity, readActivities, readAllActivity} from './pull-request-activity.ts';
import {type Changes, findChanges} from './pull-request-changes.ts';
import type {PullRequest} from './pull-request-list.ts';
import {type PartsPlace, readParts} from './pull-request-parts.ts';
import {dueParts, type PullRequestWork, partNames} from './pull-request-work.ts';
import {failedReading} from './read-kind.ts';
import {findSavedPullRequests, type SavedPullRequests} from './saved-pull-requests.ts';
import {createTaskCounter} from './task-counter.ts';
import {findUnseenComments} from './unseen-comments.ts';

export type ReadPullRequestsOptions = {
	readonly pool: AccountPool;
	readonly names: Names;
	readonly tree: SnapshotTree;
	readonly last: LastSnapshot | undefined;
	readonly mirror: Mirror;
	readonly upstream: Upstream;
	/** The mirror's refs when it was opened. */
	readonly before: Pick<MirrorRefs, 'kept'>;
	/** Whether Git is backed up too, so that the mirror tells which commits are on a branch. */
	readonly withGit: boolean;
	/** Whether the statuses of builds are wanted too: a request for each pull request. */
	readonly withStatuses: boolean;
	/** Whether all are listed and compared, also what no list shows as changed. */
	readonly isFullPass: boolean;
	readonly drafting: Drafting;
	readonly problems: Problems;
	readonly progress: ReportProgress;
};

export type PullRequestsStep = {
	/** How many pull requests there are. */
	readonly count: number;
	/** When the newest of them changed, as Bitbucket writes it: down to that a later run lists them. */
	readonly updatedOn: string | undefined;
};

/** Kinds of what a draft holds of pull requests. */
const draftedKinds = ['pull-requests', 'activities'] as const;

/** Pull requests of one repository that are read at the same time. */
const atOnce = 4;

const folder = 'pull-requests';

/** Puts the pull requests of a repository into a snapshot: those that changed are read, all others taken over. */
export async function readPullRequests(options: ReadPullRequestsOptions): Promise<PullRequestsStep> {
	const {tree, last, mirror, drafting, problems, progress} = options;
	progress('pull-requests', 0, 0);
	const saved = findSavedPullRequests(last);
	// Where their list could not be read, nothing was compared either.
	const isFullPass = options.isFullPass || saved.isLacking(folder);
	const aside = createAside(mirror.folder);
	try {
		const step: Step = {...options, isFullPass, saved, aside};
		const changes = await changesOrWhyNot(step);
		if ('kind' in changes) {
			tree.keep(folder);
			if (changes.kind === 'unreadable') {
				problems.add(folder, changes.problem);
			} else {
				drafting.settled(...draftedKinds);
			}

			return {
				count: last?.record?.counts.pullRequests ?? 0,
				updatedOn: last?.record?.pullRequestsUpdatedOn,
			};
		}

		await readChanges(changes, step);
		drafting.settled(...draftedKinds);
		return {count: changes.count, updatedOn: changes.updatedOn};
	} finally {
		await aside.close();
	}
}

type Step = ReadPullRequestsOptions & {readonly saved: SavedPullRequests; readonly aside: Aside};

async function changesOrWhyNot(step: Step): Promise<Changes | ReturnType<typeof failedReading>> {
	try {
		return await findChanges(step);
	} catch (error) {
		return failedReading(metadataKinds['pull-requests'], error);
	}
}

async function readChanges(changes: Changes, step: Step): Promise<void> {
	const {mirror, withGit, withStatuses, saved, drafting, problems, progress} = step;
	const all = step.isFullPass && saved.ids.size > 0 ? await allActivity(step) : undefined;
	const works = await findWorks(changes, all, step);
	keepTheRest(changes, works, step);
	const commits = await findCommits(withGit ? mirror : undefined, step.before.kept, [
		...works.map(({pullRequest}) => pullRequest),
		...(step.isFullPass ? changes.unchanged : []),
	]);
	const areDrafted = await takeDrafted(works, commits, step);
	const left = works.filter((_, index) => !areDrafted[index]);
	const activities = await readActivities(
		left.filter(work => dueParts(work, {saved, withStatuses}).has('pull-request/activity')),
		changes.count,
		all,
		step,
	);
	const lostCommits = createLostCommits(step);
	const place: PartsPlace = {
		...step,
		commits,
		activities,
		taskCounter: createTaskCounter(),
		lostCommits,
	};
	let done = changes.count - left.length;
	// What has open tasks comes first: it shows what the number of tasks counts.
	const ordered = [...left].sort((one, other) => Number(hasTasks(other)) - Number(hasTasks(one)));
	await forEachAtOnce(ordered, atOnce, async work => {
		await readParts(work, place);
		const own = folderOf(work.pullRequest);
		await drafting.finished([folderUnit(own, partNames, !problems.has(own))]);
		done += 1;
		progress('pull-requests', done, changes.count, 'pull requests');
	});
	const drafted = works.filter((_, index) => areDrafted[index]);
	const patches = patchesToTry(changes, drafted, step);
	await lostCommits.addSaved(patches.filter(({pullRequest}) => commits.placeOf(pullRequest) === 'absent'));
	await lostCommits.fetch();
}

/**
The patches in the mirror whose commits have yet to be asked for: those of the draft, and in a full pass all. A server that refused
them is not asked by every run.
*/
function patchesToTry(
	{changed, unchanged}: Changes,
	drafted: readonly PullRequestWork[],
	{drafting, saved, isFullPass}: Step,
): readonly SavedPatch[] {
	const all = isFullPass ? [...changed.map(({pullRequest}) => pullRequest), ...unchanged] : [];
	return [
		...drafted.map(({pullRequest}) => ({
			pullRequest,
			id: drafting.left?.units.get(folderOf(pullRequest))?.files.get('patch'),
		})),
		...all.map(pullRequest => ({pullRequest, id: saved.file(pullRequest.id, 'patch')})),
	].flatMap(({pullRequest, id}) => (id === undefined ? [] : [{pullRequest, id}]));
}

/** The list of all that happened, for a full pass. */
async function allActivity(step: Step): Promise<AllActivity | undefined> {
	const all = await readAllActivity(step);
	if (!('kind' in all)) {
		return all;
	}

	if (all.kind === 'unreadable') {
		// So that the next run makes up for it.
		step.problems.add(folder, all.problem);
	}

	return undefined;
}

/** The pull requests of which something is due. */
async function findWorks(
	{changed, unchanged}: Changes,
	all: AllActivity | undefined,
	{mirror, isFullPass, withStatuses, saved}: Step,
): Promise<readonly PullRequestWork[]> {
	const unseen =
		all === undefined
			? new Set<number>()
			: await findUnseenComments(
					all.comments,
					unchanged.map(({id}) => id),
					{mirror, saved},
				);
	const signsOf = ({id, state}: PullRequest, isChanged: boolean): PullRequestWork['signs'] =>
		signsThat({
			parent: isChanged,
			activity: unseen.has(id),
			open: state === 'OPEN',
			'full-pass': isFullPass,
		});
	const works = [
		...changed.map(one => ({
			pullRequest: one.pullRequest,
			changed: one,
			signs: signsOf(one.pullRequest, true),
		})),
		...unchanged.map(pullRequest => ({
			pullRequest,
			changed: undefined,
			signs: signsOf(pullRequest, false),
		})),
	];
	return works.filter(work => work.changed !== undefined || dueParts(work, {saved, withStatuses}).size > 0);
}

/** Takes over what nothing is due of: as one folder where that is all there is. */
function keepTheRest({kept}: Changes, works: readonly PullRequestWork[], {tree, saved}: Step): void {
	if (works.length === 0 && kept.size === saved.ids.size) {
		tree.keep(folder);
		return;
	}

	const busy = new Set(works.map(({pullRequest: {id}}) => id));
	for (const id of kept) {
		if (!busy.has(id)) {
			tree.keep(folderOf({id}));
		}
	}
}

function folderOf({id}: Pick<PullRequest, 'id'>): string {
	return `${folder}/${id}`;
}

function hasTasks({pullRequest: {tasks = 0}}: PullRequestWork): boolean {
	return tasks > 0;
}
