import type {AccountPool} from '../../accounts/pool-types.ts';
import {fileUnit} from '../draft-chunk.ts';
import type {Drafting} from '../drafting.ts';
import {blobId} from '../git-objects.ts';
import type {SnapshotTree} from '../snapshot-tree.ts';
import {stableJson} from '../stable-json.ts';
import type {PullRequest} from './pull-request-list.ts';
import {type Reading, readMetadata} from './read-metadata.ts';

/** What happened to each pull request: comments, updates, approvals. */
export type Activities = {
	/** Asks for it; undefined where it is in the snapshot already, read with that of all the others or found in the draft. */
	readonly of: (pullRequest: PullRequest) => Promise<Reading | undefined>;
};

export type ActivityPlace = {
	readonly pool: AccountPool;
	readonly path: string;
	readonly slug: string;
	readonly tree: SnapshotTree;
	readonly drafting: Drafting;
};

/** Bitbucket's most for this list. */
const pageLength = 50;

/**
About so many pull requests' activity fills a page of the list of the whole repository; it holds some entries for each. When
fewer than one in so many has changed, asking for each of them costs less than turning all pages.
*/
const pullRequestsPerPage = 6;

/**
Reads the activity of pull requests in the fewest requests: by the repository's one list, or for each alone.

The list is all or nothing: that its next page goes on where an interrupted backup stopped is promised by nobody. Once it was
read to its end, each pull request's part of it goes into the draft by itself.
*/
export async function readActivities(
	changed: readonly PullRequest[],
	total: number,
	place: ActivityPlace,
): Promise<Activities> {
	const missing = changed.filter(pullRequest => !takeDrafted(pullRequest, place));
	const alone = new Set(missing);
	const of: Activities['of'] = async pullRequest =>
		alone.has(pullRequest) ? ask(`/pullrequests/${pullRequest.id}/activity`, place) : undefined;
	if (missing.length <= Math.ceil(total / pullRequestsPerPage)) {
		return {of};
	}

	const all = await ask('/pullrequests/activity', place);
	if (all.kind !== 'read') {
		return {of: async pullRequest => (alone.has(pullRequest) ? all : undefined)};
	}

	const byId = groupById(all.value as readonly unknown[]);
	for (const {id} of missing) {
		place.tree.write(fileOf(id), stableJson(byId.get(id) ?? []));
	}

	await place.drafting.finished(
		missing.map(pullRequest => fileUnit(draftedPath(pullRequest), fileOf(pullRequest.id))),
	);
	return {of: async () => undefined};
}

async function ask(below: string, {pool, path, slug}: ActivityPlace): Promise<Reading> {
	return readMetadata(pool, {
		label: 'the activity of pull requests',
		shape: 'list',
		path: path + below,
		repository: slug,
		scope: 'read:pullrequest:bitbucket',
		pageLength,
	});
}

function fileOf(id: number): string {
	return `pull-requests/${id}/activity.json`;
}

/** Where a draft keeps the activity of a pull request that it lacks the rest of: good for the pull request as it is listed now. */
function draftedPath(pullRequest: PullRequest): string {
	return `activities/${pullRequest.id}-${blobId(stableJson(pullRequest))}.json`;
}

function takeDrafted(pullRequest: PullRequest, {tree, drafting}: ActivityPlace): boolean {
	const file = drafting.left?.units.get(draftedPath(pullRequest))?.files.get('');
	if (file === undefined) {
		return false;
	}

	tree.take(fileOf(pullRequest.id), file);
	return true;
}

function groupById(entries: readonly unknown[]): ReadonlyMap<number, readonly unknown[]> {
	const byId = new Map<number, unknown[]>();
	for (const entry of entries) {
		const id = (entry as {pull_request?: {id?: unknown} | null} | null)?.pull_request?.id;
		if (typeof id === 'number') {
			const group = byId.get(id);
			if (group === undefined) {
				byId.set(id, [entry]);
			} else {
				group.push(entry);
			}
		}
	}

	return byId;
}
