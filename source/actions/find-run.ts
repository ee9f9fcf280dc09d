import type {RunEvent} from '../runs/events.ts';
import {followJournal} from '../runs/follow-journal.ts';
import {listRuns as listJournals, type RunSummary} from '../runs/run-list.ts';
import {UserError} from '../system/user-error.ts';
import {isRunning} from './plan-lock.ts';
import {journalPath} from './run-id.ts';
import type {Workplace} from './workplace.ts';

/** Every run, newest first; one that never said that it was finished counts as running while it holds its plan's lock. */
export async function listRuns(workplace: Workplace): Promise<readonly RunSummary[]> {
	const {home} = workplace;
	return listJournals(home.runs, {isAlive: (_pid, run) => isRunning(home, run)});
}

/**
A run by its id, or the newest one of a plan by the plan's name, or the newest of all: a running one before others.

@throws UserError (wrong usage) where there is none.
*/
export async function findRun(workplace: Workplace, name?: string): Promise<RunSummary> {
	const runs = await listRuns(workplace);
	const named = runs.filter(run => name === undefined || run.run === name || run.plan === name);
	const found = named.find(run => run.status === 'running') ?? named[0];
	if (found === undefined) {
		const hint =
			runs.length === 0
				? 'Nothing was run yet. Run a plan with: bucket-brigade run PLAN'
				: 'List them with: bucket-brigade runs';
		throw new UserError(name === undefined ? hint : `There is no run called "${name}". ${hint}`, {
			exitCode: 2,
		});
	}

	return found;
}

/** A run's events, from the first to the last; they end without `run-finished` where its process is gone. */
export function followRun(workplace: Workplace, run: string, signal?: AbortSignal): AsyncIterable<RunEvent> {
	const {home} = workplace;
	return followJournal(journalPath(home, run), {
		isAlive: () => isRunning(home, run),
		...(signal === undefined ? {} : {signal}),
	});
}
