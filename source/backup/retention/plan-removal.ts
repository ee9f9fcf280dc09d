import {UserError} from '../../system/user-error.ts';
import type {MirrorReader} from '../mirror.ts';
import {diskUsage} from './disk-usage.ts';
import {readPullRequestCommits} from './pull-request-commits.ts';
import {findUnreachable} from './reachability.ts';
import {resolveNames} from './resolve-names.ts';
import type {RetentionRefs} from './retention-refs.ts';
import {readDraftHashes, readSnapshotLists, type SnapshotLists} from './snapshot-lists.ts';
import {findStoredFiles, type StoredFile} from './stored-files.ts';

/** Everything that goes with snapshots that go. */
export type Removal = {
	/** Commits of the snapshots by their ids; also of those whose removal was interrupted. */
	readonly snapshots: ReadonlyMap<string, string>;
	readonly files: readonly StoredFile[];
	readonly pins: {
		/** Ids that only released pins led to, and that must stay. */
		readonly add: readonly string[];
		readonly release: readonly string[];
	};
	/** Bytes on disk, about, of what no ref leads to afterwards; undefined where git cannot tell. */
	readonly unreachableBytes: number | undefined;
};

/**
Finds out what may go with snapshots: what they list, and what no other snapshot, nor the draft, needs.

@param snapshots Commits of the snapshots that go, by their ids.
@throws UserError where a snapshot that stays lists what cannot be read: the mirror is damaged.
*/
export async function planRemoval(
	mirror: MirrorReader,
	refs: RetentionRefs,
	snapshots: ReadonlyMap<string, string>,
): Promise<Removal> {
	const staying = [...refs.snapshots].filter(([id]) => !snapshots.has(id)).map(([, {commit}]) => commit);
	const kept = await readSnapshotLists(mirror, staying);
	await assertThere(mirror, kept.tips);
	const gone = await readSnapshotLists(mirror, snapshots.values());
	const pins = await planPins(mirror, {refs, staying, kept, gone});
	const drafted = await readDraftHashes(mirror, refs.draft);
	const isUnneeded = (hash: string): boolean => !kept.mentioned.has(hash) && !drafted.has(hash);
	return {
		snapshots,
		pins,
		files: await findStoredFiles(mirror.folder, {
			lfs: [...gone.lfsObjects].filter(isUnneeded),
			downloads: [...gone.downloads].filter(isUnneeded),
		}),
		unreachableBytes: await diskUsage(mirror, {
			of: [...snapshots.values(), ...pins.release],
			without: [...rootsWithout(refs, pins.release), ...staying, ...pins.add],
		}),
	};
}

/** @throws UserError */
async function assertThere(mirror: MirrorReader, tips: ReadonlySet<string>): Promise<void> {
	const found = await resolveNames(mirror, tips);
	const missing = [...tips].find(id => !found.has(id));
	if (missing !== undefined) {
		throw new UserError(
			`the mirror is damaged: ${missing} is listed by a snapshot and cannot be read; nothing of it was removed`,
		);
	}
}

/**
A pin may go where a snapshot that goes lists it and none that stays does. Pins that no snapshot ever listed stay: whoever made
them knows what for.

What stays may be older than what goes and be reached through its pin alone. It gets a pin of its own.
*/
async function planPins(
	mirror: MirrorReader,
	{
		refs,
		staying,
		kept,
		gone,
	}: {
		readonly refs: RetentionRefs;
		readonly staying: readonly string[];
		readonly kept: SnapshotLists;
		readonly gone: SnapshotLists;
	},
): Promise<Removal['pins']> {
	const candidates = [...refs.pins].filter(id => gone.tips.has(id) && !kept.mentioned.has(id));
	if (candidates.length === 0) {
		return {add: [], release: []};
	}

	const discussed = await readPullRequestCommits(mirror, staying, refs.draft);
	const release = candidates.filter(id => !discussed.has(id));
	const roots = rootsWithout(refs, release);
	const add = release.length === 0 ? [] : await findUnreachable(mirror, [...kept.tips, ...discussed], roots);
	return {add, release};
}

/** What keeps commits from becoming unreachable, apart from the snapshots, which have no history. */
function rootsWithout(refs: RetentionRefs, released: readonly string[]): readonly string[] {
	const gone = new Set(released);
	return [...new Set([...refs.mirrored, ...refs.pins, ...refs.others])].filter(
		id => !gone.has(id) || refs.mirrored.has(id),
	);
}
