import type {AccountPool} from '../../accounts/pool-types.ts';
import type {Aside} from '../aside.ts';
import type {Problems} from '../problems.ts';
import type {SnapshotTree} from '../snapshot-tree.ts';
import {listFile} from './list-file.ts';
import type {LostCommits} from './lost-commits.ts';
import {fillIn, type MetadataKind, type Names} from './metadata-kind.ts';
import {metadataKinds} from './metadata-kinds.ts';
import type {PresentCommits} from './present-commits.ts';
import type {Activities} from './pull-request-activity.ts';
import {dueParts, hasSome, type PullRequestWork, partKinds} from './pull-request-work.ts';
import {type Reading, readKind} from './read-kind.ts';
import {putReading} from './save-kinds.ts';
import type {SavedPullRequests} from './saved-pull-requests.ts';
import type {TaskCounter} from './task-counter.ts';

export type PartsPlace = {
	readonly pool: AccountPool;
	readonly names: Names;
	readonly tree: SnapshotTree;
	readonly problems: Problems;
	readonly saved: SavedPullRequests;
	readonly aside: Aside;
	readonly withStatuses: boolean;
	readonly commits: PresentCommits;
	readonly activities: Activities;
	readonly taskCounter: TaskCounter;
	readonly lostCommits: Pick<LostCommits, 'add'>;
};

const nothing: Reading = {kind: 'read', contents: listFile([])};

/**
Puts one pull request into a snapshot, below `pull-requests/<id>/`: what of it is due is read, the rest taken over. What it is
said to have none of costs no request, unless that is not believed. A part that cannot be read is taken over from the last
snapshot, and named as a problem.
*/
export async function readParts(work: PullRequestWork, place: PartsPlace): Promise<void> {
	const {pullRequest, changed} = work;
	const {tree, aside} = place;
	const names = {...place.names, id: String(pullRequest.id)};
	const due = dueParts(work, place);
	const file = fillIn(metadataKinds['pull-requests'].file, names);
	if (changed === undefined) {
		tree.keep(file);
	} else {
		tree.write(file, await aside.get(changed.slip));
	}

	for (const [name, kind] of partKinds) {
		if (due.has(name)) {
			await readPart(name, kind, {work, names, place});
		} else {
			tree.keep(fillIn(kind.file, names));
		}
	}
}

type PartContext = {readonly work: PullRequestWork; readonly names: Names; readonly place: PartsPlace};

async function readPart(name: string, kind: MetadataKind, context: PartContext): Promise<void> {
	const {work, names, place} = context;
	const {pullRequest} = work;
	const read = async (): Promise<Reading> => readKind(place.pool, kind, names);
	const put = (reading: Reading): void => putReading(fillIn(kind.file, names), reading, place);
	switch (name) {
		case 'pull-request/comments':
			put(hasNone(pullRequest.comments, 'comments.json', context) ? nothing : await read());
			break;
		case 'pull-request/tasks': {
			const isEmpty =
				hasNone(pullRequest.tasks, 'tasks.json', context) && !place.taskCounter.mayHideSome(pullRequest);
			const tasks = isEmpty ? nothing : await read();
			put(tasks);
			if (!isEmpty && tasks.kind === 'read') {
				place.taskCounter.learn(pullRequest, tasks.contents);
			}

			break;
		}

		case 'pull-request/activity': {
			const activity = await place.activities.of(work);
			if (activity !== undefined) {
				put(activity);
			}

			break;
		}

		case 'pull-request/patch':
			await putPatch(kind, context);
			break;
		default:
			put(await read());
	}
}

/** Whether a list is empty, as a number says. What was saved of it may be more than the number counts: deleted, or done. */
function hasNone(said: number | undefined, name: string, {work, place}: PartContext): boolean {
	return said === 0 && !hasSome(place.saved, work.pullRequest.id, name);
}

/** The changes as a patch, byte for byte, where the commits are on no branch and may be gone from the server one day. */
async function putPatch(kind: MetadataKind, context: PartContext): Promise<void> {
	const {work, names, place} = context;
	const {pullRequest, changed} = work;
	const where = place.commits.placeOf(pullRequest);
	const hasSameSource =
		pullRequest.sourceCommit !== undefined && changed?.sourceBefore === pullRequest.sourceCommit;
	const isStillRight = where === 'unknown' || (where !== 'fetched' && hasSameSource);
	const file = fillIn(kind.file, names);
	const isKept = isStillRight && place.tree.keep(file);
	// A pin that the last snapshot knows nothing of was set by a backup that was killed before it could save the patch.
	const isPinNew = where === 'pinned' && (!hasSameSource || place.saved.isLacking(file));
	if (!isKept && (where === 'absent' || isPinNew)) {
		await readPatch(kind, context);
	}
}

async function readPatch(kind: MetadataKind, {work, names, place}: PartContext): Promise<void> {
	const {pool, tree, problems} = place;
	const file = fillIn(kind.file, names);
	const reading = await readKind(pool, kind, names);
	if (reading.kind === 'read') {
		tree.write(file, reading.contents);
		place.lostCommits.add(work.pullRequest, reading.contents);
		return;
	}

	// Commits that the server has thrown away are in no backup any more; what was saved before is kept.
	const wasKept = tree.keep(file);
	if (reading.kind === 'unreadable' && !wasKept) {
		problems.add(file, reading.problem);
	}
}
