import {GitFailed} from '../../system/git.ts';
import type {LastSnapshot} from '../last-snapshot.ts';
import {MirrorDamaged} from '../mirror-damaged.ts';
import type {MirrorNote} from '../mirror-note.ts';
import type {MirrorRefs} from '../mirror-refs.ts';
import {isOwnFailure} from '../own-failure.ts';

/** What git says of objects and refs that it finds damaged or does not find. */
const complaints =
	/is corrupt|did not send all necessary objects|not a tree object|not a valid|could not read [0-9a-f]{40}|(blob|tree|commit) not found|bad (object|tree)|missing (blob|tree|commit|object)|unable to (read|parse|unpack)|does not match index|cannot be accessed|inflate: |unexpected line in|invalid sha1 pointer|truncated pack|index file|non-monotonic|far too short|failed to traverse|unterminated line/i;

/** Whether an error may come of a damaged mirror: worth looking, no proof. */
export function looksLikeDamage(error: unknown): boolean {
	if (error instanceof MirrorDamaged) {
		return true;
	}

	return (
		error instanceof GitFailed &&
		!isOwnFailure(error) &&
		error.stderr.split(/[\r\n]+/).some(line => !line.startsWith('remote:') && complaints.test(line))
	);
}

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
