import type {Mirror, MirrorReader} from '../mirror.ts';
import {changeMirrorNote, type MirrorNote, readMirrorNote} from '../mirror-note.ts';
import {decideRetention, hasRules, type RetentionDecision, type RetentionPolicy} from './decide-retention.ts';
import {tendPacks} from './packs/tend-packs.ts';
import {planRemoval, type Removal} from './plan-removal.ts';
import {readRetained} from './read-retained.ts';
import {type BeforeStep, removeSnapshots} from './remove-snapshots.ts';
import {changeRefs, type RetentionRefs, readRetentionRefs, removedPrefix} from './retention-refs.ts';

export type RetentionRules = {
	/** Of every plan that backs the repository up to this destination; where there is none, everything is kept. */
	readonly policies: readonly RetentionPolicy[];
	readonly isKnownPlan: (plan: string) => boolean;
	/** Milliseconds since the epoch. */
	readonly now: number;
};

/** What retention makes of a mirror. */
export type RetentionView = RetentionDecision & {
	/** Since when nothing of it is removed, and why; undefined where it is not frozen. */
	readonly frozen: MirrorNote['frozen'];
	/** Bytes. */
	readonly frees: {
		readonly lfs: number;
		readonly downloads: number;
		/** Of Git objects, about, once their time of grace is over; undefined where git is too old to tell. */
		readonly objects: number | undefined;
	};
	/** What a person should know, in sentences. */
	readonly problems: readonly string[];
};

/**
Says what would go and what stays, and why. Changes nothing.

@throws UserError where the mirror is damaged; GitFailed.
*/
export async function inspectRetention(mirror: MirrorReader, rules: RetentionRules): Promise<RetentionView> {
	return (await look(mirror, rules)).view;
}

export type RetainOptions = RetentionRules & {
	/** Told of each step before it is taken. */
	readonly before?: BeforeStep;
};

/**
Removes the snapshots that the rules let go, and what only they needed; then sees to the packs. Interrupted at any moment, it
leaves every other snapshot whole, and goes on the next time.

@throws UserError where the mirror is damaged, and nothing was removed; GitFailed, the file system's errors.
*/
export async function retain(mirror: Mirror, options: RetainOptions): Promise<RetentionView> {
	const {policies, now, before = () => undefined} = options;
	const {view, refs, note, removal} = await look(mirror, options);
	const mayDrop = note !== undefined && mayRemove(policies, note);
	if (mayDrop) {
		await changeRefs(
			mirror,
			[...refs.removed]
				.filter(([id]) => refs.snapshots.has(id) && removal?.snapshots.has(id) !== true)
				.map(([id]) => ({name: removedPrefix + id})),
		);
	}

	if (removal !== undefined && note !== undefined) {
		await removeSnapshots(mirror, refs, removal, {
			before,
			noteUnreachable: async () => noteUnreachable(mirror, note, removal, now),
		});
	}

	const problems = await tendPacks(mirror, {mayDrop, now, before});
	return {...view, problems: [...view.problems, ...problems]};
}

/** Whether rules let anything go at all. */
export function mayRemove(policies: readonly RetentionPolicy[], note: Pick<MirrorNote, 'frozen'>): boolean {
	return note.frozen === undefined && policies.length > 0 && policies.every(({rules}) => hasRules(rules));
}

type Look = {
	readonly view: RetentionView;
	readonly refs: RetentionRefs;
	readonly note: MirrorNote | undefined;
	/** Undefined where nothing goes. */
	readonly removal: Removal | undefined;
};

async function look(mirror: MirrorReader, {policies, isKnownPlan, now}: RetentionRules): Promise<Look> {
	const note = await readMirrorNote(mirror.folder);
	const refs = await readRetentionRefs(mirror);
	const snapshots = await readRetained(mirror, refs, isKnownPlan);
	const reason = whyNothingGoes(note);
	const decision =
		reason === undefined
			? decideRetention(snapshots, policies, now)
			: {keep: snapshots.map(({id}) => ({id, reasons: [reason]})), remove: []};
	const going = new Map([
		// Their removal was interrupted; they are no snapshots any more.
		...[...refs.removed].filter(([id]) => !refs.snapshots.has(id)),
		...decision.remove.map(id => [id, refs.snapshots.get(id)?.commit ?? ''] as const),
	]);
	const isRemoving = note !== undefined && mayRemove(policies, note) && going.size > 0;
	const removal = isRemoving ? await planRemoval(mirror, refs, going) : undefined;
	const bytesOf = (kind: 'lfs' | 'downloads'): number =>
		(removal?.files ?? []).filter(file => file.kind === kind).reduce((sum, {bytes}) => sum + bytes, 0);
	return {
		refs,
		note,
		removal,
		view: {
			...decision,
			frozen: note?.frozen,
			frees: {
				lfs: bytesOf('lfs'),
				downloads: bytesOf('downloads'),
				objects: removal === undefined ? 0 : removal.unreachableBytes,
			},
			problems: note === undefined && snapshots.length > 0 ? [lostNote] : [],
		},
	};
}

const lostNote =
	'its note bucket-brigade.json cannot be read, so nothing of it is removed until a run has written it anew';

function whyNothingGoes(note: MirrorNote | undefined): string | undefined {
	if (note === undefined) {
		return 'the mirror’s note cannot be read';
	}

	return note.frozen === undefined ? undefined : `frozen: ${note.frozen.reason}`;
}

/** Adds up until it is collected; when in doubt too much, which only makes that happen earlier. */
async function noteUnreachable(
	{folder}: Mirror,
	{uuid, unreachable}: MirrorNote,
	{unreachableBytes}: Removal,
	now: number,
): Promise<void> {
	await changeMirrorNote(folder, uuid, {
		unreachable: {
			packs: {},
			...unreachable,
			bytes: (unreachable?.bytes ?? 0) + (unreachableBytes ?? 1),
			since: unreachable?.since ?? new Date(now).toISOString(),
		},
	});
}
