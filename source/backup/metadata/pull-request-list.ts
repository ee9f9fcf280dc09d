import * as z from 'zod';
import type {AccountPool} from '../../accounts/pool-types.ts';
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
	task_count: z.number().optional(),
	updated_on: z.string().optional(),
	/** `commit` is null when the source repository is gone. */
	source: z.looseObject({commit: z.looseObject({hash: z.string()}).nullish()}).nullish(),
});

/** What is decided upon of a pull request. */
export type PullRequest = {
	readonly id: number;
	readonly state: string | undefined;
	/** How many comments and tasks it is said to have. */
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

export type PullRequestPage = {
	readonly listed: readonly ListedPullRequest[];
	/** How many pull requests the whole list has, where Bitbucket says it. */
	readonly size: number | undefined;
};

const everyState = ['OPEN', 'MERGED', 'DECLINED', 'SUPERSEDED'].map(state => `state=${state}`).join('&');

/**
All pull requests of a repository, page by page, each with its participants and reviewers.

Sorted by id, so that one that changes while pages are turned does not move to another page.

@throws RequestFailed
*/
export async function* listById(pool: AccountPool, names: Names): AsyncGenerator<PullRequestPage> {
	try {
		yield* list(pool, names, `${everyState}&sort=id`);
	} catch (error) {
		if (!(error instanceof RequestFailed && error.reason === 'bad-request')) {
			throw error;
		}

		yield* list(pool, names, everyState);
	}
}

/** The same, those first that changed last. @throws RequestFailed */
export function listNewest(pool: AccountPool, names: Names): AsyncGenerator<PullRequestPage> {
	return list(pool, names, `${everyState}&sort=-updated_on`);
}

/** Those that are open. @throws RequestFailed */
export function listOpen(pool: AccountPool, names: Names): AsyncGenerator<PullRequestPage> {
	return list(pool, names, 'state=OPEN&sort=id');
}

/** When a pull request changed last, in milliseconds since the epoch; NaN where that is not told. */
export function momentOf({updatedOn}: Pick<PullRequest, 'updatedOn'>): number {
	return Date.parse(updatedOn ?? '');
}

/** The source commit that a pull request's file names. */
export function sourceCommitIn(file: Buffer): string | undefined {
	try {
		const parsed = PullRequestSchema.safeParse(JSON.parse(file.toString('utf8')));
		return parsed.success ? sourceCommitOf(parsed.data) : undefined;
	} catch {
		return undefined;
	}
}

async function* list(pool: AccountPool, names: Names, query: string): AsyncGenerator<PullRequestPage> {
	const request = requestForPages(metadataKinds['pull-requests'], names);
	for await (const {elements, size} of pool.listPages({...request, url: `${request.url}&${query}`})) {
		const listed = elements.map(({value, raw}) => ({
			pullRequest: pullRequestOf(value, names),
			contents: elementFile(raw),
		}));
		yield {listed, size};
	}
}

function pullRequestOf(value: unknown, names: Names): PullRequest {
	const parsed = PullRequestSchema.safeParse(value);
	if (!parsed.success) {
		const url = addressOf({endpoint: metadataKinds['pull-requests'].endpoint}, names);
		throw new RequestFailed(`The list at ${url} holds something that is no pull request.`, {
			reason: 'malformed',
			status: 200,
			url,
		});
	}

	const {id, state, comment_count, task_count, updated_on} = parsed.data;
	return {
		id,
		state,
		comments: comment_count,
		tasks: task_count,
		updatedOn: updated_on,
		sourceCommit: sourceCommitOf(parsed.data),
	};
}

function sourceCommitOf({source}: z.infer<typeof PullRequestSchema>): string | undefined {
	const hash = source?.commit?.hash;
	return hash !== undefined && /^[0-9a-f]{7,64}$/.test(hash) ? hash : undefined;
}
