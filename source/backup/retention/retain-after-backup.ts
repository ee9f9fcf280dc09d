import {sanitize} from '../../system/sanitize.ts';
import type {BackupPlace} from '../backup-place.ts';
import type {ListedMirror} from '../list-mirrors.ts';
import type {Mirror} from '../mirror.ts';
import {readMirrorNote} from '../mirror-note.ts';
import {isOwnFailure} from '../own-failure.ts';
import type {ReportProgress} from '../progress.ts';
import type {RetentionPolicy} from './decide-retention.ts';
import {tendPacks} from './packs/tend-packs.ts';
import {mayRemove, retain} from './retain.ts';

/** What a mirror is, as far as plans say whether they cover it. */
export type RetentionSubject = Pick<ListedMirror, 'kind' | 'name'>;

/** How long the plans of a home keep snapshots. */
export type RetentionPolicies = {
	/** Those of all plans that back something up to the destination of the run. */
	readonly of: (subject: RetentionSubject) => readonly RetentionPolicy[];
	readonly isKnownPlan: (plan: string) => boolean;
};

/** What came of it: whether something is wrong with the mirror, and sentences. */
export type RetentionOutcome = {readonly isDamaged: boolean; readonly notes: readonly string[]};

export type RetainAfterBackupOptions = {
	readonly place: BackupPlace;
	readonly subject: RetentionSubject;
	readonly mirror: Mirror;
	readonly progress: ReportProgress;
	/** Whether anything came to the mirror. */
	readonly hasChanged: boolean;
	/** Id of the newest snapshot. */
	readonly snapshot: string;
	/** What `retentionKey` was when the mirror was thinned out last; undefined where that is not known. */
	readonly lastKey: string | undefined;
	/** Called once everything is done that the key stands for. */
	readonly done?: (key: string) => void;
};

/**
Thins out a mirror whose newest snapshot is on disk, and sees to its packs. Costs nothing where nothing changed since the last
time.

A failure of this is no failure of the backup, but it is told.

@throws what we could not write.
*/
export async function retainAfterBackup(options: RetainAfterBackupOptions): Promise<RetentionOutcome> {
	const {place, mirror, hasChanged, lastKey, done} = options;
	const {isKnownPlan, policies} = policiesFor(options);
	const key = JSON.stringify([options.snapshot, policies]);
	const removes = mayRemove(policies, {});
	if (!hasChanged && (!removes || key === lastKey)) {
		return removes ? frozenNotes(mirror, place.plan.name) : nothing;
	}

	const now = place.clock.now();
	try {
		if (!removes) {
			return {isDamaged: false, notes: await tendPacks(mirror, {mayDrop: false, now})};
		}

		options.progress('retention', 0, 0);
		const {problems, frozen} = await retain(mirror, {policies, isKnownPlan, now});
		if (frozen === undefined) {
			done?.(key);
		}

		const {notes} = await frozenNotes(mirror, place.plan.name);
		return {isDamaged: false, notes: [...problems, ...notes]};
	} catch (error) {
		return failure(error, mirror);
	}
}

const nothing: RetentionOutcome = {isDamaged: false, notes: []};

function policiesFor({place, subject}: RetainAfterBackupOptions): {
	readonly policies: readonly RetentionPolicy[];
	readonly isKnownPlan: (plan: string) => boolean;
} {
	const {plan, retention} = place;
	return retention === undefined
		? {policies: [{plan: plan.name, rules: plan.keep}], isKnownPlan: name => name === plan.name}
		: {policies: retention.of(subject), isKnownPlan: retention.isKnownPlan};
}

/** The same sentence for every repository, so that a run says it once. */
async function frozenNotes({folder}: Mirror, plan: string): Promise<RetentionOutcome> {
	return (await readMirrorNote(folder))?.frozen === undefined
		? nothing
		: {
				isDamaged: false,
				notes: [
					`no snapshot is removed since a mass change upstream, until you accept it: bucket-brigade forget ${plan} <repository> --accept-change`,
				],
			};
}

function failure(error: unknown, mirror: Mirror): RetentionOutcome {
	if (mirror.signal.aborted) {
		return nothing;
	}

	if (isOwnFailure(error) || !(error instanceof Error)) {
		throw error;
	}

	return {isDamaged: true, notes: [`old snapshots could not be removed: ${sanitize(error.message)}`]};
}
