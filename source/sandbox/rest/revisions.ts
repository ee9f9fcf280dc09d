import type {Commit, RepositoryContents} from '../world.ts';
import {found} from './find-one.ts';

type Known = Pick<RepositoryContents, 'commits' | 'refs'>;

/** The commit that a branch, a tag, or a hash of at least seven digits stands for. Throws 404 when it is none. */
export function commitOf({commits, refs}: Known, revision: string): Commit {
	const named = refs.find(({name}) => name === revision);
	const exact = commits.get(named?.hash ?? revision);
	if (exact) {
		return exact;
	}

	const isShort = /^[0-9a-f]{7,39}$/.test(revision);
	const fitting = isShort ? [...commits.values()].filter(({hash}) => hash.startsWith(revision)) : [];
	return found(fitting.length === 1 ? fitting[0] : undefined, `Commit not found: ${revision}`);
}

/** What a diff or patch is asked for. */
export type CommitRange = {
	/** The state to compare with; undefined before a repository's first commit. */
	readonly from: string | undefined;
	readonly to: string;
};

/**
 * Understands one commit (with its first parent), `source..destination`, and what redirects of pull requests hold:
 * `workspace/slug:source`, a carriage return, `destination`. Unlike in Git the changed side comes first.
 */
export function rangeOf(contents: Known, spec: string): CommitRange {
	const [source = '', destination] = spec.split(/\.\.|\r/);
	const hash = source.slice(source.lastIndexOf(':') + 1);
	const to = commitOf(contents, hash);
	return {
		from: destination === undefined ? to.parents[0] : commitOf(contents, destination).hash,
		to: to.hash,
	};
}
