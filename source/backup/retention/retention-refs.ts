import {draftRef} from '../draft-record.ts';
import type {Mirror, MirrorReader} from '../mirror.ts';
import {keptPrefix, mirrorPrefix} from '../mirror-refs.ts';
import {snapshotId, snapshotPrefix, snapshotTime} from '../snapshot-id.ts';

/**
Where a snapshot stands that is no longer one, until everything that only it needed is gone. So it is known after an interruption
what that is; nothing is ever guessed.
*/
export const removedPrefix = 'refs/brigade/removed/';

/** The refs of a mirror as retention sees them. What is none of these is left alone. */
export type RetentionRefs = {
	/** Ids of what upstream had at the last fetch. */
	readonly mirrored: ReadonlySet<string>;
	/** What stands among the snapshots, by name, oldest first. */
	readonly snapshots: ReadonlyMap<string, SnapshotRef>;
	/** Commits of snapshots that are being removed, by their ids. */
	readonly removed: ReadonlyMap<string, string>;
	/** Ids that are pinned under their own name. */
	readonly pins: ReadonlySet<string>;
	/** Ids of all other refs: the draft, and what is not ours. */
	readonly others: ReadonlySet<string>;
	/** Commit of the draft; undefined where there is none. */
	readonly draft: string | undefined;
};

export type SnapshotRef = {
	readonly commit: string;
	/** Whether its name is a snapshot's id, and what it points to a commit. */
	readonly isSound: boolean;
};

export async function readRetentionRefs(mirror: MirrorReader): Promise<RetentionRefs> {
	const output = await mirror.read([
		'for-each-ref',
		'--format=%(objectname) %(objecttype) %(refname) %(symref)',
	]);
	const mirrored = new Set<string>();
	const snapshots = new Map<string, SnapshotRef>();
	const removed = new Map<string, string>();
	const pins = new Set<string>();
	const others = new Set<string>();
	let draft: string | undefined;
	for (const line of output.toString('latin1').split('\n')) {
		const [id = '', type = '', name = '', symbolic = ''] = line.split(' ');
		const isDirect = symbolic === '';
		const below = (prefix: string): string | undefined =>
			name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
		const snapshot = below(snapshotPrefix);
		const gone = below(removedPrefix);
		if (snapshot !== undefined) {
			snapshots.set(snapshot, {commit: id, isSound: isDirect && type === 'commit' && isSnapshotId(snapshot)});
		} else if (gone !== undefined && isDirect && type === 'commit' && isSnapshotId(gone)) {
			removed.set(gone, id);
		} else if (below(keptPrefix) === id && isDirect) {
			pins.add(id);
		} else if (name.startsWith(mirrorPrefix)) {
			mirrored.add(id);
		} else if (id !== '') {
			others.add(id);
			draft = name === draftRef && isDirect ? id : draft;
		}
	}

	return {mirrored, snapshots, removed, pins, others, draft};
}

function isSnapshotId(name: string): boolean {
	const time = snapshotTime(name);
	return !Number.isNaN(time) && snapshotId(time) === name;
}

/** A ref as it is to be; removed where `to` is undefined. It must be `from` until then; undefined where it does not matter. */
export type RefChange = {
	readonly name: string;
	readonly from?: string;
	readonly to?: string;
};

/** Changes refs, all or none of them. @throws GitFailed where one is not what it was. */
export async function changeRefs(mirror: Mirror, changes: readonly RefChange[]): Promise<void> {
	if (changes.length > 0) {
		const input = changes.map(({name, from = '', to}) =>
			to === undefined ? `delete ${name}\0${from}\0` : `update ${name}\0${to}\0${from}\0`,
		);
		await mirror.write(['update-ref', '--no-deref', '--stdin', '-z'], {input: input.join('')});
	}
}
