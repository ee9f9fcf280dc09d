import {type Demand, type RequestRange, type Requests, sumRequests} from '../accounts/demand.ts';
import type {DataKind} from '../model/data-kind.ts';
import type {Resource} from '../model/quota-limit.ts';
import {packRequests} from './git-requests.ts';
import type {MetadataKind, Owner, Sign} from './metadata/metadata-kind.ts';
import {metadataKinds} from './metadata/metadata-kinds.ts';

/*
What can be said of a backup's requests before any was sent: from the kinds of data that it reads, and how they are read.
*/

/** One question for all refs; see `readAdvertisement`. */
const advertisementRequests = 1;

/** What a repository takes of which a run finds nothing new: its refs, the first pages of what lists its changes. */
export function leastUnchanged(data: readonly DataKind[]): Requests {
	return withoutNothing({
		...countByResource(kindsWith('repository', 'run', data)),
		git: data.includes('git') ? advertisementRequests : 0,
	});
}

/** What a repository takes at least that somebody pushed to. */
export function leastChanged(data: readonly DataKind[]): Requests {
	const {git = 0, ...rest} = leastUnchanged(data);
	return withoutNothing({
		...sumRequests([rest, countByResource(kindsWith('repository', 'refs', data))]),
		git: git === 0 ? 0 : git + packRequests,
	});
}

/** What a repository takes more when it is its turn, and everything that tells of no change is read. */
export function leastOfTurn(data: readonly DataKind[]): Requests {
	return withoutNothing(countByResource(kindsWith('repository', 'turn', data)));
}

/** How many pull requests a repository may have of which nothing is known. */
const pullRequests = {low: 0, likely: 20, high: 300};
/** Comments or tasks, and its part of the activity: a pull request takes so many requests; with the statuses, one more. */
const requestsPerPullRequest = 2;
const pullRequestsPerPage = 50;
const downloads = {low: 0, likely: 0, high: 10};
const lfsBatches = {low: 0, likely: 0, high: 5};

/** What the first backup of a repository may take of which nothing is known at all: a wide range. */
export function firstOfUnknown(data: readonly DataKind[]): Demand {
	const least = leastChanged(data);
	const turn = leastOfTurn(data);
	const range = (count: (bound: keyof RequestRange) => number): RequestRange => ({
		low: count('low'),
		likely: count('likely'),
		high: count('high'),
	});
	const each = requestsPerPullRequest + countOf(data, ['statuses']);
	const api = range(bound => {
		const some = data.includes('pull-requests') ? pullRequests[bound] : 0;
		// What is read after a push and in turns is in both.
		const twice = kindsWith('repository', 'refs', data).filter(({again}) => again.includes('turn')).length;
		return (least.api ?? 0) + (turn.api ?? 0) - twice + some * each + Math.floor(some / pullRequestsPerPage);
	});
	const git = range(bound =>
		least.git === undefined ? 0 : least.git + (data.includes('lfs') ? lfsBatches[bound] : 0),
	);
	return {
		...(api.high > 0 ? {api} : {}),
		// An empty repository has nothing to fetch.
		...(git.high > 0 ? {git: {...git, low: advertisementRequests}} : {}),
		...(turn.webhooks === undefined ? {} : {webhooks: exactly(turn.webhooks)}),
		...(data.includes('downloads') ? {raw: range(bound => downloads[bound])} : {}),
	};
}

/** Projects and snippets of a workspace of which nothing is known. */
const projects = {low: 0, likely: 4, high: 30};
const snippets = {low: 0, likely: 4, high: 50};

/** What the workspace's own data and its snippets may take. */
export function besideOfUnknown(data: readonly DataKind[]): Demand {
	const kinds = countByResource(kindsWith('workspace', 'run', data));
	const perProject = kindsWith('project', 'turn', data).length;
	const perSnippet = kindsWith('snippet', 'turn', data).length;
	const api = (bound: keyof RequestRange): number =>
		(kinds.api ?? 0) + projects[bound] * perProject + snippets[bound] * perSnippet;
	const git = {
		low: 0,
		likely: snippets.likely * advertisementRequests,
		high: snippets.high * (advertisementRequests + packRequests),
	};
	return {
		...(api('high') > 0 ? {api: {low: api('low'), likely: api('likely'), high: api('high')}} : {}),
		...(kinds.webhooks === undefined ? {} : {webhooks: exactly(kinds.webhooks)}),
		...(data.includes('snippets') ? {git} : {}),
	};
}

/** Elements of a page of the list of repositories. */
const repositoriesPerPage = 100;

/** Requests that list so many repositories of a workspace. */
export function listingRequests(repositories: number): number {
	return Math.max(1, Math.ceil(repositories / repositoriesPerPage));
}

function exactly(count: number): RequestRange {
	return {low: count, likely: count, high: count};
}

function countOf(data: readonly DataKind[], kinds: readonly DataKind[]): number {
	return kinds.filter(kind => data.includes(kind)).length;
}

/** The kinds of these data that something has, and that a sign has read again; each takes at least one request. */
function kindsWith(of: Owner, sign: Sign, data: readonly DataKind[]): readonly MetadataKind[] {
	return Object.values<MetadataKind>(metadataKinds).filter(
		kind =>
			kind.of === of && kind.each === undefined && kind.again.includes(sign) && data.includes(kind.data),
	);
}

function countByResource(kinds: readonly MetadataKind[]): Partial<Record<Resource, number>> {
	const counts: Partial<Record<Resource, number>> = {};
	for (const {resource} of kinds) {
		counts[resource] = (counts[resource] ?? 0) + 1;
	}

	return counts;
}

function withoutNothing(requests: Requests): Requests {
	return Object.fromEntries(Object.entries(requests).filter(([, count]) => count > 0));
}
