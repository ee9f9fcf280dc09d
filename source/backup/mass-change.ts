import {GitFailed} from '../system/git.ts';
import type {MirrorReader} from './mirror.ts';
import {changeMirrorNote, readMirrorNote} from './mirror-note.ts';
import {isOwnFailure} from './own-failure.ts';
import type {Problems} from './problems.ts';
import {noRefs, type RefList} from './ref-list.ts';

/*
What a mistake or an attacker does to a repository is backed up like any other change. But then nothing of the repository is
removed any more, whatever the rules for keeping snapshots say, until a person has looked at it.
*/

export type MassChangeOptions = {
	readonly mirror: MirrorReader;
	/** Whose mirror it is, where its note is lost. */
	readonly uuid: string;
	/** What the last snapshot lists; undefined where there is none. */
	readonly before: RefList | undefined;
	/** What upstream has now; lies in the mirror. */
	readonly now: RefList;
	readonly problems: Problems;
	/** Milliseconds since the epoch. */
	readonly at: number;
};

/**
Looks whether upstream changed as it rarely does in earnest since the last snapshot. If so it is said, and the mirror frozen:
that is on disk when this returns, so before there is a snapshot of it.
*/
export async function heedMassChange(options: MassChangeOptions): Promise<void> {
	const {mirror, uuid, before, now, problems, at} = options;
	const reason = await findMassChange(mirror, before ?? noRefs, now);
	if (reason === undefined) {
		return;
	}

	problems.note(`${reason}; what was there before is kept`);
	const frozen = (await readMirrorNote(mirror.folder))?.frozen;
	if (frozen?.reason.includes(reason) !== true) {
		await changeMirrorNote(mirror.folder, uuid, {
			frozen: {
				...frozen,
				since: frozen?.since ?? new Date(at).toISOString(),
				reason: frozen === undefined ? reason : `${frozen.reason}; then ${reason}`,
			},
		});
	}
}

async function findMassChange(
	mirror: MirrorReader,
	before: RefList,
	now: RefList,
): Promise<string | undefined> {
	const gone = goneInMasses(before, now);
	if (gone !== undefined) {
		return gone;
	}

	const oldTip = tipOfHead(before);
	// A branch that took the old one's name, or else its place.
	const newTip = (before.head === undefined ? undefined : now.refs.get(before.head)) ?? tipOfHead(now);
	return oldTip === undefined || oldTip === newTip || (await isAncestor(mirror, oldTip, newTip))
		? undefined
		: 'the default branch was rewritten upstream';
}

/** Below this many refs, half of them is soon gone. */
const fewRefs = 4;

/** Says it where all refs are gone, or more than half of many. */
export function goneInMasses({refs: before}: RefList, {refs: now}: RefList): string | undefined {
	const gone = [...before.keys()].filter(name => !now.has(name)).length;
	if (gone > 0 && now.size === 0) {
		return 'all refs are gone upstream';
	}

	return before.size >= fewRefs && gone > before.size / 2
		? 'more than half of the refs are gone upstream'
		: undefined;
}

function tipOfHead({head, refs}: RefList): string | undefined {
	return head?.startsWith('refs/') ? refs.get(head) : head;
}

/** Where that cannot be told, because the mirror is damaged, it is not. */
async function isAncestor(mirror: MirrorReader, old: string, now: string | undefined): Promise<boolean> {
	if (now === undefined) {
		return false;
	}

	try {
		await mirror.read(['merge-base', '--is-ancestor', old, now]);
		return true;
	} catch (error) {
		// Git says no by its exit code alone.
		if (error instanceof GitFailed && (error.exitCode === 1 || !isOwnFailure(error))) {
			return false;
		}

		throw error;
	}
}
