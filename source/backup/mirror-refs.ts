import {join} from 'node:path';
import {draftRef} from './draft-record.ts';
import type {MirrorReader} from './mirror.ts';
import {planted} from './planted.ts';
import {readRefFiles, type StoredRefs} from './ref-files.ts';
import {snapshotPrefix} from './snapshot-id.ts';

export const mirrorPrefix = 'refs/mirror/';
export const keptPrefix = 'refs/brigade/kept/';

/** All refs of a mirror, by what they are for. Names are byte strings. */
export type MirrorRefs = {
	/** What upstream had at the last fetch, under upstream's own names (`refs/heads/main`). */
	readonly mirrored: ReadonlyMap<string, string>;
	/** Commits of the snapshots by their ids, oldest first. */
	readonly snapshots: ReadonlyMap<string, string>;
	/** Tips that upstream lost and that are kept. */
	readonly kept: ReadonlySet<string>;
	/** What stands in the place of the draft or below it, whether it is one or not. */
	readonly drafts: readonly DraftRef[];
};

export type DraftRef = {
	readonly name: string;
	readonly id: string;
	/** Whether it is only another name of a ref: what is written to it would change that one. */
	readonly isSymbolic: boolean;
};

/**
@throws DamagedRefs, the file system's error; UserError where one of them lets an object stand in for another, or is only another
name of a ref: what is written to it would change that one, a snapshot, say. What stands in the place of the draft is left to
who looks for the draft.
*/
export async function readMirrorRefs({folder}: Pick<MirrorReader, 'folder'>): Promise<MirrorRefs> {
	const stored = await readRefFiles(folder);
	for (const [name, {isSymbolic}] of stored) {
		if (name.startsWith('refs/replace/') || (isSymbolic && !isOfDraft(name))) {
			throw planted(join(folder, name));
		}
	}

	return sortRefs(stored);
}

/** Tells the refs of a mirror apart by what they are for. */
function sortRefs(stored: StoredRefs): MirrorRefs {
	const mirrored = new Map<string, string>();
	const snapshots: Array<readonly [string, string]> = [];
	const kept = new Set<string>();
	const drafts: DraftRef[] = [];
	for (const [name, {id, isSymbolic}] of stored) {
		if (id === undefined) {
			continue;
		}

		if (name.startsWith(mirrorPrefix)) {
			mirrored.set(`refs/${name.slice(mirrorPrefix.length)}`, id);
		} else if (name.startsWith(snapshotPrefix)) {
			snapshots.push([name.slice(snapshotPrefix.length), id]);
		} else if (name.startsWith(keptPrefix)) {
			kept.add(id);
		} else if (isOfDraft(name)) {
			drafts.push({name, id, isSymbolic});
		}
	}

	snapshots.sort(([left], [right]) => (left < right ? -1 : 1));
	return {mirrored, snapshots: new Map(snapshots), kept, drafts};
}

function isOfDraft(name: string): boolean {
	return name === draftRef || name.startsWith(`${draftRef}/`);
}
