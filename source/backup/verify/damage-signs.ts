import type {LastSnapshot} from '../last-snapshot.ts';
import {MirrorDamaged} from '../mirror-damaged.ts';
import type {MirrorNote} from '../mirror-note.ts';
import type {MirrorRefs} from '../mirror-refs.ts';

/**
Sees from what was read anyway that refs of a mirror are gone: git takes a file of refs that is missing for a repository without
any, and would begin anew.

@throws MirrorDamaged
*/
export function assertRefsThere({
	before: {snapshots, mirrored},
	last,
	note,
}: {
	readonly before: Pick<MirrorRefs, 'snapshots' | 'mirrored'>;
	readonly last: LastSnapshot | undefined;
	readonly note: Pick<MirrorNote, 'turnTakenAt'>;
}): void {
	// Everything is read in full with the first snapshot, and the note says when.
	const wasBackedUp = note.turnTakenAt !== undefined;
	const hadRefs = (last?.refs?.refs.size ?? 0) > 0;
	if ((wasBackedUp && snapshots.size === 0) || (hadRefs && mirrored.size === 0)) {
		throw new MirrorDamaged('refs of the mirror are gone');
	}
}
