import type {AccountPool} from '../../accounts/pool-types.ts';
import {RequestFailed} from '../../bitbucket/failures.ts';
import {forEachAtOnce} from '../at-once.ts';
import {takeOver} from '../draft.ts';
import {folderUnit} from '../draft-chunk.ts';
import type {Drafting} from '../drafting.ts';
import {blobId} from '../git-objects.ts';
import type {LastSnapshot} from '../last-snapshot.ts';
import type {Mirror} from '../mirror.ts';
import type {Problems} from '../problems.ts';
import type {ReportProgress} from '../progress.ts';
import type {SnapshotTree} from '../snapshot-tree.ts';
import {stableJson} from '../stable-json.ts';
import {findCommits, type PresentCommits} from './present-commits.ts';
import {readActivities} from './pull-request-activity.ts';
import {listPullRequests, type PullRequest} from './pull-request-list.ts';
import {type PartsPlace, partNames, readParts, scope} from './pull-request-parts.ts';
import {unreadable} from './read-metadata.ts';

export type ReadPullRequestsOptions = {
	readonly pool: AccountPool;
	/** `/repositories/acme/web-frontend` */
	readonly path: string;
	readonly slug: string;
	readonly tree: SnapshotTree;
	readonly last: LastSnapshot | undefined;
	/** Where commits are looked for; undefined where Git is not backed up. */
	readonly mirror: Mirror | undefined;
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
	const {pool, path, slug, tree, last, drafting, problems, progress} = options;
	progress('pull-requests', 0, 0);
	let pullRequests: readonly PullRequest[];
	try {
		pullRequests = await listPullRequests(pool, path, slug);
	} catch (error) {
		if (!(error instanceof RequestFailed) || error.reason === 'no-account') {
			throw error;
		}

		tree.keep('pull-requests');
		if (error.reason !== 'gone' && error.reason !== 'not-found') {
			problems.add('pull-requests', unreadable({label: 'pull requests', scope}, error));
		} else {
			drafting.settled(...draftedKinds);
		}

		return last?.record?.counts.pullRequests ?? 0;
	}

	const changed = pullRequests.filter(pullRequest => !keepUnchanged(pullRequest, options));
	const commits = await findCommits(options.mirror, changed);
	const unknown = changed.filter(pullRequest => !takeDrafted(pullRequest, commits, options));
	const activities = await readActivities(unknown, pullRequests.length, options);
	const place: PartsPlace = {...options, commits, activities};
	let done = pullRequests.length - unknown.length;
	await forEachAtOnce(unknown, atOnce, async pullRequest => {
		await readParts(pullRequest, place);
		const folder = folderOf(pullRequest);
		await drafting.finished([folderUnit(folder, partNames, !problems.has(folder))]);
		done += 1;
		progress('pull-requests', done, pullRequests.length, 'pull requests');
	});
	drafting.settled(...draftedKinds);
	return pullRequests.length;
}

function folderOf({id}: PullRequest): string {
	return `pull-requests/${id}`;
}

/** Takes a pull request over from the last snapshot where it is whole there and the list shows nothing new. */
function keepUnchanged(pullRequest: PullRequest, options: ReadPullRequestsOptions): boolean {
	const {tree, last, withStatuses} = options;
	const folder = folderOf(pullRequest);
	const known = last?.entries.get(`${folder}/pull-request.json`)?.id;
	const isLacking = last?.record?.incomplete.some(
		({path}) => path === folder || path.startsWith(`${folder}/`),
	);
	// Builds report their statuses while a pull request is open, and change nothing else of it.
	const hasStatuses = last?.entries.has(`${folder}/statuses.json`) && pullRequest.state !== 'OPEN';
	if (
		last?.record === undefined ||
		isLacking ||
		(withStatuses && !hasStatuses) ||
		known !== blobId(stableJson(pullRequest))
	) {
		return false;
	}

	return tree.keep(folder);
}

/**
Takes a pull request over from the draft where it is whole there, the list shows nothing new, and the same files belong to it
now: what they are follows from the kinds of data that a plan chooses, and from whether its commits have come to a branch.
*/
function takeDrafted(
	pullRequest: PullRequest,
	commits: PresentCommits,
	{tree, drafting, mirror, withStatuses}: ReadPullRequestsOptions,
): boolean {
	const folder = folderOf(pullRequest);
	const drafted = drafting.left?.units.get(folder);
	if (
		drafted === undefined ||
		drafted.data.includes('git') !== (mirror !== undefined) ||
		drafted.data.includes('statuses') !== withStatuses ||
		(withStatuses && pullRequest.state === 'OPEN') ||
		(drafted.files.has('patch') && commits.has(pullRequest) !== false) ||
		drafted.files.get('pull-request.json') !== blobId(stableJson(pullRequest))
	) {
		return false;
	}

	takeOver(folder, drafted, tree);
	return true;
}
