import type {AccountPool} from '../accounts/pool-types.ts';
import type {BackupPlace} from './backup-place.ts';
import {finishSnapshot} from './finish-snapshot.ts';
import {type LastSnapshot, readLastSnapshot} from './last-snapshot.ts';
import {type Mirror, openMirror} from './mirror.ts';
import {changeMirrorNote, type MirrorNote, readMirrorNote} from './mirror-note.ts';
import {type MirrorRefs, readMirrorRefs} from './mirror-refs.ts';
import {createProblems, type Problems} from './problems.ts';
import {createProgress, type ReportProgress} from './progress.ts';
import {type RetentionSubject, retainAfterBackup} from './retention/retain-after-backup.ts';
import {createSnapshotTree, type SnapshotTree} from './snapshot-tree.ts';
import {isTurn, settingsCycle} from './turn.ts';
import type {Upstream} from './upstream.ts';
import {type MirrorInRun, mendAfterFailure, verifyInTurn} from './verify/verify-in-run.ts';

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
	/** What plans know it as. */
	readonly retention: RetentionSubject;
	/** Where its Git data come from; undefined where it has none. */
	readonly upstream?: Upstream | undefined;
};

/**
Opens the mirror of something, lets `fill` put its data into a snapshot, and makes that durable.

@returns what is to be said about it, in sentences; those of missing data first.
*/
export async function backUpMetadata(
	place: BackupPlace,
	subject: MetadataSubject,
	fill: (session: MetadataSession) => Promise<{readonly refs: number}>,
): Promise<MetadataOutcome> {
	try {
		return await backUpOnce(place, subject, fill);
	} catch (error) {
		const mended = await mendAfterFailure(subject.folder, inRun(place, subject), error);
		if (mended === undefined) {
			throw error;
		}

		const {problems, isPartial} = await backUpOnce(place, subject, fill);
		return {problems: [...mended.problems, ...problems], isPartial: isPartial || !mended.isWhole};
	}
}

type MetadataOutcome = {readonly problems: readonly string[]; readonly isPartial: boolean};

async function backUpOnce(
	place: BackupPlace,
	subject: MetadataSubject,
	fill: (session: MetadataSession) => Promise<{readonly refs: number}>,
): Promise<MetadataOutcome> {
	const {folder, name, identity} = subject;
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
		const {snapshot, isNew} = await finishSnapshot({
			...session,
			name,
			counts,
			data: plan.data,
			run,
			now: clock.now(),
		});
		if (session.isTurn) {
			const turnTakenAt = new Date(clock.now()).toISOString();
			await changeMirrorNote(folder, identity, {turnTakenAt});
		}

		const {problems, progress} = session;
		// Rules that changed in the meantime hold for it when it changes the next time.
		const thinned = isNew
			? await retainAfterBackup({
					...{place, subject: subject.retention, mirror, progress, snapshot},
					hasChanged: true,
					lastKey: undefined,
				})
			: undefined;
		const damage = thinned?.isDamaged ? thinned.notes : [];
		await verifyInTurn(mirror, {
			...inRun(place, subject),
			note,
			oldestSnapshot: [...before.snapshots.keys()][0],
			problems,
		});
		return {
			problems: [...problems.texts(), ...damage],
			isPartial: problems.incomplete().length > 0 || damage.length > 0,
		};
	} finally {
		mirror.close();
	}
}

function inRun(place: BackupPlace, {identity, upstream}: MetadataSubject): MirrorInRun {
	const {pool, organization, report, clock} = place;
	return {
		place,
		kind: upstream === undefined ? 'workspace' : 'snippet',
		identity,
		source: {pool, upstream, path: undefined},
		progress: createProgress(organization.workspace, report, clock),
	};
}
