/** A mirror lacks what it must have, or holds something else in its place: it is to be verified and repaired before it is built upon. */
export class MirrorDamaged extends Error {
	override name = 'MirrorDamaged';
}
