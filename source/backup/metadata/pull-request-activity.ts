import type {AccountPool} from '../../accounts/pool-types.ts';
import type {PullRequest} from './pull-request-list.ts';
import {type Reading, readMetadata} from './read-metadata.ts';

/** What happened to each pull request: comments, updates, approvals. */
export type Activities = {
	/** Asks for it, where it was not read with those of all the others. */
	readonly of: (pullRequest: PullRequest) => Promise<Reading>;
};

export type ActivityPlace = {readonly pool: AccountPool; readonly path: string; readonly slug: string};

/** Bitbucket's most for this list. */
const pageLength = 50;

/**
About so many pull requests' activity fills a page of the list of the whole repository; it holds some entries for each. When
fewer than one in so many has changed, asking for each of them costs less than turning all pages.
*/
const pullRequestsPerPage = 6;

/** Reads the activity of pull requests in the fewest requests: by the repository's one list, or for each alone. */
export async function readActivities(
	changed: readonly PullRequest[],
	total: number,
	{pool, path, slug}: ActivityPlace,
): Promise<Activities> {
	const ask = async (below: string): Promise<Reading> =>
		readMetadata(pool, {
			label: 'the activity of pull requests',
			shape: 'list',
			path: path + below,
			repository: slug,
			scope: 'read:pullrequest:bitbucket',
			pageLength,
		});
	const pages = Math.ceil(total / pullRequestsPerPage);
	if (changed.length <= pages) {
		return {of: async ({id}) => ask(`/pullrequests/${id}/activity`)};
	}

	const all = await ask('/pullrequests/activity');
	if (all.kind !== 'read') {
		return {of: async () => all};
	}

	const byId = groupById(all.value as readonly unknown[]);
	return {of: async ({id}) => ({kind: 'read', value: byId.get(id) ?? []})};
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
