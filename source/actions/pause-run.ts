import {existsSync} from 'node:fs';
import {rm} from 'node:fs/promises';
import {synchroniseFolder, writeDurably} from '../system/durable-file.ts';
import {UserError} from '../system/user-error.ts';
import {isRunning} from './plan-lock.ts';
import {pausePath} from './run-id.ts';
import type {Workplace} from './workplace.ts';

/**
Asks a run, in whichever process it goes on, to begin nothing new until it is resumed. Its journal tells when it does.

@returns whether it was not asked before.
@throws UserError where the run is not running.
*/
export async function pauseRun(
	{home, clock}: Pick<Workplace, 'home' | 'clock'>,
	run: string,
): Promise<boolean> {
	const path = pausePath(home, run);
	if (!isRunning(home, run)) {
		throw notRunning(run);
	}

	if (existsSync(path)) {
		return false;
	}

	await writeDurably(path, `${JSON.stringify({run, at: new Date(clock.now()).toISOString()})}\n`);
	// It may have come to its end meanwhile, and nobody would take the file away.
	if (!isRunning(home, run)) {
		await rm(path, {force: true});
		throw notRunning(run);
	}

	return true;
}

/**
Lets a paused run go on.

@returns whether it was paused.
@throws UserError where the run is not running.
*/
export async function resumeRun({home}: Pick<Workplace, 'home'>, run: string): Promise<boolean> {
	const path = pausePath(home, run);
	const wasPaused = existsSync(path);
	if (wasPaused) {
		await rm(path, {force: true});
		await synchroniseFolder(home.runs);
	}

	if (!isRunning(home, run)) {
		throw notRunning(run);
	}

	return wasPaused;
}

function notRunning(run: string): UserError {
	return new UserError(`The run ${run} is not running. See what was run with: bucket-brigade runs`);
}
