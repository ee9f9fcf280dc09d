import type {AccountPool} from '../../accounts/pool-types.ts';
import type {Problems} from '../problems.ts';
import type {SnapshotTree} from '../snapshot-tree.ts';
import {listFile} from './list-file.ts';
import {fillIn, type MetadataKind, type Names} from './metadata-kind.ts';
import {metadataKinds} from './metadata-kinds.ts';
import type {PresentCommits} from './present-commits.ts';
import type {Activities} from './pull-request-activity.ts';
import type {ListedPullRequest} from './pull-request-list.ts';
import {type Reading, readKind} from './read-kind.ts';
import {putReading} from './save-kinds.ts';

export type PartsPlace = {
	readonly pool: AccountPool;
	readonly names: Names;
	readonly tree: SnapshotTree;
	readonly problems: Problems;
	readonly withStatuses: boolean;
	readonly commits: PresentCommits;
	readonly activities: Activities;
};

/** Names of the files that a pull request may have. */
export const partNames = [
	'pull-request.json',
	'comments.json',
	'tasks.json',
	'activity.json',
	'statuses.json',
	'patch',
] as const;

const nothing: Reading = {kind: 'read', contents: listFile([])};

/**
Puts one pull request with all that belongs to it into a snapshot, below `pull-requests/<id>/`. What it is said to have
none of costs no request. A part that cannot be read is taken over from the last snapshot, and named as a problem.
*/
export async function readParts(listed: ListedPullRequest, place: PartsPlace): Promise<void> {
	const {pullRequest, contents} = listed;
	const names = {...place.names, id: String(pullRequest.id)};
	place.tree.write(fillIn(metadataKinds['pull-requests'].file, names), contents);

	const read = async (kind: MetadataKind): Promise<Reading> => readKind(place.pool, kind, names);
	const store = (kind: MetadataKind, reading: Reading): void => {
		putReading(fillIn(kind.file, names), reading, place);
	};

	const {comments, tasks} = pullRequest;
	const parts = metadataKinds;
	store(
		parts['pull-request/comments'],
		comments === 0 ? nothing : await read(parts['pull-request/comments']),
	);
	store(parts['pull-request/tasks'], tasks === 0 ? nothing : await read(parts['pull-request/tasks']));
	const activity = await place.activities.of(listed);
	if (activity !== undefined) {
		store(parts['pull-request/activity'], activity);
	}

	if (place.withStatuses) {
		store(parts['pull-request/statuses'], await read(parts['pull-request/statuses']));
	}

	if (place.commits.has(pullRequest) === false) {
		await storePatch(names, place);
	}
}

/** The changes as a patch, byte for byte: its commits are on no branch, and may be gone from the server one day. */
async function storePatch(names: Names, {pool, tree, problems}: PartsPlace): Promise<void> {
	const kind = metadataKinds['pull-request/patch'];
	const file = fillIn(kind.file, names);
	const reading = await readKind(pool, kind, names);
	if (reading.kind === 'read') {
		tree.write(file, reading.contents);
		return;
	}

	// Commits that the server has thrown away are in no backup any more; what was saved before is kept.
	const wasKept = tree.keep(file);
	if (reading.kind === 'unreadable' && !wasKept) {
		problems.add(file, reading.problem);
	}
}
