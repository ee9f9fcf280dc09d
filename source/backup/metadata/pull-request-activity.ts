import {createHash} from 'node:crypto';
import {z} from 'zod';
import type {AccountPool} from '../../accounts/pool-types.ts';
import {canonicalJson} from '../../bitbucket/canonical-json.ts';
import {fileUnit} from '../draft-chunk.ts';
import type {Drafting} from '../drafting.ts';
import type {SnapshotTree} from '../snapshot-tree.ts';
import {elementsIn, listFile} from './list-file.ts';
import {fillIn, type Names} from './metadata-kind.ts';
import {metadataKinds} from './metadata-kinds.ts';
import type {ListedPullRequest} from './pull-request-list.ts';
import {type Reading, readKind} from './read-kind.ts';

/** What happened to each pull request: comments, updates, approvals. */
export type Activities = {
	/** Asks for it; undefined where it is in the snapshot already, read with that of all the others or found in the draft. */
	readonly of: (listed: ListedPullRequest) => Promise<Reading | undefined>;
};

export type ActivityPlace = {
	readonly pool: AccountPool;
	readonly names: Names;
	readonly tree: SnapshotTree;
	readonly drafting: Drafting;
};

/**
About so many pull requests' activity fills a page of the list of the whole repository; it holds some entries for each. When
fewer than one in so many has changed, asking for each of them costs less than turning all pages.
*/
const pullRequestsPerPage = 6;

/**
Reads the activity of pull requests in the fewest requests: by the repository's one list, or for each alone.

The list is all or nothing: that its next page goes on where an interrupted backup stopped is promised by nobody. Once it was
read to its end, each pull request's part of it goes into the draft by itself.
*/
export async function readActivities(
	changed: readonly ListedPullRequest[],
	total: number,
	place: ActivityPlace,
): Promise<Activities> {
	const {pool, names} = place;
	const missing = changed.filter(listed => !takeDrafted(listed, place));
	const alone = new Set(missing);
	const of: Activities['of'] = async listed => {
		const id = String(listed.pullRequest.id);
		return alone.has(listed)
			? readKind(pool, metadataKinds['pull-request/activity'], {...names, id})
			: undefined;
	};
	if (missing.length <= Math.ceil(total / pullRequestsPerPage)) {
		return {of};
	}

	const all = await readKind(pool, metadataKinds['pull-requests/activity'], names);
	if (all.kind !== 'read') {
		return {of: async listed => (alone.has(listed) ? all : undefined)};
	}

	const byId = groupById(all.contents);
	for (const {pullRequest} of missing) {
		place.tree.write(fileOf(pullRequest.id), listFile(byId.get(pullRequest.id) ?? []));
	}

	await place.drafting.finished(
		missing.map(listed => fileUnit(draftedPath(listed), fileOf(listed.pullRequest.id))),
	);
	return {of: async () => undefined};
}

function fileOf(id: number): string {
	return fillIn(metadataKinds['pull-request/activity'].file, {id: String(id)});
}

/** Where a draft keeps the activity of a pull request that it lacks the rest of: good for the pull request as it is listed now. */
function draftedPath({pullRequest: {id}, contents}: ListedPullRequest): string {
	return `activities/${id}-${createHash('sha1').update(canonicalJson(contents)).digest('hex')}.json`;
}

function takeDrafted(listed: ListedPullRequest, {tree, drafting}: ActivityPlace): boolean {
	const file = drafting.left?.units.get(draftedPath(listed))?.files.get('');
	if (file === undefined) {
		return false;
	}

	tree.take(fileOf(listed.pullRequest.id), file);
	return true;
}

const EntrySchema = z.looseObject({pull_request: z.looseObject({id: z.number()})});

function groupById(list: Buffer): ReadonlyMap<number, readonly Buffer[]> {
	const byId = new Map<number, Buffer[]>();
	for (const {value, raw} of elementsIn(list)) {
		const id = EntrySchema.safeParse(value).data?.pull_request.id;
		if (id !== undefined) {
			const group = byId.get(id);
			if (group === undefined) {
				byId.set(id, [raw]);
			} else {
				group.push(raw);
			}
		}
	}

	return byId;
}
