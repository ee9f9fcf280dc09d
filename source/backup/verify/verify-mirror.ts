import type {ListedMirror} from '../list-mirrors.ts';
import type {Mirror} from '../mirror.ts';
import type {ReportProgress} from '../progress.ts';
import {checkMirror} from './check-mirror.ts';
import {type Finding, isDamage, subjectOf} from './finding.ts';
import type {MirrorCheck} from './mirror-check.ts';
import {createMovedAside} from './move-aside.ts';
import {type RepairSource, repairMirror} from './repair-mirror.ts';
import {createWorkFolder} from './work-folder.ts';

/** What a mirror was found to be; `repaired`: it was damaged, and is whole now. */
export type VerifiedState = 'whole' | 'damaged' | 'repaired';

export type VerifiedMirror = {
	readonly state: VerifiedState;
	readonly findings: readonly Finding[];
	/** What was done to repair it, in sentences without their full stops. */
	readonly repairs: readonly string[];
	/** Whether everything was tried to repair it. */
	readonly isFinal: boolean;
	readonly snapshots: number;
	readonly objects: number;
	readonly bytes: number;
};

export type VerifyMirrorOptions = {
	readonly mirror: Mirror;
	readonly kind: ListedMirror['kind'];
	/** Found already, before it was opened. */
	readonly findings?: readonly Finding[];
	/** Where lost data are fetched again; undefined where nothing is to be repaired. */
	readonly source: (() => Promise<RepairSource>) | undefined;
	/** Which snapshot is restored on trial: 0 the newest, 1 the one before. */
	readonly pick: number;
	readonly progress: ReportProgress;
	/** Milliseconds since the epoch. */
	readonly now: number;
};

/**
Verifies a mirror that is held by this process: every object is what its name says, every ref and every tip of every snapshot
leads to its end, every LFS object and download is there with its contents, a snapshot can be restored. Where it may, it repairs
what is damaged, and verifies again.

A mirror in which nothing is damaged stays as it is, to the last byte.
*/
export async function verifyMirror(options: VerifyMirrorOptions): Promise<VerifiedMirror> {
	const {mirror, source, now} = options;
	const work = createWorkFolder(mirror.folder);
	const aside = createMovedAside(mirror.folder, now);
	const findings: Finding[] = [...(options.findings ?? [])];
	const repairs: string[] = [];
	const repair = async (
		check: MirrorCheck,
		round: string,
		from: () => Promise<RepairSource>,
	): Promise<boolean> => {
		const {done, isAsked} = await repairMirror({mirror, check, work, round, aside, source: from, now});
		repairs.push(...done);
		return isAsked;
	};

	const look = async (round: string, isExact: boolean): Promise<MirrorCheck> =>
		checkMirror({...options, work, round, isExact});
	try {
		let check = await look('first', source === undefined);
		findings.push(...check.findings);
		if (source === undefined || check.isPlanted || !check.findings.some(isDamage)) {
			return conclude(findings, check, repairs, source !== undefined);
		}

		if (check.details === undefined) {
			await repair(check, 'first', source);
			check = await look('second', false);
			findings.push(...check.findings);
		}

		const {snapshots} = check;
		let isAsked = await repair(check, 'second', source);
		check = await look('third', true);
		if (check.snapshots > snapshots && check.findings.some(isDamage)) {
			// Snapshots that were found again lead to what nobody missed without them.
			findings.push(...check.findings);
			isAsked = await repair(check, 'third', source);
			check = await look('last', true);
		}

		return conclude(afterRepair(findings, check), check, repairs, isAsked);
	} finally {
		await work.close();
	}
}

/** What the last check finds is still so; what was found before and is not found any more was repaired. */
function afterRepair(before: readonly Finding[], {findings}: MirrorCheck): readonly Finding[] {
	const now = new Set(findings.map(subjectOf));
	// What exactly is missing is known only now.
	const isStillLacking = findings.some(
		each => isDamage(each) && ['missing-objects', 'lost'].includes(each.kind),
	);
	const gone = before
		.filter(isDamage)
		.filter(each => !now.has(subjectOf(each)) && !(isStillLacking && each.kind === 'missing-objects'));
	const repaired = new Map(gone.map(each => [subjectOf(each), {...each, state: 'repaired'} as const]));
	return [...repaired.values(), ...before.filter(each => each.state === 'repaired'), ...findings];
}

function conclude(
	findings: readonly Finding[],
	{snapshots, objects, bytes}: MirrorCheck,
	repairs: readonly string[],
	isFinal: boolean,
): VerifiedMirror {
	const state = findings.some(isDamage)
		? 'damaged'
		: findings.some(each => each.state === 'repaired')
			? 'repaired'
			: 'whole';
	return {state, findings, repairs, isFinal, snapshots, objects, bytes};
}
