import {join} from 'node:path';
import type {Resource} from '../model/quota-limit.ts';
import {namesIn} from '../system/names-in.ts';
import {isProcessAlive} from '../system/process-alive.ts';
import type {RunStatus} from './events.ts';
import {countFinishedSoFar} from './finished-so-far.ts';
import {readJournalEnds} from './journal-ends.ts';

/** A run as a list shows it. */
export type RunSummary = {
	readonly run: string;
	readonly plan: string;
	/** Workspace slug; empty for a run that ended before it began. */
	readonly organization: string;
	/** ISO-8601 time. */
	readonly startedAt: string;
	readonly finishedAt?: string;
	/** `interrupted`: it never said that it was finished, and its process is gone. */
	readonly status: 'running' | RunStatus | 'interrupted';
	/** It goes on and was asked to pause. */
	readonly isPaused?: true;
	/** Of a run that goes on, or was interrupted: so far. */
	readonly counts: {
		readonly total: number;
		readonly backedUp: number;
		readonly unchanged: number;
		readonly partial: number;
		readonly failed: number;
	};
	/** HTTP requests sent, and how many of them were answered 429. */
	readonly requests: number;
	readonly throttled: number;
	readonly bytes: number;
	readonly durationMs: number;
	readonly problems: readonly string[];
	/** Requests a second where no quota was waited for; absent where it is not known. */
	readonly pace?: number;
	/** HTTP requests that belonged to no repository, by resource; absent where it is not known. */
	readonly beside?: Readonly<Partial<Record<Resource, number>>>;
	readonly pid?: number;
	/** Path of its journal. */
	readonly journal: string;
};

export type ListRunsOptions = {
	/** Whether the process of a run that has not said that it is finished still lives. */
	readonly isAlive?: (pid: number | undefined, run: string) => boolean;
	/** The runs of this plan alone. */
	readonly plan?: string;
	/** The newest so many; by default all. */
	readonly newest?: number;
};

/** A file of this name beside a run's journal asks the run to pause. */
export const pauseSuffix = '.paused';

/** So many journals are open at the same time. */
const atOnce = 32;

/**
The runs whose journals lie in a folder, newest first. Only both ends of each journal are read, where the run has ended.

@returns an empty list where the folder does not exist.
*/
export async function listRuns(
	runsFolder: string,
	options: ListRunsOptions = {},
): Promise<readonly RunSummary[]> {
	const isAlive = options.isAlive ?? (pid => pid !== undefined && isProcessAlive(pid));
	const names = await namesIn(runsFolder);
	// A run's id starts with its time.
	const journals = names
		.filter(name => name.endsWith('.ndjson') && (options.plan === undefined || isOfPlan(name, options.plan)))
		.sort()
		.reverse()
		.slice(0, options.newest);
	const present = new Set(names);
	const runs: RunSummary[] = [];
	for (let first = 0; first < journals.length; first += atOnce) {
		const some = journals.slice(first, first + atOnce);
		runs.push(
			...(await Promise.all(some.map(async name => summarizeJournal(join(runsFolder, name), isAlive)))),
		);
	}

	return runs.map(run =>
		run.status === 'running' && present.has(`${run.run}${pauseSuffix}`) ? {...run, isPaused: true} : run,
	);
}

/** A journal is called by its run's id: `<UTC time>-<plan>.ndjson`. */
function isOfPlan(name: string, plan: string): boolean {
	return name.slice(name.indexOf('-') + 1) === `${plan}.ndjson`;
}

async function summarizeJournal(
	journal: string,
	isAlive: NonNullable<ListRunsOptions['isAlive']>,
): Promise<RunSummary> {
	const {first, started, last, notificationFailed} = await readJournalEnds(journal);
	const finished = last?.type === 'run-finished' ? last : undefined;
	const run = journal.replace(/^.*[/\\]/, '').replace(/\.ndjson$/, '');
	const startedAt = started?.at ?? first?.at ?? timeOfRun(run);
	const lastAt = last?.at ?? startedAt;
	const counts = finished?.repositories ?? {
		total: started?.repositories ?? 0,
		...(await countFinishedSoFar(journal)),
	};

	return {
		run,
		plan: started?.plan ?? run.replace(/^[^-]*-/, ''),
		organization: started?.organization ?? '',
		startedAt,
		...(finished === undefined ? {} : {finishedAt: finished.at}),
		status: finished?.status ?? (isAlive(started?.pid, run) ? 'running' : 'interrupted'),
		counts,
		requests: finished?.requests.total ?? 0,
		throttled: finished?.requests.throttled ?? 0,
		bytes: finished?.bytes ?? 0,
		durationMs: finished?.durationMs ?? Math.max(0, Date.parse(lastAt) - Date.parse(startedAt)),
		problems: [
			...(finished?.problems ?? []),
			...(notificationFailed === undefined ? [] : [notificationFailed]),
		],
		...(finished?.pace === undefined ? {} : {pace: finished.pace}),
		...(finished?.beside === undefined ? {} : {beside: finished.beside}),
		...(started === undefined ? {} : {pid: started.pid}),
		journal,
	};
}

/** The time in a run's id, `20261122T131500.123Z-<plan>`, as ISO-8601; the epoch where there is none. */
function timeOfRun(run: string): string {
	const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d\.\d{3})Z/.exec(run);
	const [, year, month, day, hour, minute, second] = match ?? [];
	return match === null ? new Date(0).toISOString() : `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}
