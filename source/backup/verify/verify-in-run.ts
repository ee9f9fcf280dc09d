import {GitFailed} from '../../system/git.ts';
import {UserError} from '../../system/user-error.ts';
import type {BackupPlace} from '../backup-place.ts';
import type {ListedMirror} from '../list-mirrors.ts';
import {type Mirror, openMirror} from '../mirror.ts';
import {looksLikeDamage, MirrorDamaged} from '../mirror-damaged.ts';
import type {MirrorNote} from '../mirror-note.ts';
import type {Problems} from '../problems.ts';
import type {ReportProgress} from '../progress.ts';
import {isDamage} from './finding.ts';
import {noteVerification} from './note-verification.ts';
import type {RepairSource} from './repair-mirror.ts';
import {pickOf} from './verify-listed.ts';
import {type VerifiedMirror, verifyMirror} from './verify-mirror.ts';
import {isVerifyTurn} from './verify-turn.ts';

/** A mirror that a run works on. */
export type MirrorInRun = {
	readonly place: BackupPlace;
	readonly kind: ListedMirror['kind'];
	/** Tells it from others, and spreads turns. */
	readonly identity: string;
	readonly source: RepairSource;
	readonly progress: ReportProgress;
};

/**
Verifies a mirror after its backup, if it is its turn or something of it could not be read, and repairs what is damaged. What
stays damaged makes the backup partial.

@param note The mirror's note when it was opened.
@param oldestSnapshot Id of its oldest snapshot when it was opened; undefined before the first.
@returns ISO-8601 time at which it was last found whole; undefined where it never was.
*/
export async function verifyInTurn(
	mirror: Mirror,
	{
		place,
		...options
	}: MirrorInRun & {
		readonly note: MirrorNote;
		readonly oldestSnapshot: string | undefined;
		readonly problems: Problems;
	},
): Promise<string | undefined> {
	const {note, oldestSnapshot, problems, identity} = options;
	const {clock, plan, verifyBudget} = place;
	const {verifiedAt, foundDamagedAt} = note;
	const isDue =
		isVerifyTurn({identity, verifiedAt, foundDamagedAt, oldestSnapshot}, plan.cycles.verify, clock.now()) ||
		(oldestSnapshot !== undefined && problems.has('refs'));
	if (!isDue) {
		return verifiedAt;
	}

	try {
		const verified = await verifyBudget?.spend(async () => verify(mirror, {place, ...options}));
		if (verified === undefined) {
			return verifiedAt;
		}

		for (const text of damageTexts(verified)) {
			problems.add('verify', text);
		}

		repairedTexts(verified).forEach(problems.note);
		return await noteVerification(mirror.folder, verified, identity, clock.now());
	} catch (error) {
		place.signal.throwIfAborted();
		// The snapshot is on disk: that the verification failed is no reason to lose the run.
		problems.add('verify', `the verification did not come to its end: ${messageOf(error)}`);
		return verifiedAt;
	}
}

/** What became of a mirror that a run could not work with. */
export type Mended = {readonly isWhole: boolean; readonly problems: readonly string[]};

/**
Verifies and repairs the mirror of a backup that failed, where its error looks as if the mirror were damaged; then the backup
may be tried once more.

@param folder Path of the mirror; it is not held by this process.
@returns undefined where the mirror was not to blame.
*/
export async function mendAfterFailure(
	folder: string,
	options: MirrorInRun,
	failure: unknown,
): Promise<Mended | undefined> {
	const {clock, signal} = options.place;
	if (signal.aborted || !looksLikeDamage(failure)) {
		return undefined;
	}

	let mirror: Mirror | undefined;
	try {
		mirror = await openMirror(folder, clock, signal);
		const verified = await verify(mirror, options);
		await noteVerification(folder, verified, options.identity, options.place.clock.now());
		// Where refs are gone for a good reason, the backup goes on.
		return verified.state === 'whole' && !(failure instanceof MirrorDamaged)
			? undefined
			: {
					isWhole: verified.state !== 'damaged',
					problems: [...damageTexts(verified), ...repairedTexts(verified)],
				};
	} catch (error) {
		signal.throwIfAborted();
		if (error instanceof UserError || error instanceof GitFailed) {
			return undefined;
		}

		throw error;
	} finally {
		mirror?.close();
	}
}

async function verify(mirror: Mirror, {place, kind, source, progress}: MirrorInRun): Promise<VerifiedMirror> {
	const now = place.clock.now();
	return verifyMirror({mirror, kind, source: async () => source, pick: pickOf(now), progress, now});
}

function damageTexts({findings}: VerifiedMirror): readonly string[] {
	return findings.filter(isDamage).map(({text}) => `the backup on disk is damaged: ${text}`);
}

function repairedTexts({findings}: VerifiedMirror): readonly string[] {
	return findings
		.filter(({state}) => state === 'repaired')
		.map(({text}) => `the backup on disk was damaged, and was repaired: ${text}`);
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
