import {z} from 'zod';
import type {AccountPool} from '../../accounts/pool-types.ts';
import {RequestFailed} from '../../bitbucket/failures.ts';

/** What is decided upon of a pull request; all else is kept as it came. */
const PullRequestSchema = z.looseObject({
	id: z.number().int().nonnegative(),
	state: z.string().optional(),
	comment_count: z.number().optional(),
	task_count: z.number().optional(),
	/** `commit` is null when the source repository is gone. */
	source: z.looseObject({commit: z.looseObject({hash: z.string()}).nullish()}).nullish(),
});

export type PullRequest = z.infer<typeof PullRequestSchema>;

/** Bitbucket's most for this list; 100 is answered with 400. */
const pageLength = 50;

const states = ['OPEN', 'MERGED', 'DECLINED', 'SUPERSEDED'] as const;

/**
All pull requests of a repository, each with its participants and reviewers, which the list leaves out by itself.

Sorted by id, so that one that changes while pages are turned does not move to another page.

@throws RequestFailed
*/
export async function listPullRequests(
	pool: AccountPool,
	path: string,
	repository: string,
): Promise<readonly PullRequest[]> {
	const query = `${states.map(state => `state=${state}`).join('&')}&pagelen=${pageLength}&fields=%2Bvalues.participants,%2Bvalues.reviewers`;
	try {
		return await collect(pool, `${path}/pullrequests?${query}&sort=id`, repository);
	} catch (error) {
		if (error instanceof RequestFailed && error.reason === 'bad-request') {
			return collect(pool, `${path}/pullrequests?${query}`, repository);
		}

		throw error;
	}
}

async function collect(pool: AccountPool, url: string, repository: string): Promise<readonly PullRequest[]> {
	const pullRequests = new Map<number, PullRequest>();
	for await (const value of pool.pages({url, repository})) {
		const parsed = PullRequestSchema.safeParse(value);
		if (!parsed.success) {
			throw new RequestFailed(`The list at ${path(url)} holds something that is no pull request.`, {
				reason: 'malformed',
				status: 200,
				url: path(url),
			});
		}

		pullRequests.set(parsed.data.id, parsed.data);
	}

	return [...pullRequests.values()];
}

function path(url: string): string {
	return url.replace(/\?.*$/, '');
}
