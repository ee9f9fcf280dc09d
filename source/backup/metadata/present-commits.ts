import type {Mirror} from '../mirror.ts';
import type {PullRequest} from './pull-request-list.ts';

/** Which of the commits that pull requests were made of lie in the mirror. */
export type PresentCommits = {
	/** Undefined where that is not known, because Git is not backed up. */
	readonly has: (pullRequest: PullRequest) => boolean | undefined;
};

/**
Looks for the source commits of pull requests. One that is in the mirror came by a branch, and stays: by that branch, or
by a pin. One that is not there was squashed, declined or came from a fork, and only its patch can be saved.
*/
export async function findCommits(
	mirror: Mirror | undefined,
	pullRequests: readonly PullRequest[],
): Promise<PresentCommits> {
	if (mirror === undefined) {
		return {has: () => undefined};
	}

	const hashes = [...new Set(pullRequests.flatMap(({sourceCommit}) => sourceCommit ?? []))];
	const output =
		hashes.length === 0
			? ''
			: (
					await mirror.read(['cat-file', '--batch-check=%(objecttype)'], {
						input: hashes.map(hash => `${hash}^{commit}\n`).join(''),
					})
				).toString('utf8');
	const lines = output.split('\n');
	const present = new Set(hashes.filter((_, index) => lines[index] === 'commit'));
	return {has: ({sourceCommit}) => sourceCommit !== undefined && present.has(sourceCommit)};
}
