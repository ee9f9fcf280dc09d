import type {AccountPool} from '../accounts/pool-types.ts';
import {UserError} from '../system/user-error.ts';
import {type Broken, backUpAll} from './back-up-all.ts';
import {type DescriptionFile, noDescriptions, openDescriptionFile} from './description-file.ts';
import {type ForetoldRun, foretellRun} from './foretell-run.ts';
import {openWorkspaceFolder} from './mirror-folder.ts';
import {destinationFailure, namedFailure} from './own-failure.ts';
import {noEarlierRuns} from './run-forecast.ts';
import type {RunPlanOptions} from './run-options.ts';
import {createRunTally, type RunOutcome} from './run-outcome.ts';
import {findRunScope, type RunScope} from './run-scope.ts';

export type {BackupMemory, BackupMemoryEntry} from './backup-memory.ts';
export type {EarlierRuns} from './run-forecast.ts';
export type {RunPlanOptions} from './run-options.ts';
export type {RunOutcome} from './run-outcome.ts';

/**
Runs a plan: lists the repositories that it covers and backs them up, several at once. One that fails stops no other.

Reports `run-started` once it is known what the plan covers, and `run-finished` at the end, also when the run is cancelled or
the destination cannot be written any more.

@throws UserError before anything is reported: the workspace cannot be listed, the destination cannot be written.
*/
export async function runPlan(options: RunPlanOptions): Promise<RunOutcome> {
	const begun = options.clock.elapsed();
	const workspaceFolder = options.dryRun === true ? undefined : await prepareDestination(options);
	const descriptions = await openDescriptions(workspaceFolder, options);
	try {
		const scope = await whatIsToBeDone(options, workspaceFolder, descriptions);
		return await runScope(options, {scope, workspaceFolder, descriptions, begun});
	} finally {
		await descriptions.close();
	}
}

/** A run of which it is known what it is to do. */
type ScopedRun = {
	readonly scope: RunScope;
	/** Undefined where nothing is to be written. */
	readonly workspaceFolder: string | undefined;
	readonly descriptions: DescriptionFile;
	/** Moment of the clock at which the run began. */
	readonly begun: number;
};

async function runScope(options: RunPlanOptions, run: ScopedRun): Promise<RunOutcome> {
	const {plan, organization, pool, report, clock, signal} = options;
	const {repositories, continues} = run.scope;
	report({
		type: 'run-started',
		plan: plan.name,
		organization: organization.workspace,
		repositories: repositories.length,
		data: [...plan.data],
		destination: options.destination,
		...(continues === undefined ? {} : {continues}),
		pid: process.pid,
		accounts: pool.accounts().map(startingAccount),
	});

	tellListed(repositories, report);
	const tally = createRunTally(repositories.length);
	const foretold = foretellRun({...options, earlier: options.earlier ?? noEarlierRuns, repositories});
	let broken: Broken | undefined;
	let learned: Awaited<ReturnType<ForetoldRun['end']>> = {};
	try {
		broken = await backUpAll(options, {...run, tally, foretold});
	} finally {
		learned = await foretold.end();
	}

	const outcome = {
		...tally.outcome({
			pool,
			durationMilliseconds: clock.elapsed() - run.begun,
			...(signal.aborted ? {broken: {status: 'cancelled' as const}} : broken === undefined ? {} : {broken}),
		}),
		...(run.workspaceFolder === undefined ? {} : learned),
	};
	report({type: 'run-finished', ...outcome});
	return outcome;
}

/** A line of the journal is some kilobytes at most. */
const listedAtOnce = 200;

/** Names what waits, so that whoever watches sees what comes next. */
function tellListed(repositories: RunScope['repositories'], report: RunPlanOptions['report']): void {
	for (let first = 0; first < repositories.length; first += listedAtOnce) {
		const some = repositories.slice(first, first + listedAtOnce);
		report({type: 'repositories-listed', repositories: some.map(({slug}) => slug)});
	}
}

async function prepareDestination({destination, organization}: RunPlanOptions): Promise<string> {
	try {
		return await openWorkspaceFolder(destination, organization.workspace);
	} catch (error) {
		throw error instanceof UserError ? error : destinationFailure(destination, error);
	}
}

async function openDescriptions(
	workspaceFolder: string | undefined,
	{destination}: RunPlanOptions,
): Promise<DescriptionFile> {
	try {
		return workspaceFolder === undefined ? noDescriptions : await openDescriptionFile(workspaceFolder);
	} catch (error) {
		throw destinationFailure(destination, error);
	}
}

async function whatIsToBeDone(
	options: RunPlanOptions,
	workspaceFolder: string | undefined,
	descriptions: DescriptionFile,
): Promise<RunScope> {
	try {
		const {workspace} = options.organization;
		return await findRunScope({...options, workspace, workspaceFolder, descriptions});
	} catch (error) {
		throw namedFailure(options.destination, error);
	}
}

function startingAccount({id, label, credentials, limits}: ReturnType<AccountPool['accounts']>[number]) {
	return {
		account: id,
		label,
		credentials: [...credentials],
		limits: Object.fromEntries(
			Object.entries(limits).map(([resource, {requests, windowMilliseconds}]) => [
				resource,
				{limit: requests, windowMs: windowMilliseconds},
			]),
		),
	};
}
