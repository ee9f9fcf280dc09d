import {readFiles} from '../last-snapshot.ts';
import type {MirrorReader} from '../mirror.ts';
import {changedFields} from './changed-fields.ts';
import {type ChangedPath, readChangedPaths, type SnapshotPair} from './changed-paths.ts';
import {readChangedRefs} from './changed-refs.ts';
import {findForwardMoves} from './forward-moves.ts';
import {diffSnapshots, movedBranches, type SnapshotChanges} from './snapshot-changes.ts';

/**
What changed in each of some pairs. Git compares trees and lists of refs, and only what differs is read: three processes for all
pairs together, and one or a few for each pair with branches that moved.

@param pairs Each commit once as the later one.
@returns in the order of the pairs.
@throws GitFailed
*/
export async function readChanges(
	mirror: MirrorReader,
	pairs: readonly SnapshotPair[],
): Promise<readonly SnapshotChanges[]> {
	const pathsOf = await readChangedPaths(mirror, pairs);
	const refsOf = await readChangedRefs(mirror, pairs);
	const restless = await findRestless(mirror, [...pathsOf.values()].flat());
	const changes: SnapshotChanges[] = [];
	for (const pair of pairs) {
		mirror.signal.throwIfAborted();
		const paths = (pathsOf.get(pair.after) ?? []).filter(path => !restless.has(path));
		const {before, after} = refsOf.get(pair.after) ?? {before: undefined, after: undefined};
		const isForward = await findForwardMoves(mirror, movedBranches(before, after));
		changes.push(diffSnapshots({before, after, paths, isForward}));
	}

	return changes;
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
