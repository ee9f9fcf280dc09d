import {GitFailed} from '../../system/git.ts';
import {forEachAtOnce} from '../at-once.ts';
import type {MirrorReader} from '../mirror.ts';
import type {IsForward} from './snapshot-changes.ts';

/** Pairs that are asked about one by one; of what is beyond them nothing is said. */
const askedAtMost = 200;
const atOnce = 4;

type Pair = {readonly before: string; readonly after: string};

/**
Which moves only went on, so that what was there is still in the history.

Most are found by one process that lists what is new: a walk from the new tip comes by the old one. It does not where history
was rewritten, or where the new tip is old itself; those are asked about one by one.

@param askAtMost How many are asked about one by one.
*/
export async function findForwardMoves(
	mirror: MirrorReader,
	pairs: readonly Pair[],
	askAtMost = askedAtMost,
): Promise<IsForward> {
	if (pairs.length === 0) {
		return () => undefined;
	}

	const known = new Map<string, boolean>();
	const parents = await readNewCommits(mirror, pairs);
	const doubtful = pairs.filter(pair => {
		const isFound = comesBy(pair, parents);
		if (isFound) {
			known.set(keyOf(pair), true);
		}

		return !isFound;
	});
	await forEachAtOnce(doubtful.slice(0, askAtMost), atOnce, async pair => {
		const isForward = await isAncestor(mirror, pair);
		if (isForward !== undefined) {
			known.set(keyOf(pair), isForward);
		}
	});
	return (before, after) => known.get(keyOf({before, after}));
}

function keyOf({before, after}: Pair): string {
	return `${before} ${after}`;
}

/** The commits that new tips lead to and old tips do not, with their parents; none where something of them cannot be read. */
async function readNewCommits(
	mirror: MirrorReader,
	pairs: readonly Pair[],
): Promise<ReadonlyMap<string, readonly string[]>> {
	const after = new Set(pairs.map(pair => `${pair.after}\n`));
	const before = new Set(pairs.map(pair => `^${pair.before}\n`));
	try {
		const output = await mirror.read(['rev-list', '--parents', '--stdin'], {
			input: [...after, ...before].join(''),
		});
		return new Map(
			output
				.toString('latin1')
				.trimEnd()
				.split('\n')
				.map(line => {
					const [commit = '', ...parents] = line.split(' ');
					return [commit, parents] as const;
				}),
		);
	} catch (error) {
		if (error instanceof GitFailed) {
			return new Map();
		}

		throw error;
	}
}

function comesBy({before, after}: Pair, parents: ReadonlyMap<string, readonly string[]>): boolean {
	const seen = new Set([after]);
	for (const commit of seen) {
		for (const parent of parents.get(commit) ?? []) {
			if (parent === before) {
				return true;
			}

			if (parents.has(parent)) {
				seen.add(parent);
			}
		}
	}

	return false;
}

/** @returns undefined where something of them cannot be read. */
async function isAncestor(mirror: MirrorReader, {before, after}: Pair): Promise<boolean | undefined> {
	try {
		await mirror.read(['merge-base', '--is-ancestor', before, after]);
		return true;
	} catch (error) {
		if (error instanceof GitFailed) {
			return error.exitCode === 1 ? false : undefined;
		}

		throw error;
	}
}
