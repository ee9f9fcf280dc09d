import type {AccountPool} from '../../accounts/pool-types.ts';
import {RequestFailed} from '../../bitbucket/failures.ts';
import type {Problems} from '../problems.ts';
import type {SnapshotTree} from '../snapshot-tree.ts';
import {stableJson} from '../stable-json.ts';
import type {PresentCommits} from './present-commits.ts';
import type {Activities} from './pull-request-activity.ts';
import type {PullRequest} from './pull-request-list.ts';
import {type Reading, readMetadata, unreadable} from './read-metadata.ts';

export const scope = 'read:pullrequest:bitbucket';

export type PartsPlace = {
	readonly pool: AccountPool;
	readonly path: string;
	readonly slug: string;
	readonly tree: SnapshotTree;
	readonly problems: Problems;
	readonly withStatuses: boolean;
	readonly commits: PresentCommits;
	readonly activities: Activities;
};

/** Names of the files that a pull request may have. */
export const partNames = [
	'pull-request.json',
	'comments.json',
	'tasks.json',
	'activity.json',
	'statuses.json',
	'patch',
] as const;

const nothing: Reading = {kind: 'read', value: []};

/**
Puts one pull request with all that belongs to it into a snapshot, below `pull-requests/<id>/`. What it is said to have
none of costs no request. A part that cannot be read is taken over from the last snapshot, and named as a problem.
*/
export async function readParts(pullRequest: PullRequest, place: PartsPlace): Promise<void> {
	const {id, comment_count: comments, task_count: tasks} = pullRequest;
	const {tree, activities} = place;
	tree.write(`pull-requests/${id}/pull-request.json`, stableJson(pullRequest));

	const list = async (part: string): Promise<Reading> =>
		readMetadata(place.pool, {
			label: `${part} of pull requests`,
			shape: 'list',
			path: `${place.path}/pullrequests/${id}/${part}`,
			repository: place.slug,
			scope,
		});
	store(place, id, 'comments', comments === 0 ? nothing : await list('comments'));
	store(place, id, 'tasks', tasks === 0 ? nothing : await list('tasks'));
	const activity = await activities.of(pullRequest);
	if (activity !== undefined) {
		store(place, id, 'activity', activity);
	}

	if (place.withStatuses) {
		store(place, id, 'statuses', await list('statuses'));
	}

	if (place.commits.has(pullRequest) === false) {
		await storePatch(place, id);
	}
}

function store({tree, problems}: PartsPlace, id: number, part: string, reading: Reading): void {
	const file = `pull-requests/${id}/${part}.json`;
	if (reading.kind === 'read') {
		tree.write(file, stableJson(reading.value));
	} else if (reading.kind === 'unreadable') {
		tree.keep(file);
		problems.add(file, reading.problem);
	}
}

/** The changes as a patch, byte for byte: its commits are on no branch, and may be gone from the server one day. */
async function storePatch({pool, path, slug, tree, problems}: PartsPlace, id: number): Promise<void> {
	const file = `pull-requests/${id}/patch`;
	try {
		const answer = await pool.get({
			url: `${path}/pullrequests/${id}/patch`,
			repository: slug,
			accept: 'text/plain, */*',
		});
		tree.write(file, answer.body);
	} catch (error) {
		if (!(error instanceof RequestFailed) || error.reason === 'no-account') {
			throw error;
		}

		// Commits that the server has thrown away are in no backup any more; what was saved before is kept.
		const wasKept = tree.keep(file);
		if (error.reason === 'not-found' || error.reason === 'gone') {
			return;
		}

		if (!wasKept) {
			problems.add(file, unreadable({label: 'patches of pull requests', scope}, error));
		}
	}
}
