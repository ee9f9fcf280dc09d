import {createPause, type PauseSwitch} from '../accounts/pause.ts';
import type {AccountPool} from '../accounts/pool-types.ts';
import {runPlan} from '../backup/runner.ts';
import {expiryText} from '../model/expiry.ts';
import type {Plan} from '../model/plan.ts';
import type {RunReport, RunStatus} from '../runs/events.ts';
import {openJournal} from '../runs/journal.ts';
import {noRepositoryProblems, withReport} from '../runs/run-news.ts';
import {gitVersion} from '../system/git.ts';
import type {ProcessLock} from '../system/process-lock.ts';
import {sanitize} from '../system/sanitize.ts';
import {SaveFailed} from '../system/save-failed.ts';
import {UserError} from '../system/user-error.ts';
import {findBrokenRun} from './broken-run.ts';
import {findEarlierRuns} from './earlier-runs.ts';
import {failureSentence} from './failure-sentence.ts';
import {findOrganization, findPlan} from './find.ts';
import {notifyOfRun} from './notifications/notify-of-run.ts';
import {obeyPauseFile, type PauseObedience, removeOldPauseFiles} from './obey-pause-file.ts';
import {openPool} from './open-pool.ts';
import {credentialsOfPlan} from './plan-credentials.ts';
import {lockPlan} from './plan-lock.ts';
import {retentionPolicies} from './retention-policies.ts';
import {isRunIdOf, journalPath, makeRunId} from './run-id.ts';
import {brokenOff, createOrderedReports, type RunFinishedReport} from './run-report.ts';
import type {Workplace} from './workplace.ts';

export type StartedRun = {readonly run: string; readonly journal: string};

export type StartRunOptions = {
	/** Id of the run, where the caller made it already. */
	readonly run?: string | undefined;
	/** Says what would be done, and writes nothing but the journal. */
	readonly dryRun?: boolean | undefined;
	/** Backs up everything, also what a run that broke off within the last hour has finished. */
	readonly fromStart?: boolean | undefined;
	/** Cancels the run. */
	readonly signal?: AbortSignal | undefined;
	/** Called once the journal exists and can be followed. */
	readonly onStart?: ((started: StartedRun) => void) | undefined;
	/** Called with a sentence where whoever was to be told of the run's end was not. It changes nothing of how the run ended. */
	readonly onUntold?: ((problem: string) => void) | undefined;
};

export type RunExitCode = 0 | 1 | 3 | 130;

export type FinishedRun = StartedRun & {
	readonly outcome: RunFinishedReport;
	readonly exitCode: RunExitCode;
	/** Why it failed or broke off, in one sentence. */
	readonly problem?: string;
};

const exitCodes: Readonly<Record<RunStatus, RunExitCode>> = {
	succeeded: 0,
	failed: 1,
	partial: 3,
	cancelled: 130,
};

/**
Runs a plan in this process, from the lock to the last word of the journal, and tells of its end whom it should.

From the moment the journal exists nothing is thrown: what goes wrong then is how the run ended.

@throws UserError where there is no such plan, or it is running already.
*/
export async function startRun(
	workplace: Workplace,
	planName: string,
	options: StartRunOptions = {},
): Promise<FinishedRun> {
	const {home, clock} = workplace;
	const plan = findPlan(await workplace.store.read(), planName);
	const run = options.run ?? makeRunId(clock.now(), plan.name);
	if (!isRunIdOf(run, plan.name)) {
		throw new UserError(`"${sanitize(run)}" is no id for a run of the plan "${plan.name}".`, {exitCode: 2});
	}

	let repositoryProblems = noRepositoryProblems;
	const onReport = (report: RunReport): void => {
		repositoryProblems = withReport(repositoryProblems, report);
	};

	const tell = async (outcome: RunFinishedReport): Promise<void> => {
		const problem = options.dryRun
			? undefined
			: await notifyOfRun(workplace, {
					run,
					plan: plan.name,
					organization: plan.organization,
					outcome,
					repositoryProblems,
				});
		if (problem !== undefined) {
			options.onUntold?.(problem);
		}
	};

	const begun = clock.elapsed();
	let lock: ProcessLock | undefined;
	let finished: FinishedRun;
	try {
		lock = await lockPlan(home, plan.name, run);
		finished = await journalled(workplace, plan, run, onReport, options);
	} catch (error) {
		lock?.release();
		// A plan that runs already is told of by that run.
		if (lock !== undefined || error instanceof SaveFailed) {
			const durationMilliseconds = clock.elapsed() - begun;
			const problem = failureSentence(error, workplace.redactor);
			await tell(brokenOff({status: 'failed', problem, pool: undefined, durationMilliseconds}));
		}

		throw error;
	}

	// The next run need not wait until somebody was told of this one.
	lock.release();
	await tell(finished.outcome);
	return finished;
}

async function journalled(
	workplace: Workplace,
	plan: Plan,
	run: string,
	onReport: (report: RunReport) => void,
	options: StartRunOptions,
): Promise<FinishedRun> {
	const path = journalPath(workplace.home, run);
	const journal = openJournal(path, run, workplace.clock);
	const started = {run, journal: path};
	const write = (report: RunReport): void => {
		onReport(report);
		journal.write(report);
	};

	try {
		options.onStart?.(started);
		return {...started, ...(await execute(workplace, plan, run, write, options))};
	} finally {
		await journal.close();
	}
}

async function execute(
	workplace: Workplace,
	plan: Plan,
	run: string,
	write: (report: RunReport) => void,
	options: StartRunOptions,
): Promise<Omit<FinishedRun, keyof StartedRun>> {
	const {home, clock, redactor} = workplace;
	const signal = options.signal ?? new AbortController().signal;
	const begun = clock.elapsed();
	const reports = createOrderedReports({write, plan, pid: process.pid});
	const pause = createPause(clock);
	tellPauses(pause, clock, reports.report);
	let obedience: PauseObedience | undefined;
	let pool: AccountPool | undefined;
	let problem: string | undefined;
	/** What is to be said at the end that is no repository's problem. */
	const besides: string[] = [];
	try {
		await removeOldPauseFiles(home, run);
		obedience = obeyPauseFile({home, run, clock, pause});
		await gitVersion();
		await pause.passed(signal);
		const organization = findOrganization(await workplace.store.read(), plan.organization);
		const credentials = credentialsOfPlan(organization, plan);
		for (const credential of credentials) {
			const text = expiryText(credential, clock.now());
			if (text !== undefined) {
				besides.push(text);
			}
		}

		pool = await openPool(workplace, {
			organization,
			credentials,
			reservePercent: plan.advanced.reservePercent ?? organization.reservePercent,
			requestsPerSecond: plan.advanced.requestsPerSecond,
			signal,
			pause,
			onChange: change => {
				if (change.type === 'account-failed') {
					besides.push(`account ${change.label}: ${change.reason}`);
				}

				reports.report(change);
			},
		});
		const destination = plan.destination ?? workplace.home.backups;
		await runPlan({
			plan,
			organization,
			destination,
			brokenRun: options.fromStart
				? undefined
				: await findBrokenRun(workplace, run, {plan: plan.name, data: plan.data, destination}),
			pool,
			report: report => {
				if (report.type === 'run-finished') {
					// The last word on every quota stands before the end of the run.
					pool?.close();
					reports.report(withProblems(report, besides));
				} else {
					reports.report(report);
				}
			},
			clock,
			signal,
			pause,
			memory: workplace.catalog,
			run,
			dryRun: options.dryRun ?? false,
			earlier: await findEarlierRuns(workplace, plan.name),
			redactor,
			retention: retentionPolicies(workplace.home, await workplace.store.read(), plan),
		});
	} catch (error) {
		problem = signal.aborted ? 'The run was cancelled.' : failureSentence(error, redactor);
	} finally {
		pool?.close();
		await obedience?.end();
	}

	if (reports.finished() === undefined) {
		const status = signal.aborted ? 'cancelled' : 'failed';
		problem ??= 'The run ended before its time.';
		const end = brokenOff({status, problem, pool, durationMilliseconds: clock.elapsed() - begun});
		reports.finish(withProblems(end, besides));
	}

	const outcome = reports.finished() as RunFinishedReport;
	problem ??= outcome.status === 'failed' ? outcome.problems[0] : undefined;
	return {outcome, exitCode: exitCodes[outcome.status], ...(problem === undefined ? {} : {problem})};
}

/** Before anybody else hears of it: what follows from it stands after it in the journal. */
function tellPauses(
	pause: PauseSwitch,
	clock: Pick<Workplace['clock'], 'elapsed'>,
	report: (report: RunReport) => void,
): void {
	let since = 0;
	pause.onChange(() => {
		const now = clock.elapsed();
		const pausedMs = Math.round(now - since);
		since = pause.isPaused() ? now : since;
		try {
			report(pause.isPaused() ? {type: 'paused'} : {type: 'resumed', pausedMs});
		} catch {
			// What cannot be written, the run itself finds out.
		}
	});
}

/** An account that never signed in is not among the pool's, but its failure belongs to the run's problems; so does a credential's near end. */
function withProblems(report: RunFinishedReport, more: readonly string[]): RunFinishedReport {
	const {problems} = report;
	return {...report, problems: [...problems, ...more.filter(problem => !problems.includes(problem))]};
}
