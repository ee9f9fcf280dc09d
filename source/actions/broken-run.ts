import type {RunEvent} from '../runs/events.ts';
import {readJournal} from '../runs/read-journal.ts';
import {listRuns} from '../runs/run-list.ts';
import {journalPath} from './run-id.ts';
import type {Workplace} from './workplace.ts';

/** A run of the same plan that broke off (its process was killed, the machine went down) a short while ago. */
export type BrokenRun = {
	readonly run: string;
	/** Slugs of what it had backed up whole by then. */
	readonly repositories: ReadonlySet<string>;
};

/** What was backed up longer ago is looked at again. */
const freshMilliseconds = 3_600_000;

type Started = Extract<RunEvent, {type: 'run-started'}>;

/**
What the last run of a plan had finished within the last hour, where it broke off before its end and was to back up the
same data to the same place: the next run need not ask for it again. Runs that went on for one another count as one.

@param next The run that is starting; its own journal is passed over.
@param scope What the next run is to do, as its `run-started` says it.
@returns undefined where the last run came to its end, or there is nothing to go on from.
*/
export async function findBrokenRun(
	{home, clock}: Pick<Workplace, 'home' | 'clock'>,
	next: string,
	scope: {readonly plan: string; readonly data: readonly string[]; readonly destination: string},
): Promise<BrokenRun | undefined> {
	const runs = await listRuns(home.runs, {isAlive: () => false});
	const last = runs.find(({plan, run}) => plan === scope.plan && run !== next);
	if (last?.status !== 'interrupted') {
		return undefined;
	}

	const now = clock.now();
	const repositories = new Set<string>();
	const visited = new Set<string>();
	let run: string | undefined = last.run;
	while (run !== undefined && !visited.has(run)) {
		visited.add(run);
		const found: Done | undefined = await readDone(journalPath(home, run));
		if (found === undefined || !isSameScope(found.started, scope)) {
			break;
		}

		for (const {repository, at} of found.finished) {
			const age = now - Date.parse(at);
			if (age >= 0 && age < freshMilliseconds) {
				repositories.add(repository);
			}
		}

		run = found.started.continues?.run;
	}

	return repositories.size === 0 ? undefined : {run: last.run, repositories};
}

type Done = {
	readonly started: Started;
	/** Repositories of which nothing is missing. */
	readonly finished: ReadonlyArray<{readonly repository: string; readonly at: string}>;
};

async function readDone(journal: string): Promise<Done | undefined> {
	let started: Started | undefined;
	const finished: Array<{repository: string; at: string}> = [];
	try {
		for await (const event of readJournal(journal)) {
			if (event.type === 'run-started') {
				started = event;
			} else if (
				event.type === 'repository-finished' &&
				(event.status === 'backed-up' || event.status === 'unchanged')
			) {
				finished.push({repository: event.repository, at: event.at});
			}
		}
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return undefined;
		}

		throw error;
	}

	return started === undefined ? undefined : {started, finished};
}

/** Old journals do not say what they were to do: nothing goes on from them. */
function isSameScope(
	started: Started,
	{data, destination}: {readonly data: readonly string[]; readonly destination: string},
): boolean {
	return (
		started.destination === destination &&
		started.data !== undefined &&
		[...started.data].sort().join() === [...data].sort().join()
	);
}
