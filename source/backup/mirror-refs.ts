import {join} from 'node:path';
import {draftRef} from './draft-record.ts';
import type {MirrorReader} from './mirror.ts';
import {planted} from './planted.ts';
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
@throws UserError where one of them lets an object stand in for another, or is only another name of a ref: what is written to it
would change that one, a snapshot, say. What stands in the place of the draft is left to who looks for the draft.
*/
export async function readMirrorRefs(mirror: MirrorReader): Promise<MirrorRefs> {
	const output = await mirror.read(['for-each-ref', '--format=%(objectname) %(refname) %(symref)']);
	const mirrored = new Map<string, string>();
	const snapshots = new Map<string, string>();
	const kept = new Set<string>();
	const drafts: DraftRef[] = [];
	for (const line of output.toString('latin1').split('\n')) {
		const [id = '', name = '', symbolic = ''] = line.split(' ');
		const isOfDraft = name === draftRef || name.startsWith(`${draftRef}/`);
		if (name.startsWith('refs/replace/') || (symbolic !== '' && !isOfDraft)) {
			throw planted(join(mirror.folder, name));
		}

		if (name.startsWith(mirrorPrefix)) {
			mirrored.set(`refs/${name.slice(mirrorPrefix.length)}`, id);
		} else if (name.startsWith(snapshotPrefix)) {
			snapshots.set(name.slice(snapshotPrefix.length), id);
		} else if (name.startsWith(keptPrefix)) {
			kept.add(id);
		} else if (isOfDraft) {
			drafts.push({name, id, isSymbolic: symbolic !== ''});
		}
	}

	return {mirrored, snapshots, kept, drafts};
}
