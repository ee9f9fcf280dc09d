import {readFiles} from '../last-snapshot.ts';
import type {MirrorReader} from '../mirror.ts';
import {parseRefList, type RefList} from '../ref-list.ts';
import {changedFields} from './changed-fields.ts';
import {type ChangedPath, readChangedPaths} from './changed-paths.ts';
import {findForwardMoves} from './forward-moves.ts';
import {diffSnapshots, movedBranches, type SnapshotChanges} from './snapshot-changes.ts';

/** Two snapshots by their commits. */
export type SnapshotPair = {readonly before: string; readonly after: string};

/**
What changed in each of some pairs. Trees are compared by git, and only what differs is read: it takes some processes for each
pair whose refs differ, and next to none for the others.

@param pairs Each commit once as the later one. The later one of a pair that is the earlier one of the next is read once.
@returns in the order of the pairs.
@throws GitFailed
*/
export async function readChanges(
	mirror: MirrorReader,
	pairs: readonly SnapshotPair[],
): Promise<readonly SnapshotChanges[]> {
	const pathsOf = await readChangedPaths(mirror, pairs);
	const restless = await findRestless(mirror, [...pathsOf.values()].flat());
	const readRefs = createRefReader(mirror);
	const changes: SnapshotChanges[] = [];
	for (const pair of pairs) {
		mirror.signal.throwIfAborted();
		const all = pathsOf.get(pair.after) ?? [];
		const refs = all.find(({path}) => path === 'refs');
		const before = await readRefs(refs?.before);
		const after = await readRefs(refs?.after);
		const isForward = await findForwardMoves(mirror, movedBranches(before, after));
		changes.push(diffSnapshots({before, after, paths: all.filter(path => !restless.has(path)), isForward}));
	}

	return changes;
}

/** Reads lists of refs by the ids of their files, and remembers the last two: each is the other side of the next pair. */
function createRefReader(mirror: MirrorReader): (id: string | undefined) => Promise<RefList | undefined> {
	const known = new Map<string, RefList>();
	return async id => {
		if (id === undefined) {
			return undefined;
		}

		const found = known.get(id);
		if (found !== undefined) {
			return found;
		}

		const [file] = await readFiles(mirror, [id]);
		const refs = file === undefined ? undefined : parseRefList(file);
		if (refs !== undefined) {
			for (const old of [...known.keys()].slice(0, -1)) {
				known.delete(old);
			}

			known.set(id, refs);
		}

		return refs;
	};
}

/** Descriptions of repositories of which nothing changed but what every push changes. */
async function findRestless(
	mirror: MirrorReader,
	paths: readonly ChangedPath[],
): Promise<ReadonlySet<ChangedPath>> {
	const suspects = paths.filter(
		({path, before, after}) => path === 'repository.json' && before !== undefined && after !== undefined,
	);
	if (suspects.length === 0) {
		return new Set();
	}

	const files = await readFiles(
		mirror,
		suspects.flatMap(({before = '', after = ''}) => [before, after]),
	);
	return new Set(
		suspects.filter((_, index) => changedFields(files[2 * index], files[2 * index + 1])?.length === 0),
	);
}
