import type {Mirror} from '../mirror.ts';
import type {PullRequest} from './pull-request-list.ts';

/** Where the commit is that a pull request was made of. */
export type CommitPlace =
	/** On a branch, or it was on one: it came with the refs, and stays, by that branch or by a pin. */
	| 'fetched'
	/** In the mirror by a pin of its own, and on no branch as far as is known. */
	| 'pinned'
	/** Not in the mirror: it was squashed, declined or came from a fork. */
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

	const hashes = [...new Set(pullRequests.flatMap(({sourceCommit}) => sourceCommit ?? []))];
	const output =
		hashes.length === 0
			? ''
			: (
					await mirror.read(['cat-file', '--batch-check=%(objecttype) %(objectname)'], {
						input: hashes.map(hash => `${hash}^{commit}\n`).join(''),
					})
				).toString('latin1');
	const lines = output.split('\n');
	const ids = new Map(
		hashes.flatMap((hash, index) => {
			const [, id] = /^commit ([0-9a-f]+)$/.exec(lines[index] ?? '') ?? [];
			return id === undefined ? [] : [[hash, id] as const];
		}),
	);
	return {
		placeOf: ({sourceCommit}) => {
			const id = sourceCommit === undefined ? undefined : ids.get(sourceCommit);
			return id === undefined ? 'absent' : kept.has(id) ? 'pinned' : 'fetched';
		},
	};
}
