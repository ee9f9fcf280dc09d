import {kindsOf} from '../../source/backup/metadata/metadata-kinds.ts';
import type {PullRequest, RepositoryContents} from '../../source/sandbox/world.ts';

/** Elements of a page of most lists, and of those of pull requests and of what happened in them. */
const pageLength = 100;
const pullRequestPageLength = 50;

/** A patch is asked for at the pull request, which leads to it by a redirect. */
const requestsPerPatch = 2;

/**
The fewest REST requests that a first backup of a repository can take, by all that the sandbox knows of it: every list in its longest
pages, comments and tasks only where there are any, what happened by the cheaper way (for all pull requests together or for each), a
patch where no ref leads to the commits, and each kind of settings once.
*/
export function leastForFirstBackup(contents: RepositoryContents): number {
	const {pullRequests, downloads} = contents;
	return (
		pages(pullRequests.length, pullRequestPageLength) +
		sum(pullRequests.map(leastForOne)) +
		leastForActivity(pullRequests) +
		pullRequests.filter(({source}) => !isReachable(source.commit, contents)).length * requestsPerPatch +
		leastForSettings(contents) +
		1 +
		downloads.length
	);
}

/** Comments and tasks: deleted comments are not counted by Bitbucket, and worth no request. */
function leastForOne({comments, tasks}: PullRequest): number {
	const hasComments = comments.some(({deleted}) => !deleted);
	return (
		(hasComments ? pages(comments.length, pageLength) : 0) +
		(tasks.length === 0 ? 0 : pages(tasks.length, pageLength))
	);
}

function leastForActivity(pullRequests: readonly PullRequest[]): number {
	if (pullRequests.length === 0) {
		return 0;
	}

	const lengths = pullRequests.map(({activity}) => activity.length);
	const forEach = sum(lengths.map(length => pages(length, pullRequestPageLength)));
	return Math.min(forEach, pages(sum(lengths), pullRequestPageLength));
}

/** Each kind of settings once; variables once for each deployment environment. */
function leastForSettings({environments}: RepositoryContents): number {
	const kinds = [...kindsOf('repository', 'settings').values()];
	return kinds.filter(({each}) => each === undefined).length + environments.length;
}

/** Whether a branch or tag leads to a commit, so that it comes with Git. */
function isReachable(commit: string, {refs, commits}: RepositoryContents): boolean {
	const seen = new Set<string>();
	const waiting = refs.map(({hash}) => hash);
	for (let hash = waiting.pop(); hash !== undefined; hash = waiting.pop()) {
		if (hash === commit) {
			return true;
		}

		if (!seen.has(hash)) {
			seen.add(hash);
			waiting.push(...(commits.get(hash)?.parents ?? []));
		}
	}

	return false;
}

function pages(elements: number, length: number): number {
	return Math.max(1, Math.ceil(elements / length));
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, one) => total + one, 0);
}
