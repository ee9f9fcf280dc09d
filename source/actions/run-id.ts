import {join} from 'node:path';
import {pauseSuffix} from '../runs/run-list.ts';
import type {Home} from '../store/home.ts';

/** A run's id: UTC time to the millisecond, then the plan: `20261122T131500.123Z-nightly`. */
export function makeRunId(now: number, plan: string): string {
	return `${new Date(now).toISOString().replaceAll(/[-:]/g, '')}-${plan}`;
}

/** Whether a text is the id of a run of this plan; it names files, so nothing else passes. */
export function isRunIdOf(text: string, plan: string): boolean {
	return /^\d{8}T\d{6}\.\d{3}Z-/.test(text) && planOfRun(text) === plan;
}

/** The plan in a run's id. */
export function planOfRun(run: string): string {
	return run.slice(run.indexOf('-') + 1);
}

/** What asks a run to pause for as long as it is there. */
export function pausePath(home: Home, run: string): string {
	return join(home.runs, `${run}${pauseSuffix}`);
}

/** Where a run's journal lies. */
export function journalPath(home: Home, run: string): string {
	return join(home.runs, `${run}.ndjson`);
}
