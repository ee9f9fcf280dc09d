import type {AccountPool} from '../../accounts/pool-types.ts';
import {RequestFailed} from '../../bitbucket/failures.ts';
import {forEachAtOnce} from '../at-once.ts';
import {blobId} from '../git-objects.ts';
import type {LastSnapshot} from '../last-snapshot.ts';
import type {Mirror} from '../mirror.ts';
import type {Problems} from '../problems.ts';
import type {ReportProgress} from '../progress.ts';
import type {SnapshotTree} from '../snapshot-tree.ts';
import {stableJson} from '../stable-json.ts';
import {findCommits} from './present-commits.ts';
import {readActivities} from './pull-request-activity.ts';
import {listPullRequests, type PullRequest} from './pull-request-list.ts';
import {type PartsPlace, readParts, scope} from './pull-request-parts.ts';
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
	readonly problems: Problems;
	readonly progress: ReportProgress;
};

/** Pull requests of one repository that are read at the same time. */
const atOnce = 4;

/**
Puts every pull request of a repository into a snapshot. One that the list shows as it was in the last snapshot is taken
over from there without another request.

@returns how many there are.
*/
export async function readPullRequests(options: ReadPullRequestsOptions): Promise<number> {
	const {pool, path, slug, tree, last, problems, progress} = options;
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
		}

		return last?.record?.counts.pullRequests ?? 0;
	}

	const changed = pullRequests.filter(pullRequest => !keepUnchanged(pullRequest, options));
	const commits = await findCommits(options.mirror, changed);
	const activities = await readActivities(changed, pullRequests.length, options);
	const place: PartsPlace = {...options, commits, activities};
	let done = pullRequests.length - changed.length;
	await forEachAtOnce(changed, atOnce, async pullRequest => {
		await readParts(pullRequest, place);
		done += 1;
		progress('pull-requests', done, pullRequests.length, 'pull requests');
	});
	return pullRequests.length;
}

/** Takes a pull request over from the last snapshot where it is whole there and the list shows nothing new. */
function keepUnchanged(pullRequest: PullRequest, options: ReadPullRequestsOptions): boolean {
	const {tree, last, withStatuses} = options;
	const folder = `pull-requests/${pullRequest.id}`;
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
