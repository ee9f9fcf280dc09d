import type {RefList} from '../ref-list.ts';
import type {ChangedPath} from './changed-paths.ts';

/** A ref of one side. Names are byte strings. */
export type NamedRef = {readonly name: string; readonly id: string};

/** A ref that both sides have, each at another object. */
export type MovedRef = {
	readonly name: string;
	readonly before: string;
	readonly after: string;
	/** Whether what it was is still part of its history; undefined where that is not known. */
	readonly isForward: boolean | undefined;
};

export type RefChanges = {
	readonly added: readonly NamedRef[];
	readonly moved: readonly MovedRef[];
	readonly removed: readonly NamedRef[];
};

/** Numbered things of a snapshot, each a folder of files: pull requests, pipelines. */
export type NumberedChanges = {
	readonly added: readonly number[];
	readonly updated: readonly number[];
	readonly removed: readonly number[];
};

export type ChangedFile = {readonly path: string; readonly status: ChangedPath['status']};

/** What is different between two snapshots of a repository. */
export type SnapshotChanges = {
	/** Where HEAD pointed and points; undefined where that is the same. */
	readonly head: {readonly before: string | undefined; readonly after: string | undefined} | undefined;
	readonly branches: RefChanges;
	readonly tags: RefChanges;
	readonly otherRefs: RefChanges;
	readonly pullRequests: NumberedChanges;
	readonly pipelines: NumberedChanges;
	/** All other files: settings, downloads, the repository itself; sorted by path. */
	readonly files: readonly ChangedFile[];
};

/** Whether a tip is part of another one's history; undefined where that is not known. */
export type IsForward = (before: string, after: string) => boolean | undefined;

/** Files that differ with every snapshot, or are compared by what they hold. */
const passedOver: ReadonlySet<string> = new Set(['refs', 'snapshot.json']);

/**
What changed from one snapshot to another one.

@param before Undefined for one that holds no refs, like the workspace's own.
@param paths What git finds different between their trees.
*/
export function diffSnapshots(options: {
	readonly before: RefList | undefined;
	readonly after: RefList | undefined;
	readonly paths: readonly ChangedPath[];
	readonly isForward: IsForward;
}): SnapshotChanges {
	const {before, after, paths} = options;
	const refs = diffRefs(before?.refs ?? new Map(), after?.refs ?? new Map(), options.isForward);
	return {
		head: before?.head === after?.head ? undefined : {before: before?.head, after: after?.head},
		branches: ofKind(refs, name => name.startsWith(branchPrefix)),
		tags: ofKind(refs, name => name.startsWith(tagPrefix)),
		otherRefs: ofKind(refs, name => !name.startsWith(branchPrefix) && !name.startsWith(tagPrefix)),
		pullRequests: numberedIn('pull-requests', 'pull-request.json', paths),
		pipelines: numberedIn('pipelines', 'pipeline.json', paths),
		files: paths
			.filter(({path}) => !passedOver.has(path) && !/^(pull-requests|pipelines)\/\d+\//.test(path))
			.map(({path, status}) => ({path, status}))
			.sort((left, right) => (left.path < right.path ? -1 : 1)),
	};
}

export const branchPrefix = 'refs/heads/';
export const tagPrefix = 'refs/tags/';

function diffRefs(
	before: ReadonlyMap<string, string>,
	after: ReadonlyMap<string, string>,
	isForward: IsForward,
): RefChanges {
	const added: NamedRef[] = [];
	const moved: MovedRef[] = [];
	for (const [name, id] of after) {
		const old = before.get(name);
		if (old === undefined) {
			added.push({name, id});
		} else if (old !== id) {
			moved.push({name, before: old, after: id, isForward: isForward(old, id)});
		}
	}

	const removed = [...before].flatMap(([name, id]) => (after.has(name) ? [] : [{name, id}]));
	return {added, moved, removed};
}

/** Branches that moved: what `isForward` is to be found out of. */
export function movedBranches(
	before: RefList | undefined,
	after: RefList | undefined,
): ReadonlyArray<Pick<MovedRef, 'before' | 'after'>> {
	const refs = diffRefs(before?.refs ?? new Map(), after?.refs ?? new Map(), () => undefined);
	return refs.moved.filter(({name}) => name.startsWith(branchPrefix));
}

function ofKind({added, moved, removed}: RefChanges, isOfKind: (name: string) => boolean): RefChanges {
	const select = <Ref extends {readonly name: string}>(refs: readonly Ref[]): readonly Ref[] =>
		refs.filter(({name}) => isOfKind(name));
	return {added: select(added), moved: select(moved), removed: select(removed)};
}

/** @param main The file that each of them has: it came with it, it goes with it. */
function numberedIn(folder: string, main: string, paths: readonly ChangedPath[]): NumberedChanges {
	const statuses = new Map<number, ChangedPath['status']>();
	for (const {path, status} of paths) {
		const [, parent, number, file] = /^([^/]+)\/(\d+)\/(.+)$/.exec(path) ?? [];
		if (parent === folder && number !== undefined) {
			const isWhole = file === main;
			if (isWhole || !statuses.has(Number(number))) {
				statuses.set(Number(number), isWhole ? status : 'changed');
			}
		}
	}

	const numbers = (wanted: ChangedPath['status']): readonly number[] =>
		[...statuses]
			.filter(([, status]) => status === wanted)
			.map(([number]) => number)
			.sort((left, right) => left - right);
	return {added: numbers('added'), updated: numbers('changed'), removed: numbers('removed')};
}

/** Whether nothing is different but what a snapshot says of itself. */
export function isNothing(changes: SnapshotChanges): boolean {
	const {head, branches, tags, otherRefs, pullRequests, pipelines, files} = changes;
	return (
		head === undefined &&
		[branches, tags, otherRefs].every(
			({added, moved, removed}) => added.length + moved.length + removed.length === 0,
		) &&
		[pullRequests, pipelines].every(
			({added, updated, removed}) => added.length + updated.length + removed.length === 0,
		) &&
		files.length === 0
	);
}
