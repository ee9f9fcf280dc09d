import type {AccountPool} from '../accounts/pool-types.ts';
import type {BackupPlace} from './backup-place.ts';
import {finishSnapshot} from './finish-snapshot.ts';
import {type LastSnapshot, readLastSnapshot} from './last-snapshot.ts';
import {type Mirror, openMirror} from './mirror.ts';
import {type MirrorNote, readMirrorNote, writeMirrorNote} from './mirror-note.ts';
import {type MirrorRefs, readMirrorRefs} from './mirror-refs.ts';
import {createProblems, type Problems} from './problems.ts';
import {createProgress, type ReportProgress} from './progress.ts';
import {createSnapshotTree, type SnapshotTree} from './snapshot-tree.ts';
import {isTurn, settingsCycle} from './turn.ts';

/** The backup of something that is no repository (the workspace, a snippet), in a mirror of its own. */
export type MetadataSession = {
	readonly place: BackupPlace;
	readonly pool: AccountPool;
	readonly mirror: Mirror;
	readonly note: MirrorNote;
	readonly before: MirrorRefs;
	readonly last: LastSnapshot | undefined;
	readonly tree: SnapshotTree;
	readonly problems: Problems;
	readonly progress: ReportProgress;
	readonly isTurn: boolean;
};

export type MetadataSubject = {
	/** Path of its mirror. */
	readonly folder: string;
	/** What it is called in the messages of its snapshots. */
	readonly name: string;
	/** Tells it from others, and spreads turns. */
	readonly identity: string;
};

/**
Opens the mirror of something, lets `fill` put its data into a snapshot, and makes that durable.

@returns what is to be said about it, in sentences; those of missing data first.
*/
export async function backUpMetadata(
	place: BackupPlace,
	{folder, name, identity}: MetadataSubject,
	fill: (session: MetadataSession) => Promise<{readonly refs: number}>,
): Promise<{readonly problems: readonly string[]; readonly isPartial: boolean}> {
	const {clock, signal, organization, plan, run, pool} = place;
	const mirror = await openMirror(folder, clock, signal);
	try {
		const note = (await readMirrorNote(folder)) ?? {uuid: identity};
		const before = await readMirrorRefs(mirror);
		const last = await readLastSnapshot(mirror, before.snapshots);
		const session: MetadataSession = {
			place,
			pool,
			mirror,
			note,
			before,
			last,
			tree: createSnapshotTree(last?.entries ?? new Map()),
			problems: createProblems(),
			progress: createProgress(organization.workspace, place.report, clock),
			isTurn: isTurn(identity, note.turnTakenAt, clock.now(), settingsCycle(plan.cycles)),
		};
		const {refs} = await fill(session);
		signal.throwIfAborted();
		const counts = {refs, pullRequests: 0, lfsObjects: 0, downloads: 0};
		await finishSnapshot({...session, name, counts, data: plan.data, run, now: clock.now()});
		if (session.isTurn) {
			const turnTakenAt = new Date(clock.now()).toISOString();
			await writeMirrorNote(folder, {...note, uuid: identity, turnTakenAt});
		}

		const {problems} = session;
		return {problems: problems.texts(), isPartial: problems.incomplete().length > 0};
	} finally {
		mirror.close();
	}
}
