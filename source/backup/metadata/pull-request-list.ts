import {z} from 'zod';
import type {AccountPool, ListPage} from '../../accounts/pool-types.ts';
import {RequestFailed} from '../../bitbucket/failures.ts';
import {elementFile} from './list-file.ts';
import {addressOf, type Names} from './metadata-kind.ts';
import {metadataKinds} from './metadata-kinds.ts';
import {requestForPages} from './read-kind.ts';

/** What is decided upon of a pull request; all else is kept as it came. */
const PullRequestSchema = z.looseObject({
	id: z.number().int().nonnegative(),
	state: z.string().optional(),
	comment_count: z.number().optional(),
	/** Of open tasks, by Bitbucket's description. */
	task_count: z.number().optional(),
	updated_on: z.string().optional(),
	/** `commit` is null when the source repository is gone. */
	source: z.looseObject({commit: z.looseObject({hash: z.string()}).nullish()}).nullish(),
});

/** What is decided upon of a pull request. */
export type PullRequest = {
	readonly id: number;
	readonly state: string | undefined;
	/** How many comments and open tasks it is said to have. */
	readonly comments: number | undefined;
	readonly tasks: number | undefined;
	/** When it changed last, as Bitbucket writes it. */
	readonly updatedOn: string | undefined;
	/** The source commit's hash or its first digits; undefined when its repository is gone. */
	readonly sourceCommit: string | undefined;
};

export type ListedPullRequest = {
	readonly pullRequest: PullRequest;
	/** Its file: the exact bytes that came. */
	readonly contents: Buffer;
};

const states = ['OPEN', 'MERGED', 'DECLINED', 'SUPERSEDED'] as const;

/**
All pull requests of a repository, page by page, each with its participants and reviewers, which the list leaves out by itself.

Sorted by id, so that one that changes while pages are turned does not move to another page.

@throws RequestFailed
*/
export async function* listPullRequests(
	pool: AccountPool,
	names: Names,
): AsyncGenerator<readonly ListedPullRequest[]> {
	const request = requestForPages(metadataKinds['pull-requests'], names);
	const url = `${request.url}&${states.map(state => `state=${state}`).join('&')}`;
	try {
		yield* read(pool.listPages({...request, url: `${url}&sort=id`}), names);
	} catch (error) {
		if (!(error instanceof RequestFailed && error.reason === 'bad-request')) {
			throw error;
		}

		yield* read(pool.listPages({...request, url}), names);
	}
}

async function* read(
	pages: AsyncIterable<ListPage>,
	names: Names,
): AsyncGenerator<readonly ListedPullRequest[]> {
	for await (const {elements} of pages) {
		yield elements.map(({value, raw}) => {
			const parsed = PullRequestSchema.safeParse(value);
			if (!parsed.success) {
				throw noPullRequest(names);
			}

			return {pullRequest: pullRequestOf(parsed.data), contents: elementFile(raw)};
		});
	}
}

function pullRequestOf(listed: z.infer<typeof PullRequestSchema>): PullRequest {
	const {id, state, comment_count: comments, task_count: tasks, updated_on: updatedOn, source} = listed;
	const hash = source?.commit?.hash;
	return {
		id,
		state,
		comments,
		tasks,
		updatedOn,
		sourceCommit: hash !== undefined && /^[0-9a-f]{7,64}$/.test(hash) ? hash : undefined,
	};
}

function noPullRequest(names: Names): RequestFailed {
	const url = addressOf(metadataKinds['pull-requests'], names);
	return new RequestFailed(`The list at ${url} holds something that is no pull request.`, {
		reason: 'malformed',
		status: 200,
		url,
	});
}
