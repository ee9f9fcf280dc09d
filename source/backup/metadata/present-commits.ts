import type {Mirror} from '../mirror.ts';
import {keptPrefix, mirrorPrefix} from '../mirror-refs.ts';
import type {PullRequest} from './pull-request-list.ts';

/** Where the commit is that a pull request was made of. */
export type CommitPlace =
	/** On a branch, or it was on one: it came with the refs, and stays, by that branch or by a pin. */
	| 'fetched'
	/** In the mirror by a pin of its own, and on no branch as far as is known. */
	| 'pinned'
	/** Not in the mirror to stay: it was squashed, declined or came from a fork. */
	| 'absent'
	/** Nobody knows, because Git is not backed up. */
	| 'unknown';

export type PresentCommits = {readonly placeOf: (pullRequest: PullRequest) => CommitPlace};

/**
Looks for the source commits of pull requests in the mirror.

@param mirror Undefined where Git is not backed up.
@param kept Ids of the commits that have a pin.
*/
export async function findCommits(
	mirror: Mirror | undefined,
	kept: ReadonlySet<string>,
	pullRequests: readonly PullRequest[],
): Promise<PresentCommits> {
	if (mirror === undefined) {
		return {placeOf: () => 'unknown'};
	}

	const ids = await findIds(mirror, [
		...new Set(pullRequests.flatMap(({sourceCommit}) => sourceCommit ?? [])),
	]);
	const loose = await findLoose(
		mirror,
		[...ids.values()].filter(id => !kept.has(id)),
	);
	return {
		placeOf: ({sourceCommit}) => {
			const id = sourceCommit === undefined ? undefined : ids.get(sourceCommit);
			return id === undefined || loose.has(id) ? 'absent' : kept.has(id) ? 'pinned' : 'fetched';
		},
	};
}

/** Full ids of the commits that are in the mirror, by what they were asked for. */
async function findIds(mirror: Mirror, hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
	if (hashes.length === 0) {
		return new Map();
	}

	const output = await mirror.read(['cat-file', '--batch-check=%(objecttype) %(objectname)'], {
		input: hashes.map(hash => `${hash}^{commit}\n`).join(''),
	});
	const lines = output.toString('latin1').split('\n');
	return new Map(
		hashes.flatMap((hash, index) => {
			const [, id] = /^commit ([0-9a-f]+)$/.exec(lines[index] ?? '') ?? [];
			return id === undefined ? [] : [[hash, id] as const];
		}),
	);
}

/**
Those of the commits that no ref holds: they came in a fetch that was killed before it set its refs, and go with the next cleaning
of the mirror.
*/
async function findLoose(mirror: Mirror, ids: readonly string[]): Promise<ReadonlySet<string>> {
	if (ids.length === 0) {
		return new Set();
	}

	const output = await mirror.read(
		['rev-list', '--stdin', '--not', `--glob=${mirrorPrefix}*`, `--glob=${keptPrefix}*`],
		{input: ids.map(id => `${id}\n`).join('')},
	);
	return new Set(output.toString('latin1').split('\n'));
}
