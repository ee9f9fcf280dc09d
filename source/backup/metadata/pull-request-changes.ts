import {createHash} from 'node:crypto';
import type {AccountPool} from '../../accounts/pool-types.ts';
import {canonicalJson} from '../../bitbucket/canonical-json.ts';
import {RequestFailed} from '../../bitbucket/failures.ts';
import type {Aside, Slip} from '../aside.ts';
import {type LastSnapshot, readFiles} from '../last-snapshot.ts';
import type {Mirror} from '../mirror.ts';
import {areSame} from '../same-content.ts';
import type {Names} from './metadata-kind.ts';
import {
	type ListedPullRequest,
	listById,
	listNewest,
	listOpen,
	momentOf,
	type PullRequest,
	type PullRequestPage,
	sourceCommitIn,
} from './pull-request-list.ts';
import {type Walk, walkNewest} from './pull-request-walk.ts';
import type {SavedPullRequests} from './saved-pull-requests.ts';

/** A pull request that is new, or listed otherwise than the last snapshot has it. */
export type ChangedPullRequest = {
	readonly pullRequest: PullRequest;
	/** Where its file was put aside. */
	readonly slip: Slip;
	/** Tells what the list says of it from anything else that it may say. */
	readonly digest: string;
	/** The source commit that the last snapshot names. */
	readonly sourceBefore: string | undefined;
};

export type Changes = {
	readonly changed: readonly ChangedPullRequest[];
	/** Those that were listed as the last snapshot has them. */
	readonly unchanged: readonly PullRequest[];
	/** Ids of those that are as the last snapshot has them, as far as can be told; some of them were not listed. */
	readonly kept: ReadonlySet<number>;
	readonly count: number;
	/** When the newest of them changed, as Bitbucket writes it: a later run lists them down to that. */
	readonly updatedOn: string | undefined;
};

export type FindChangesOptions = {
	readonly pool: AccountPool;
	readonly names: Names;
	readonly mirror: Mirror;
	readonly last: LastSnapshot | undefined;
	readonly saved: SavedPullRequests;
	/** Whether all have to be listed, whatever is known. */
	readonly isFullPass: boolean;
	readonly withStatuses: boolean;
	readonly aside: Aside;
};

/**
Finds out which pull requests of a repository have changed since the last snapshot: by a walk from the newest change down to
what is known where that can be trusted, else by the list of them all.

@throws RequestFailed
*/
export async function findChanges(options: FindChangesOptions): Promise<Changes> {
	const {pool, names, last, saved, isFullPass, withStatuses} = options;
	const mark = Date.parse(last?.record?.pullRequestsUpdatedOn ?? '');
	if (!Number.isNaN(mark) && !isFullPass && saved.areWhole(withStatuses)) {
		const sieve = createSieve(options);
		const walk = await walkIfPossible({
			list: () => listNewest(pool, names),
			mark,
			known: saved.ids,
			see: sieve.see,
		});
		if (walk !== undefined) {
			if (withStatuses) {
				await seeAll(listOpen(pool, names), sieve);
			}

			const kept = new Set([...saved.ids].filter(id => !sieve.changed.has(id)));
			return {...foundBy(sieve), kept, count: walk.size, updatedOn: walk.updatedOn};
		}
	}

	const sieve = createSieve(options);
	const updatedOn = await listEverything(options, sieve);
	const kept = new Set(sieve.unchanged.keys());
	return {...foundBy(sieve), kept, count: kept.size + sieve.changed.size, updatedOn};
}

/** @returns undefined where a server refuses to sort. */
async function walkIfPossible(options: Parameters<typeof walkNewest>[0]): Promise<Walk | undefined> {
	try {
		return await walkNewest(options);
	} catch (error) {
		if (error instanceof RequestFailed && error.reason === 'bad-request') {
			return undefined;
		}

		throw error;
	}
}

/**
Lists all pull requests.

The newest change that a later run begins with must not be newer than anything that this list misses: what changes after its page
was turned. So those that changed last are asked for first. They are all there is, or else the list by ids follows, and whatever
changes while that is read is newer than the newest of them.

@returns when the newest of them changed; undefined where it cannot be relied on, so that a later run lists everything again.
*/
async function listEverything({pool, names}: FindChangesOptions, sieve: Sieve): Promise<string | undefined> {
	const top = await listTop(pool, names);
	if (top !== undefined && top.size === top.listed.length) {
		await sieve.see(top.listed);
		return newestOf(top.listed);
	}

	const sizes: Array<number | undefined> = [];
	let isSorted = top?.size !== undefined;
	for await (const {listed, size} of listById(pool, names)) {
		await sieve.see(listed);
		isSorted &&= isBelow(listed, top?.listed ?? []);
		sizes.push(size);
	}

	// Pull requests are not deleted; were one, what follows it in a list would move to a page that was turned already.
	const hasShrunk = sizes.some((size = 0, index) => size < (sizes[index - 1] ?? 0));
	const isWhole = sieve.changed.size + sieve.unchanged.size === sizes.at(-1);
	return isSorted && isWhole && !hasShrunk ? newestOf(top?.listed ?? []) : undefined;
}

/** The first page of those that changed last; undefined where a server refuses to sort. */
async function listTop(pool: AccountPool, names: Names): Promise<PullRequestPage | undefined> {
	try {
		for await (const page of listNewest(pool, names)) {
			return page;
		}
	} catch (error) {
		if (!(error instanceof RequestFailed && error.reason === 'bad-request')) {
			throw error;
		}
	}

	return undefined;
}

/** Whether nothing belongs between those that were said to have changed last: a server may ignore how it is asked to sort. */
function isBelow(listed: readonly ListedPullRequest[], top: readonly ListedPullRequest[]): boolean {
	const moments = top.map(({pullRequest}) => momentOf(pullRequest));
	const ids = new Set(top.map(({pullRequest: {id}}) => id));
	const [newest, oldest] = [Math.max(...moments), Math.min(...moments)];
	return listed.every(({pullRequest}) => {
		const at = momentOf(pullRequest);
		return ids.has(pullRequest.id) || at <= oldest || at > newest;
	});
}

function newestOf(listed: readonly ListedPullRequest[]): string | undefined {
	const [newest] = listed
		.map(({pullRequest}) => pullRequest)
		.filter(pullRequest => !Number.isNaN(momentOf(pullRequest)))
		.sort((left, right) => momentOf(right) - momentOf(left));
	return newest?.updatedOn;
}

/** Tells what is new in a list from what the last snapshot holds. Of a pull request that comes twice the last word counts. */
type Sieve = {
	readonly changed: ReadonlyMap<number, ChangedPullRequest>;
	readonly unchanged: ReadonlyMap<number, PullRequest>;
	/** @returns whether anything of a page is new. */
	readonly see: (page: readonly ListedPullRequest[]) => Promise<boolean>;
};

function createSieve({mirror, saved, aside}: FindChangesOptions): Sieve {
	const changed = new Map<number, ChangedPullRequest>();
	const unchanged = new Map<number, PullRequest>();
	return {
		changed,
		unchanged,
		see: async page => {
			const savedIds = page.map(({pullRequest: {id}}) => saved.file(id, 'pull-request.json'));
			const same = await areSame(
				mirror,
				page.map(({contents}, index) => ({saved: savedIds[index], contents})),
			);
			const sources = await readSources(
				mirror,
				savedIds.flatMap((id, index) => (id === undefined || same[index] ? [] : [id])),
			);
			for (const [index, {pullRequest, contents}] of page.entries()) {
				const {id} = pullRequest;
				if (same[index]) {
					unchanged.set(id, pullRequest);
					changed.delete(id);
				} else {
					const digest = createHash('sha1').update(canonicalJson(contents)).digest('hex');
					const sourceBefore = sources.get(savedIds[index] ?? '');
					changed.set(id, {pullRequest, slip: await aside.put(contents), digest, sourceBefore});
					unchanged.delete(id);
				}
			}

			return same.includes(false);
		},
	};
}

/** The source commits that files of pull requests name, by the files' ids. */
async function readSources(
	mirror: Mirror,
	ids: readonly string[],
): Promise<ReadonlyMap<string, string | undefined>> {
	const files = ids.length === 0 ? [] : await readFiles(mirror, ids);
	return new Map(
		ids.map((id, index) => {
			const file = files[index];
			return [id, file === undefined ? undefined : sourceCommitIn(file)];
		}),
	);
}

function foundBy({changed, unchanged}: Sieve): Pick<Changes, 'changed' | 'unchanged'> {
	return {changed: [...changed.values()], unchanged: [...unchanged.values()]};
}

async function seeAll(pages: AsyncIterable<PullRequestPage>, {see}: Sieve): Promise<void> {
	for await (const {listed} of pages) {
		await see(listed);
	}
}
