import * as z from 'zod';
import type {AccountPool} from '../../accounts/pool-types.ts';
import type {Aside, Slip} from '../aside.ts';
import {type DraftUnit, fileUnit} from '../draft-chunk.ts';
import type {Drafting} from '../drafting.ts';
import type {SnapshotTree} from '../snapshot-tree.ts';
import {listFile} from './list-file.ts';
import {fillIn, type Names} from './metadata-kind.ts';
import {metadataKinds} from './metadata-kinds.ts';
import type {PullRequestWork} from './pull-request-work.ts';
import {failedReading, type Reading, readKind, requestForPages} from './read-kind.ts';
import {type CommentMarks, markOf} from './unseen-comments.ts';

/** What happened to each pull request: comments, updates, approvals. */
export type Activities = {
	/** Asks for it; undefined where it is in the snapshot already, read with that of all the others or found in the draft. */
	readonly of: (work: PullRequestWork) => Promise<Reading | undefined>;
};

export type ActivityPlace = {
	readonly pool: AccountPool;
	readonly names: Names;
	readonly tree: SnapshotTree;
	readonly drafting: Drafting;
	readonly aside: Aside;
};

/** What a repository's one list of all activity holds. */
export type AllActivity = {
	/** The file of a pull request's part of it. */
	readonly of: (id: number) => Promise<Buffer>;
	/** The comments in it by pull request. */
	readonly comments: ReadonlyMap<number, CommentMarks>;
};

const EntrySchema = z.looseObject({
	pull_request: z.looseObject({id: z.number()}),
	comment: z.unknown().optional(),
});

/**
Reads the list of all activity to its end, page by page; what is in it is put aside.

@returns why it could not be read, where it could not.
*/
export async function readAllActivity({
	pool,
	names,
	aside,
}: ActivityPlace): Promise<AllActivity | Exclude<Reading, {readonly kind: 'read'}>> {
	const kind = metadataKinds['pull-requests/activity'];
	const slips = new Map<number, Slip[]>();
	const comments = new Map<number, Map<number, string>>();
	try {
		for await (const {elements} of pool.listPages(requestForPages(kind, names))) {
			for (const {value, raw} of elements) {
				const entry = EntrySchema.safeParse(value).data;
				if (entry !== undefined) {
					const {id} = entry.pull_request;
					push(slips, id, await aside.put(raw));
					const mark = markOf(entry.comment);
					if (mark !== undefined) {
						comments.set(id, (comments.get(id) ?? new Map()).set(...mark));
					}
				}
			}
		}
	} catch (error) {
		return failedReading(kind, error);
	}

	return {
		comments,
		of: async id => {
			const entries: Buffer[] = [];
			for (const slip of slips.get(id) ?? []) {
				entries.push(await aside.get(slip));
			}

			return listFile(entries);
		},
	};
}

/**
About so many pull requests' activity fills a page of the list of the whole repository; it holds some entries for each. When
fewer than one in so many has changed, asking for each of them costs less than turning all pages.
*/
const pullRequestsPerPage = 6;

/** How much activity is handed over to the draft at a time: it came by a list, so that little is lost with it. */
const handedOverAtOnce = {pullRequests: 1000, bytes: 4 * 1024 * 1024} as const;

/**
Reads the activity of pull requests in the fewest requests: by the repository's one list, or for each alone.

The list is all or nothing: that its next page goes on where an interrupted backup stopped is promised by nobody. Once it was
read to its end, each pull request's part of it goes into the draft by itself.

@param works Those whose activity is due.
@param total Pull requests of the repository.
@param all What was read of the list of all already.
*/
export async function readActivities(
	works: readonly PullRequestWork[],
	total: number,
	all: AllActivity | undefined,
	place: ActivityPlace,
): Promise<Activities> {
	const {pool, names} = place;
	const missing = works.filter(work => !takeDrafted(work, place));
	const alone = new Set(missing);
	if (all === undefined && missing.length <= Math.ceil(total / pullRequestsPerPage)) {
		const kind = metadataKinds['pull-request/activity'];
		return {
			of: async work =>
				alone.has(work) ? readKind(pool, kind, {...names, id: String(work.pullRequest.id)}) : undefined,
		};
	}

	const read = all ?? (await readAllActivity(place));
	if ('kind' in read) {
		return {of: async work => (alone.has(work) ? read : undefined)};
	}

	await handOver(missing, read, place);
	return {of: async () => undefined};
}

async function handOver(
	works: readonly PullRequestWork[],
	all: AllActivity,
	{tree, drafting}: ActivityPlace,
): Promise<void> {
	let units: DraftUnit[] = [];
	let bytes = 0;
	for (const work of works) {
		const {id} = work.pullRequest;
		const contents = await all.of(id);
		tree.write(fileOf(id), contents);
		bytes += contents.length;
		const path = draftedPath(work);
		if (path !== undefined) {
			units.push(fileUnit(path, fileOf(id)));
		}

		if (units.length >= handedOverAtOnce.pullRequests || bytes >= handedOverAtOnce.bytes) {
			await drafting.finished(units);
			units = [];
			bytes = 0;
		}
	}

	await drafting.finished(units);
}

function fileOf(id: number): string {
	return fillIn(metadataKinds['pull-request/activity'].file, {id: String(id)});
}

/** Where a draft keeps the activity of a pull request that it lacks the rest of: good for the pull request as it is listed now. */
function draftedPath({changed}: PullRequestWork): string | undefined {
	return changed === undefined ? undefined : `activities/${changed.pullRequest.id}-${changed.digest}.json`;
}

function takeDrafted(work: PullRequestWork, {tree, drafting}: ActivityPlace): boolean {
	const path = draftedPath(work);
	const file = path === undefined ? undefined : drafting.left?.units.get(path)?.files.get('');
	if (file === undefined) {
		return false;
	}

	tree.take(fileOf(work.pullRequest.id), file);
	return true;
}

function push<Key, Item>(groups: Map<Key, Item[]>, key: Key, item: Item): void {
	const group = groups.get(key);
	if (group === undefined) {
		groups.set(key, [item]);
	} else {
		group.push(item);
	}
}
