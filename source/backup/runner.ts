import type {AccountPool} from '../accounts/pool-types.ts';
import {RequestFailed} from '../bitbucket/failures.ts';
import type {Repository} from '../bitbucket/resources.ts';
import type {Organization} from '../model/organization.ts';
import type {Plan} from '../model/plan.ts';
import type {RunReport} from '../runs/events.ts';
import type {Clock} from '../system/clock.ts';
import type {Redactor} from '../system/redactor.ts';
import {sanitize} from '../system/sanitize.ts';
import {UserError} from '../system/user-error.ts';
import {forEachAtOnce} from './at-once.ts';
import type {BackupMemory} from './backup-memory.ts';
import type {BackupPlace} from './backup-place.ts';
import {listCoveredRepositories} from './covered-repositories.ts';
import {type ForetoldRun, foretellRun} from './foretell-run.ts';
import {inOrderOfNeed} from './in-order-of-need.ts';
import {openWorkspaceFolder} from './mirror-folder.ts';
import {destinationFailure, isOwnFailure} from './own-failure.ts';
import {backUpRepository, type RepositoryOutcome} from './repository-backup.ts';
import {type EarlierRuns, noEarlierRuns} from './run-forecast.ts';
import {createRunTally, type RunOutcome, type RunTally} from './run-outcome.ts';
import {backUpSnippets} from './snippets-backup.ts';
import {createVerifyBudget} from './verify/verify-budget.ts';
import {backUpWorkspace} from './workspace-backup.ts';

export type {BackupMemory, BackupMemoryEntry} from './backup-memory.ts';
export type {EarlierRuns} from './run-forecast.ts';
export type {RunOutcome} from './run-outcome.ts';

export type RunPlanOptions = {
	readonly plan: Plan;
	readonly organization: Organization;
	/** Folder that holds the mirrors. */
	readonly destination: string;
	readonly pool: AccountPool;
	readonly report: (report: RunReport) => void;
	readonly clock: Clock;
	/** Cancels the run. */
	readonly signal: AbortSignal;
	readonly memory: BackupMemory;
	/** The run's id. */
	readonly run: string;
	/** Says what the plan covers and ends there; nothing is written. */
	readonly dryRun?: boolean;
	readonly redactor: Redactor;
	/** What the last runs of the plan measured, the newest first; what it takes is foretold from it. */
	readonly earlier?: EarlierRuns;
	/** A run that broke off a short while ago; what it finished is not done again. */
	readonly brokenRun?: {readonly run: string; readonly repositories: ReadonlySet<string>} | undefined;
};

/**
Runs a plan: lists the repositories that it covers and backs them up, several at once. One that fails stops no other.

Reports `run-started` once it is known what the plan covers, and `run-finished` at the end, also when the run is cancelled or
the destination cannot be written any more.

@throws UserError before anything is reported: the workspace cannot be listed, the destination cannot be written.
*/
export async function runPlan(options: RunPlanOptions): Promise<RunOutcome> {
	const {plan, organization, pool, report, clock, signal} = options;
	const begun = clock.elapsed();
	const isDryRun = options.dryRun ?? false;
	const workspaceFolder = isDryRun ? '' : await prepareDestination(options);
	const {repositories, continues} = await whatIsToBeDone(options);
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

	const tally = createRunTally(repositories.length);
	const foretold = foretellRun({...options, earlier: options.earlier ?? noEarlierRuns, repositories});
	let broken: Broken | undefined;
	let learned: Awaited<ReturnType<ForetoldRun['end']>> = {};
	try {
		broken = isDryRun ? undefined : await backUpAll(options, workspaceFolder, repositories, tally, foretold);
	} finally {
		learned = await foretold.end();
	}

	const outcome = {
		...tally.outcome({
			pool,
			durationMilliseconds: clock.elapsed() - begun,
			...(signal.aborted ? {broken: {status: 'cancelled' as const}} : broken === undefined ? {} : {broken}),
		}),
		...(isDryRun ? {} : learned),
	};
	report({type: 'run-finished', ...outcome});
	return outcome;
}

/** The repositories that the plan covers, in the order of need, without those that a run that broke off has finished. */
async function whatIsToBeDone(options: RunPlanOptions): Promise<{
	readonly repositories: readonly Repository[];
	readonly continues?: {readonly run: string; readonly repositories: number};
}> {
	const {brokenRun, memory, organization} = options;
	const covered = inOrderOfNeed(await listRepositories(options), ({uuid}) =>
		memory.get(organization.workspace, uuid),
	);
	const repositories = covered.filter(({slug}) => brokenRun?.repositories.has(slug) !== true);
	const finished = covered.length - repositories.length;
	// Where it had finished everything but its own end, all is looked at again.
	return brokenRun === undefined || finished === 0 || repositories.length === 0
		? {repositories: covered}
		: {repositories, continues: {run: brokenRun.run, repositories: finished}};
}

/** Why a run did not come to its own end. */
type Broken = {readonly status: 'failed'; readonly problem: string};

async function backUpAll(
	options: RunPlanOptions,
	workspaceFolder: string,
	repositories: readonly Repository[],
	tally: RunTally,
	foretold: ForetoldRun,
): Promise<Broken | undefined> {
	const {plan, signal, destination} = options;
	const stop = new AbortController();
	const place: BackupPlace = {
		...options,
		workspaceFolder,
		signal: AbortSignal.any([signal, stop.signal]),
		report: foretold.report,
		verifyBudget: createVerifyBudget(options.clock),
	};
	const beside = [
		...(plan.data.includes('workspace') ? [backUpWorkspace] : []),
		...(plan.data.includes('snippets') ? [backUpSnippets] : []),
	];
	const jobs = [
		...beside.map(backUp => async () => {
			await besideRepositories(place, tally, backUp);
			foretold.besideFinished();
		}),
		...repositories.map(repository => async () => backUpOne(options, place, repository, tally)),
	];

	try {
		await forEachAtOnce(jobs, plan.advanced.repositoriesAtOnce, async job => {
			try {
				await job();
			} catch (error) {
				// What we cannot write, no other repository can either: all end here.
				const failure = isOwnFailure(error) ? destinationFailure(destination, error) : error;
				stop.abort(failure);
				throw failure;
			}
		});
		return undefined;
	} catch (error) {
		return {status: 'failed', problem: sentence(error, options)};
	}
}

async function backUpOne(
	options: RunPlanOptions,
	place: BackupPlace,
	repository: Repository,
	tally: RunTally,
): Promise<void> {
	const {pool, report} = place;
	const {slug} = repository;
	place.signal.throwIfAborted();
	report({type: 'repository-started', repository: slug});
	let outcome: RepositoryOutcome;
	let ownFailure: unknown;
	try {
		outcome = await backUpRepository(place, repository);
	} catch (error) {
		ownFailure = isOwnFailure(error) ? error : undefined;
		const problem = place.signal.aborted ? 'the run ended before it was backed up' : sentence(error, options);
		outcome = {status: 'failed', snapshot: null, bytes: 0, problems: [problem]};
		if (!place.signal.aborted) {
			rememberFailure(place, repository);
		}
	}

	const problems = outcome.problems.map(options.redactor.redact);
	tally.finished(slug, outcome.status, outcome.bytes, problems);
	report({
		type: 'repository-finished',
		repository: slug,
		status: outcome.status,
		snapshot: outcome.snapshot,
		requests: {...pool.requestsOf(slug)},
		bytes: outcome.bytes,
		problems,
	});
	if (ownFailure !== undefined) {
		throw ownFailure;
	}
}

/** The workspace's own data and snippets: missing, they make the run partial and no repository fail. */
async function besideRepositories(
	place: BackupPlace,
	tally: RunTally,
	backUp: (place: BackupPlace) => Promise<readonly string[]>,
): Promise<void> {
	try {
		tally.missing(await backUp(place));
	} catch (error) {
		if (isOwnFailure(error)) {
			throw error;
		}

		if (!place.signal.aborted) {
			tally.missing([error instanceof Error ? sanitize(error.message) : String(error)]);
		}
	}
}

function rememberFailure({memory, organization, plan, clock}: BackupPlace, repository: Repository): void {
	const {workspace} = organization;
	memory.put({
		...memory.get(workspace, repository.uuid),
		workspace,
		uuid: repository.uuid,
		slug: repository.slug,
		plan: plan.name,
		lastRunAt: new Date(clock.now()).toISOString(),
		status: 'failed',
	});
}

async function prepareDestination({destination, organization}: RunPlanOptions): Promise<string> {
	try {
		return await openWorkspaceFolder(destination, organization.workspace);
	} catch (error) {
		throw error instanceof UserError ? error : destinationFailure(destination, error);
	}
}

async function listRepositories({
	pool,
	organization,
	plan,
	signal,
}: RunPlanOptions): Promise<readonly Repository[]> {
	const {workspace} = organization;
	try {
		return await listCoveredRepositories(pool, workspace, plan);
	} catch (error) {
		signal.throwIfAborted();
		if (!(error instanceof RequestFailed)) {
			throw error;
		}

		throw new UserError(
			error.reason === 'not-found'
				? `The workspace "${workspace}" does not exist, or none of the plan's accounts sees it.`
				: `The repositories of "${workspace}" could not be listed: ${error.message}`,
			{cause: error},
		);
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

function sentence(error: unknown, {redactor}: RunPlanOptions): string {
	return sanitize(redactor.redact(error instanceof Error ? error.message : String(error)));
}
