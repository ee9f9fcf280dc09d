import {createHash} from 'node:crypto';
import type {DataKind} from '../model/data-kind.ts';
import type {MirrorNote} from './mirror-note.ts';
import type {MirrorRefs} from './mirror-refs.ts';
import {formatRefList, type RefList} from './ref-list.ts';

/** What a mirror's note says of its last snapshot, when nothing was missing of it: enough to see that it still holds. */
export type Confirmation = NonNullable<MirrorNote['confirmed']>;

/** Kinds of data of which nothing more need be asked when the refs are as they were, and those that belong to no repository. */
const saidByRefs: ReadonlySet<DataKind> = new Set(['git', 'lfs', 'workspace', 'snippets']);

export type Confirmable = {
	/** Data kinds that the plan chooses. */
	readonly data: readonly DataKind[];
	/** What the note says; undefined where it says nothing. */
	readonly confirmed: Confirmation | undefined;
	/** The mirror's refs, as they were read now. */
	readonly before: MirrorRefs;
	/** What upstream has now. */
	readonly advertised: RefList;
	/** The repository as Bitbucket describes it now. */
	readonly description: Buffer;
};

/**
Whether upstream is what the last snapshot says, without a look into it: upstream's refs are those that it lists, so are the
mirror's, it is the newest one and whole, and Bitbucket describes the repository as it did.

Only for plans of data that refs tell everything about: of anything else somebody has to be asked.
*/
export function isConfirmed({data, confirmed, before, advertised, description}: Confirmable): boolean {
	if (confirmed === undefined || before.drafts.length > 0 || !data.every(kind => saidByRefs.has(kind))) {
		return false;
	}

	const [newest, commit] = [...before.snapshots].at(-1) ?? [];
	return (
		newest === confirmed.snapshot &&
		commit === confirmed.commit &&
		data.every(kind => confirmed.data.includes(kind)) &&
		digestOf(description) === confirmed.description &&
		digestOfRefs(advertised) === confirmed.refs &&
		digestOfRefs({head: advertised.head, refs: before.mirrored}) === confirmed.refs
	);
}

/** SHA-256 of the file `refs` that lists them. */
export function digestOfRefs(refs: RefList): string {
	return digestOf(formatRefList(refs));
}

export function digestOf(contents: Buffer): string {
	return createHash('sha256').update(contents).digest('hex');
}
