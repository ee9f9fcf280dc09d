import type {AccountPool} from '../../accounts/pool-types.ts';
import {forEachAtOnce} from '../at-once.ts';
import {takeOver} from '../draft.ts';
import {folderUnit} from '../draft-chunk.ts';
import type {Drafting} from '../drafting.ts';
import type {LastSnapshot} from '../last-snapshot.ts';
import type {Mirror} from '../mirror.ts';
import type {Problems} from '../problems.ts';
import type {ReportProgress} from '../progress.ts';
import {areSame} from '../same-content.ts';
import type {SnapshotTree} from '../snapshot-tree.ts';
import type {Names} from './metadata-kind.ts';
import {metadataKinds} from './metadata-kinds.ts';
import {findCommits, type PresentCommits} from './present-commits.ts';
import {readActivities} from './pull-request-activity.ts';
import {type ListedPullRequest, listPullRequests, type PullRequest} from './pull-request-list.ts';
import {type PartsPlace, partNames, readParts} from './pull-request-parts.ts';
import {failedReading} from './read-kind.ts';

export type ReadPullRequestsOptions = {
	readonly pool: AccountPool;
	readonly names: Names;
	readonly tree: SnapshotTree;
	readonly last: LastSnapshot | undefined;
	readonly mirror: Mirror;
	/** Whether Git is backed up too, so that the mirror tells which commits are on a branch. */
	readonly withGit: boolean;
	/** Whether the statuses of builds are wanted too: a request for each pull request. */
	readonly withStatuses: boolean;
	readonly drafting: Drafting;
	readonly problems: Problems;
	readonly progress: ReportProgress;
};

/** Kinds of what a draft holds of pull requests. */
const draftedKinds = ['pull-requests', 'activities'] as const;

/** Pull requests of one repository that are read at the same time. */
const atOnce = 4;

/**
Puts every pull request of a repository into a snapshot. One that the list shows as it was in the last snapshot, or in the
draft, is taken over from there without another request.

@returns how many there are.
*/
export async function readPullRequests(options: ReadPullRequestsOptions): Promise<number> {
	const {tree, last, mirror, withGit, drafting, problems, progress} = options;
	progress('pull-requests', 0, 0);
	let listed: readonly ListedPullRequest[];
	try {
		listed = await listAll(options);
	} catch (error) {
		const reading = failedReading(metadataKinds['pull-requests'], error);
		tree.keep('pull-requests');
		if (reading.kind === 'unreadable') {
			problems.add('pull-requests', reading.problem);
		} else {
			drafting.settled(...draftedKinds);
		}

		return last?.record?.counts.pullRequests ?? 0;
	}

	const areKnown = await keepUnchanged(listed, options);
	const changed = listed.filter((_, index) => !areKnown[index]);
	const commits = await findCommits(
		withGit ? mirror : undefined,
		changed.map(({pullRequest}) => pullRequest),
	);
	const areDrafted = await takeDrafted(changed, commits, options);
	const unknown = changed.filter((_, index) => !areDrafted[index]);
	const activities = await readActivities(unknown, listed.length, options);
	const place: PartsPlace = {...options, commits, activities};
	let done = listed.length - unknown.length;
	await forEachAtOnce(unknown, atOnce, async each => {
		await readParts(each, place);
		const folder = folderOf(each.pullRequest);
		await drafting.finished([folderUnit(folder, partNames, !problems.has(folder))]);
		done += 1;
		progress('pull-requests', done, listed.length, 'pull requests');
	});
	drafting.settled(...draftedKinds);
	return listed.length;
}

async function listAll({pool, names}: ReadPullRequestsOptions): Promise<readonly ListedPullRequest[]> {
	const byId = new Map<number, ListedPullRequest>();
	for await (const page of listPullRequests(pool, names)) {
		for (const listed of page) {
			byId.set(listed.pullRequest.id, listed);
		}
	}

	return [...byId.values()];
}

function folderOf({id}: PullRequest): string {
	return `pull-requests/${id}`;
}

/** Takes those over from the last snapshot that are whole there and of which the list shows nothing new. */
async function keepUnchanged(
	listed: readonly ListedPullRequest[],
	{mirror, tree, last, withStatuses}: ReadPullRequestsOptions,
): Promise<readonly boolean[]> {
	const pairs = listed.map(({pullRequest, contents}) => ({
		saved: last?.entries.get(`${folderOf(pullRequest)}/pull-request.json`)?.id,
		contents,
	}));
	const same = await areSame(mirror, pairs);
	return listed.map(({pullRequest}, index) => {
		const folder = folderOf(pullRequest);
		const isLacking = last?.record?.incomplete.some(
			({path}) => path === folder || path.startsWith(`${folder}/`),
		);
		// Builds report their statuses while a pull request is open, and change nothing else of it.
		const hasStatuses = last?.entries.has(`${folder}/statuses.json`) && pullRequest.state !== 'OPEN';
		if (last?.record === undefined || isLacking || (withStatuses && !hasStatuses) || !same[index]) {
			return false;
		}

		return tree.keep(folder);
	});
}

/**
Takes those over from the draft that are whole there, of which the list shows nothing new, and to which the same files belong
now: what they are follows from the kinds of data that a plan chooses, and from whether its commits have come to a branch.
*/
async function takeDrafted(
	changed: readonly ListedPullRequest[],
	commits: PresentCommits,
	{mirror, tree, drafting, withGit, withStatuses}: ReadPullRequestsOptions,
): Promise<readonly boolean[]> {
	const units = changed.map(({pullRequest}) => drafting.left?.units.get(folderOf(pullRequest)));
	const same = await areSame(
		mirror,
		changed.map(({contents}, index) => ({saved: units[index]?.files.get('pull-request.json'), contents})),
	);
	return changed.map(({pullRequest}, index) => {
		const drafted = units[index];
		if (
			drafted === undefined ||
			!same[index] ||
			drafted.data.includes('git') !== withGit ||
			drafted.data.includes('statuses') !== withStatuses ||
			(withStatuses && pullRequest.state === 'OPEN') ||
			(drafted.files.has('patch') && commits.has(pullRequest) !== false)
		) {
			return false;
		}

		takeOver(folderOf(pullRequest), drafted, tree);
		return true;
	});
}
