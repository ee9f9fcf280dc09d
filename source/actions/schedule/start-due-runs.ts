import {join} from 'node:path';
import type {Plan} from '../../model/plan.ts';
import {noRepositoryProblems} from '../../runs/run-news.ts';
import {withProcessLock} from '../../system/process-lock.ts';
import {UserError} from '../../system/user-error.ts';
import {startDetachedRun} from '../detached-run.ts';
import {failureSentence} from '../failure-sentence.ts';
import {notifyOfRun} from '../notifications/notify-of-run.ts';
import {makeRunId} from '../run-id.ts';
import {brokenOff} from '../run-report.ts';
import type {Workplace} from '../workplace.ts';
import {decideStart} from './decide-start.ts';

/** What came of a start that was due. */
export type DueStart = {
	readonly plan: string;
	/** When it was due, in milliseconds since the epoch. */
	readonly dueAt: number;
} & ({readonly run: string} | {readonly problem: string});

/** A look takes no longer than the starts of the plans that are due. */
const patienceMilliseconds = 10 * 60_000;

/**
Starts a run, in a process of its own, of every plan that is due by its schedule. Several processes may look: what one has started the
others see.

A start that fails (the plan runs still, the vault does not open) is told and not tried again until the plan is due anew: somebody
who is told each minute stops to listen.

@throws UserError where another process holds the lock for too long; what the store fails with.
*/
export async function startDueRuns(
	workplace: Workplace,
	start: typeof startDetachedRun = startDetachedRun,
): Promise<readonly DueStart[]> {
	const {home, clock} = workplace;
	const lock = join(home.locks, 'scheduler.lock');
	return withProcessLock(lock, {clock, timeoutMilliseconds: patienceMilliseconds}, async () =>
		startUnderLock(workplace, start),
	);
}

async function startUnderLock(
	workplace: Workplace,
	start: typeof startDetachedRun,
): Promise<readonly DueStart[]> {
	const {store, clock, scheduleMarks, redactor} = workplace;
	const {plans} = await store.read();
	scheduleMarks.putLook(clock.now());
	scheduleMarks.keepOnly(new Set(plans.filter(({schedule}) => schedule !== undefined).map(({name}) => name)));
	const starts: DueStart[] = [];
	for (const plan of plans) {
		const {name, schedule} = plan;
		if (schedule === undefined) {
			continue;
		}

		const before = scheduleMarks.get(name);
		const {dueAt, mark} = decideStart(schedule, before, clock.now());
		if (dueAt !== undefined) {
			try {
				await openVaultFor(workplace, plan);
				const {run} = await start(workplace, name);
				starts.push({plan: name, dueAt, run});
			} catch (error) {
				starts.push({plan: name, dueAt, problem: failureSentence(error, redactor)});
			}
		}

		// Only now: a kill in between costs one more run, which finds little to do, and not one too few.
		if (mark !== before) {
			scheduleMarks.put(name, mark);
		}
	}

	return starts;
}

/**
A key that a person has to unlock is handed to the run. Where that cannot be done, there is no run that could tell of it to whoever is told
of runs: so it is told here.
*/
async function openVaultFor(workplace: Workplace, {name, organization}: Plan): Promise<void> {
	const {clock, redactor} = workplace;
	try {
		if (await workplace.isLocked()) {
			await (await workplace.vault()).key();
		}
	} catch (error) {
		const problem = failureSentence(error, redactor);
		const untold = await notifyOfRun(workplace, {
			run: makeRunId(clock.now(), name),
			plan: name,
			organization,
			outcome: brokenOff({status: 'failed', problem, pool: undefined, durationMilliseconds: 0}),
			repositoryProblems: noRepositoryProblems,
		});
		throw new UserError(untold === undefined ? problem : `${problem} ${untold}`);
	}
}
