import {GitFailed} from '../system/git.ts';
import {isOwnFailure} from './own-failure.ts';

/** A mirror lacks what it must have, or holds something else in its place: it is to be verified and repaired before it is built upon. */
export class MirrorDamaged extends Error {
	override name = 'MirrorDamaged';
}

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
