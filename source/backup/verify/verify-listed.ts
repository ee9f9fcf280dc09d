import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {Clock} from '../../system/clock.ts';
import {UserError} from '../../system/user-error.ts';
import type {ListedMirror} from '../list-mirrors.ts';
import {type Mirror, openMirror} from '../mirror.ts';
import {MirrorBusy} from '../mirror-busy.ts';
import {isConfigOurs} from '../mirror-config.ts';
import {assertRealFolder} from '../mirror-folder.ts';
import {readMirrorNote} from '../mirror-note.ts';
import type {ReportProgress} from '../progress.ts';
import {type Finding, finding} from './finding.ts';
import {noteVerification} from './note-verification.ts';
import type {RepairSource} from './repair-mirror.ts';
import {type VerifiedMirror, type VerifiedState, verifyMirror} from './verify-mirror.ts';

/** What came of verifying one mirror. */
export type Verification = Omit<VerifiedMirror, 'state' | 'isFinal'> & {
	/** What people call it. */
	readonly repository: string;
	readonly kind: ListedMirror['kind'];
	/** Path of the mirror. */
	readonly folder: string;
	/** Of a repository; undefined where its note is lost. */
	readonly uuid: string | undefined;
	readonly state: VerifiedState | 'not-verified';
	/** ISO-8601 time at which it was last found whole; null where it never was. */
	readonly verifiedAt: string | null;
	readonly durationMs: number;
};

export type VerifyListedOptions = {
	readonly clock: Clock;
	readonly signal: AbortSignal;
	/** Where lost data are fetched again; undefined where nothing is to be repaired. */
	readonly source: (() => Promise<RepairSource>) | undefined;
	readonly progress: ReportProgress;
};

/**
Verifies a mirror that lies in a destination. That it was found whole is noted in it.

@throws The signal's reason. What else goes wrong is what came of it.
*/
export async function verifyListed(
	listed: ListedMirror,
	options: VerifyListedOptions,
): Promise<Verification> {
	const {clock, signal} = options;
	const begun = clock.elapsed();
	const {verifiedAt, ...verified} = await verifyOrSayWhy(listed, options);
	signal.throwIfAborted();
	const {name, folder, kind, uuid} = listed;
	return {
		...verified,
		repository: name,
		kind,
		folder,
		uuid,
		verifiedAt: verifiedAt ?? (await readMirrorNote(folder))?.verifiedAt ?? null,
		durationMs: Math.round(clock.elapsed() - begun),
	};
}

type Outcome = Omit<VerifiedMirror, 'state' | 'isFinal'> &
	Pick<Verification, 'state'> & {readonly verifiedAt?: string | undefined};

async function verifyOrSayWhy(listed: ListedMirror, options: VerifyListedOptions): Promise<Outcome> {
	let mirror: Mirror | undefined;
	try {
		await assertRealFolder(listed.folder);
		const findings = await checkOwnFiles(listed.folder);
		mirror = await openMirror(listed.folder, options.clock, options.signal);
		const {isFinal, ...verified} = await verifyMirror({
			...options,
			mirror,
			kind: listed.kind,
			findings,
			pick: pickOf(options.clock.now()),
			now: options.clock.now(),
		});
		const now = options.clock.now();
		const verifiedAt = await noteVerification(listed.folder, {...verified, isFinal}, listed.uuid, now);
		return {...verified, verifiedAt};
	} catch (error) {
		options.signal.throwIfAborted();
		return outcomeOf(error);
	} finally {
		mirror?.close();
	}
}

function outcomeOf(error: unknown): Outcome {
	const text = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
	const isPlanted = error instanceof UserError && !(error instanceof MirrorBusy);
	return {
		state: isPlanted ? 'damaged' : 'not-verified',
		findings: [isPlanted ? finding('planted', text) : finding('obstacle', text, {state: 'noted'})],
		repairs: [],
		snapshots: 0,
		objects: 0,
		bytes: 0,
	};
}

/** What opening a mirror puts right by itself. */
async function checkOwnFiles(folder: string): Promise<readonly Finding[]> {
	const head = await readFile(join(folder, 'HEAD'), 'latin1').catch(() => '');
	return [
		...((await isConfigOurs(folder))
			? []
			: [
					finding('configuration', 'the configuration of the mirror was not the one that it was made with', {
						state: 'repaired',
						path: 'config',
					}),
				]),
		...(/^ref: refs\/heads\/\S+\n$/.test(head)
			? []
			: [finding('configuration', 'the file HEAD was damaged', {state: 'repaired', path: 'HEAD'})]),
	];
}

const day = 86_400_000;

/** Another snapshot is restored on trial each day. */
export function pickOf(now: number): number {
	return Math.floor(now / day);
}
