import {sanitize} from '../../system/sanitize.ts';

/** What a finding is about; scripts rely on these words. */
export type FindingKind =
	/** Something that could lead git astray, or does not belong into a mirror. Never touched. */
	| 'planted'
	/** The mirror's configuration or HEAD is not what it was made with. */
	| 'configuration'
	/** A ref cannot be read, or history that a snapshot lists is held by none. */
	| 'refs'
	/** A pack, or objects in it. */
	| 'pack'
	/** The index of a pack. */
	| 'pack-index'
	/** What git derives from packs, and can do without. */
	| 'derived-file'
	/** A file that holds a single object. */
	| 'loose-object'
	/** Objects that something refers to are not there. */
	| 'missing-objects'
	/** A file of a snapshot is not what it should be. */
	| 'snapshot'
	/** The draft of the next snapshot. */
	| 'draft'
	/** An LFS object. */
	| 'lfs'
	/** A download file. */
	| 'download'
	/** A snapshot could not be restored to another place. */
	| 'restore'
	/** Anything else that git says. */
	| 'git'
	/** Files or history of snapshots that can no longer be restored. */
	| 'lost'
	/** A mirror that a run made is gone. */
	| 'mirror-gone'
	/** Why it could not be verified. */
	| 'obstacle'
	/** A snapshot itself says that it was missing upstream. */
	| 'missing-upstream'
	/** A file that nobody here wrote. Never touched. */
	| 'foreign-file';

/** Something that is not as it should be, or that a person should know. */
export type Finding = {
	readonly kind: FindingKind;
	/** One sentence for people, sanitized. */
	readonly text: string;
	/** `noted`: no damage. */
	readonly state: 'damaged' | 'repaired' | 'noted';
	/** Path of the file that it is about, in the mirror; sanitized. */
	readonly path?: string;
	/** Ids of the snapshots that it hurts, oldest first. */
	readonly snapshots?: readonly string[];
};

type FindingDetails = Partial<Pick<Finding, 'path' | 'snapshots' | 'state'>>;

/** @param text One sentence, without its full stop. */
export function finding(kind: FindingKind, text: string, details: FindingDetails = {}): Finding {
	const {path, snapshots, state = 'damaged'} = details;
	return {
		kind,
		text: sanitize(text),
		state,
		...(path === undefined ? {} : {path: sanitize(path)}),
		...(snapshots === undefined ? {} : {snapshots}),
	};
}

export function isDamage({state}: Finding): boolean {
	return state === 'damaged';
}

/** What tells a finding of one check from others, so that it is found again in the next check. */
export function subjectOf({kind, path, text}: Finding): string {
	return JSON.stringify([kind, path ?? text]);
}

/** Texts one after the other, the first few of them and how many more there are: `a, b and 12 more`. */
export function someOf(texts: readonly string[], shown = 3): string {
	const more = texts.length - shown;
	return more > 1
		? `${texts.slice(0, shown).join(', ')} and ${more} more`
		: texts.length > 1
			? `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`
			: (texts[0] ?? '');
}

/** A byte string, a ref's name or a path, as people read it. */
export function shown(bytes: string): string {
	return Buffer.from(bytes, 'latin1').toString('utf8');
}
