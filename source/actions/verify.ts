import {availableParallelism} from 'node:os';
import {resolve} from 'node:path';
import type {AccountPool} from '../accounts/pool-types.ts';
import {forEachAtOnce} from '../backup/at-once.ts';
import {coverageOf} from '../backup/covered-repositories.ts';
import {uuidPrefix} from '../backup/folder-name.ts';
import {findMirror, type ListedMirror, listMirrors} from '../backup/list-mirrors.ts';
import {finding} from '../backup/verify/finding.ts';
import {findRepairSource} from '../backup/verify/repair-source.ts';
import {type Verification, verifyListed} from '../backup/verify/verify-listed.ts';
import type {Organization} from '../model/organization.ts';
import type {Plan} from '../model/plan.ts';
import {UserError} from '../system/user-error.ts';
import {findOrganization, findPlan} from './find.ts';
import {openPool} from './open-pool.ts';
import {credentialsOfPlan} from './plan-credentials.ts';
import type {Workplace} from './workplace.ts';

export type {Verification} from '../backup/verify/verify-listed.ts';

export type VerifyPlanOptions = {
	/** Slug, uuid or folder of one mirror; without it, all that the plan covers. */
	readonly repository?: string | undefined;
	/** The folder that holds the mirrors, where it is not the plan's own: a copy of it, say. */
	readonly destination?: string | undefined;
	/** Whether what is damaged is repaired, from upstream where that is needed. */
	readonly repair: boolean;
	readonly signal: AbortSignal;
	/** Told of each mirror when it is done. */
	readonly onVerified?: (verification: Verification) => void;
	/** Told how far git is with the objects of the mirrors, and a repair with what it fetches. */
	readonly onProgress?: (done: number, total: number, unit: string) => void;
};

export type VerifiedPlan = {
	/** By name. */
	readonly verifications: readonly Verification[];
	/** 0 all are whole, or were repaired; 1 something stays damaged; 3 something could not be verified. */
	readonly exitCode: 0 | 1 | 3;
};

/** Mirrors that are verified at the same time: git works on one with one processor. */
const mostAtOnce = 4;

/**
Verifies the backups of a plan on disk: of repositories, archived ones too, and where none is named also of snippets and of the
workspace's own data. Bitbucket is asked only where something has to be fetched again.

@throws UserError where there is no such plan or backup; the signal's reason.
*/
export async function verifyPlan(
	workplace: Workplace,
	planName: string,
	options: VerifyPlanOptions,
): Promise<VerifiedPlan> {
	const {signal} = options;
	const contents = await workplace.store.read();
	const plan = findPlan(contents, planName);
	const organization = findOrganization(contents, plan.organization);
	const own = plan.destination ?? workplace.home.backups;
	const destination = resolve(options.destination ?? own);
	// What is known of runs is known of the plan's own destination alone.
	const isOwn = destination === resolve(own);
	const {mirrors, gone} = await findMirrors(workplace, plan, {destination, isOwn}, options.repository);
	const pool = lazyPool(workplace, plan, organization, signal);
	const verifications: Verification[] = gone;
	for (const verification of gone) {
		options.onVerified?.(verification);
	}

	try {
		await forEachAtOnce(mirrors, Math.min(mostAtOnce, availableParallelism()), async mirror => {
			signal.throwIfAborted();
			const source = async () => findRepairSource(mirror, organization, await pool.open(), signal);
			const verified = redacted(
				workplace,
				await verifyListed(mirror, {
					clock: workplace.clock,
					signal,
					source: options.repair ? source : undefined,
					progress: (_stage, done, total, unit) => options.onProgress?.(done, total, unit ?? 'objects'),
				}),
			);
			if (isOwn) {
				remember(workplace, organization.workspace, verified);
			}

			verifications.push(verified);
			options.onVerified?.(verified);
		});
	} finally {
		await pool.close();
	}

	verifications.sort((left, right) => (left.folder < right.folder ? -1 : 1));
	return {verifications, exitCode: exitCodeOf(verifications)};
}

export function exitCodeOf(verifications: ReadonlyArray<Pick<Verification, 'state'>>): 0 | 1 | 3 {
	const states = new Set(verifications.map(({state}) => state));
	return states.has('damaged') ? 1 : states.has('not-verified') ? 3 : 0;
}

type Found = {readonly mirrors: readonly ListedMirror[]; readonly gone: Verification[]};

async function findMirrors(
	workplace: Workplace,
	plan: Plan,
	{destination, isOwn}: {readonly destination: string; readonly isOwn: boolean},
	repository: string | undefined,
): Promise<Found> {
	const listed = await listMirrors(destination, plan.organization);
	if (repository !== undefined) {
		return {mirrors: [findMirror(listed, repository)], gone: []};
	}

	const isCovered = coverageOf(plan);
	const mirrors = listed.filter(({kind, name}) => kind !== 'repository' || isCovered(name));
	const gone = isOwn ? findGone(workplace, plan, destination, listed) : [];
	if (mirrors.length + gone.length === 0) {
		throw new UserError(
			isOwn
				? `The plan "${plan.name}" has no backup in ${destination} yet. Run it first, with: bucket-brigade run ${plan.name}`
				: `There is no backup of the plan "${plan.name}" in ${destination}. It is looked for in the folder ${plan.organization} below it.`,
		);
	}

	return {mirrors, gone};
}

/** What a run of the plan has backed up, and of which there is no mirror. */
function findGone(
	{catalog}: Workplace,
	plan: Plan,
	destination: string,
	listed: readonly ListedMirror[],
): Verification[] {
	const isCovered = coverageOf(plan);
	const uuids = new Set(listed.map(({uuid}) => uuid));
	return catalog
		.list(plan.organization)
		.filter(entry => entry.plan === plan.name && entry.snapshot !== undefined && isCovered(entry.slug))
		.filter(({uuid}) => {
			const end = `-${uuidPrefix(uuid) ?? ''}.git`;
			return !uuids.has(uuid) && !listed.some(({folderName}) => folderName.endsWith(end));
		})
		.map(({slug, uuid, lastRunAt, verifiedAt}) => ({
			repository: slug,
			kind: 'repository',
			folder: destination,
			uuid,
			state: 'damaged',
			findings: [
				finding(
					'mirror-gone',
					`there is no mirror of it in ${destination}, though a run of ${lastRunAt} worked on it; bring it back, or run the plan again`,
				),
			],
			repairs: [],
			snapshots: 0,
			objects: 0,
			bytes: 0,
			verifiedAt: verifiedAt ?? null,
			durationMs: 0,
		}));
}

/** A pool that is opened when it is first needed, once. */
function lazyPool(
	workplace: Workplace,
	plan: Plan,
	organization: Organization,
	signal: AbortSignal,
): {readonly open: () => Promise<AccountPool>; readonly close: () => Promise<void>} {
	let opened: Promise<AccountPool> | undefined;
	return {
		open: async () => {
			opened ??= openPool(workplace, {
				organization,
				credentials: credentialsOfPlan(organization, plan),
				reservePercent: plan.advanced.reservePercent ?? organization.reservePercent,
				requestsPerSecond: plan.advanced.requestsPerSecond,
				signal,
				onChange: () => undefined,
			});
			return opened;
		},
		close: async () => {
			// Why it could not be opened was told by whoever asked for it.
			(await opened?.catch(() => undefined))?.close();
		},
	};
}

/** Leaves the time of the verification where the app finds it. */
function remember({catalog}: Workplace, workspace: string, {uuid, verifiedAt}: Verification): void {
	const entry = uuid === undefined ? undefined : catalog.get(workspace, uuid);
	if (entry !== undefined && verifiedAt !== null) {
		catalog.put({...entry, verifiedAt});
	}
}

function redacted({redactor}: Workplace, verification: Verification): Verification {
	return {
		...verification,
		findings: verification.findings.map(each => ({...each, text: redactor.redact(each.text)})),
		repairs: verification.repairs.map(redactor.redact),
	};
}
