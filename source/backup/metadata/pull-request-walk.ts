import {type ListedPullRequest, momentOf, type PullRequestPage} from './pull-request-list.ts';

export type WalkOptions = {
	/** Begins the list anew: those first that changed last. */
	readonly list: () => AsyncIterable<PullRequestPage>;
	/** When the newest change happened that is known of all pull requests: milliseconds since the epoch. */
	readonly mark: number;
	/** Ids of the pull requests that are known. */
	readonly known: ReadonlySet<number>;
	/** Told of each page. @returns whether it holds anything that is not known. */
	readonly see: (page: readonly ListedPullRequest[]) => Promise<boolean>;
};

export type Walk = {
	/** How many pull requests there are. */
	readonly size: number;
	/** When the newest of them changed, as Bitbucket writes it; undefined where there is none. */
	readonly updatedOn: string | undefined;
};

/** Bitbucket's clocks may differ, and what is written first be seen last: changes so far apart may come in either order. */
const overlapMilliseconds = 10 * 60_000;

/** How often the walk begins anew since the list moved under it; what moves after that is found by the next run. */
const mostRounds = 3;

/**
Finds what changed since the mark in the fewest pages: from the newest change down until it comes to what is known.

Nothing is lost when somebody changes a pull request while pages are turned. It moves to the top, and what was before it moves on
by one place: so an element comes twice, or `size` is another, and the walk begins anew, down to where it began before. What escapes
that (one that moves while the last page is read) keeps its old state in this snapshot, as if it had changed after the
run; it has a newer change than all that was seen, which is the mark of the next run, and is found there. And however the list
moved: unless those that are known, together with those that were seen, are as many as the list says, nothing is believed.

@returns undefined where the server does not sort or count as it was asked to, or the numbers do not agree: then everything has
to be listed.
*/
export async function walkNewest(options: WalkOptions): Promise<Walk | undefined> {
	const there = new Set(options.known);
	let {mark} = options;
	let down: Descent | undefined;
	for (let round = 0; round < mostRounds; round += 1) {
		down = await descend({...options, mark}, there);
		if (down === undefined || !down.hasMoved) {
			break;
		}

		mark = down.newest;
	}

	return down !== undefined && there.size === down.size
		? {size: down.size, updatedOn: down.updatedOn}
		: undefined;
}

type Descent = Walk & {
	/** `updatedOn` in milliseconds since the epoch. */
	readonly newest: number;
	readonly hasMoved: boolean;
};

/** Reads the list from its beginning once. @param there Gets the ids that were seen. */
async function descend({list, mark, see}: WalkOptions, there: Set<number>): Promise<Descent | undefined> {
	const seen = new Set<number>();
	let size: number | undefined;
	let newest: {readonly at: number; readonly updatedOn: string | undefined} | undefined;
	let last = Number.POSITIVE_INFINITY;
	let hasMoved = false;
	for await (const page of list()) {
		for (const {pullRequest} of page.listed) {
			const at = momentOf(pullRequest);
			if (Number.isNaN(at) || at > last) {
				return undefined;
			}

			last = at;
			newest ??= {at, updatedOn: pullRequest.updatedOn};
			hasMoved ||= seen.has(pullRequest.id);
			seen.add(pullRequest.id);
			there.add(pullRequest.id);
		}

		hasMoved ||= size !== undefined && page.size !== size;
		size = page.size;
		const hasNews = await see(page.listed);
		if (size === undefined || isEnough({last, mark, hasNews})) {
			break;
		}
	}

	return size === undefined || newest === undefined
		? undefined
		: {size, updatedOn: newest.updatedOn, newest: newest.at, hasMoved};
}

/** Whether all that follows a page is known: it ends with what is older than the mark, or has come to it and held nothing new. */
export function isEnough({
	last,
	mark,
	hasNews,
}: {
	/** When the last one of the page changed. */
	readonly last: number;
	readonly mark: number;
	readonly hasNews: boolean;
}): boolean {
	return last < mark - overlapMilliseconds || (last <= mark && !hasNews);
}
