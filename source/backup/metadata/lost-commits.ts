import {readFiles} from '../last-snapshot.ts';
import {type FetchCommitsOptions, fetchCommits} from './fetch-commits.ts';
import type {PullRequest} from './pull-request-list.ts';

/** Commits of pull requests that no branch shows. Their patches are saved; the commits too where the server gives them. */
export type LostCommits = {
	/** Takes note of the commit of a patch. */
	readonly add: (pullRequest: PullRequest, patch: Buffer) => void;
	/** The same of patches that are in the mirror. */
	readonly addSaved: (patches: readonly SavedPatch[]) => Promise<void>;
	/** Asks for all of them. */
	readonly fetch: () => Promise<void>;
};

/** A patch that is in the mirror, by the id of its file. */
export type SavedPatch = {readonly pullRequest: PullRequest; readonly id: string};

/** So many patches are looked into at a time: they may be large. */
const patchesAtOnce = 10;

export function createLostCommits(options: FetchCommitsOptions): LostCommits {
	const ids = new Set<string>();
	const add: LostCommits['add'] = ({sourceCommit}, patch) => {
		const id = sourceCommit === undefined ? undefined : findFullId(patch, sourceCommit);
		if (id !== undefined) {
			ids.add(id);
		}
	};

	return {
		add,
		addSaved: async patches => {
			for (let begin = 0; begin < patches.length; begin += patchesAtOnce) {
				const some = patches.slice(begin, begin + patchesAtOnce);
				const files = await readFiles(
					options.mirror,
					some.map(({id}) => id),
				);
				for (const [index, {pullRequest}] of some.entries()) {
					add(pullRequest, files[index] ?? Buffer.alloc(0));
				}
			}
		},
		fetch: async () => {
			await fetchCommits([...ids], options);
		},
	};
}

/** The first line of each commit in a patch, as `git format-patch` writes it. */
const commitLine = /^From ([0-9a-f]{40}) Mon Sep 17 00:00:00 2001$/gm;

/**
The full id of a pull request's commit: the list gives its first twelve digits, by which no server gives it; the patch has it all.

@returns undefined where the patch does not name it, as that of a merge.
*/
export function findFullId(patch: Buffer, sourceCommit: string): string | undefined {
	const ids = [...patch.toString('latin1').matchAll(commitLine)].map(([, id = '']) => id);
	return ids.findLast(id => id.startsWith(sourceCommit));
}
