import {type FSWatcher, statSync, watch} from 'node:fs';
import {readdir, rm} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import type {PauseSwitch} from '../accounts/pause.ts';
import {pauseSuffix} from '../runs/run-list.ts';
import type {Home} from '../store/home.ts';
import type {Clock} from '../system/clock.ts';
import {pausePath, planOfRun} from './run-id.ts';

/** How often to look where the file system does not tell of changes. */
const pollMilliseconds = 2000;

/** A run that pauses while its pause file is there. */
export type PauseObedience = {
	/** Listens no more, and takes the file away: the run is at its end. */
	readonly end: () => Promise<void>;
};

/** Looks at once, then whenever the file comes or goes. */
export function obeyPauseFile({
	home,
	run,
	clock,
	pause,
}: {
	readonly home: Home;
	readonly run: string;
	readonly clock: Pick<Clock, 'wait'>;
	readonly pause: PauseSwitch;
}): PauseObedience {
	const path = pausePath(home, run);
	const ended = new AbortController();
	const look = (): void => {
		if (!ended.signal.aborted) {
			pause.set(isThere(path) ?? pause.isPaused());
		}
	};

	const poll = async (): Promise<void> => {
		for (;;) {
			await clock.wait(pollMilliseconds, ended.signal);
			look();
		}
	};

	const watcher = watchFolder(dirname(path), name => {
		if (name === null || name === basename(path)) {
			look();
		}
	});
	look();
	// Only its end stops it.
	const stopped = poll().catch(() => undefined);
	return {
		end: async () => {
			ended.abort();
			watcher?.close();
			await stopped;
			// Left behind it pauses nobody: no other run has its name.
			await rm(path, {force: true}).catch(() => undefined);
		},
	};
}

/** Takes away what asked earlier runs of a plan to pause. Only for who holds the plan's lock: none of them runs. */
export async function removeOldPauseFiles(home: Home, run: string): Promise<void> {
	for (const name of await readdir(home.runs)) {
		const other = name.endsWith(pauseSuffix) ? name.slice(0, -pauseSuffix.length) : undefined;
		if (other !== undefined && other !== run && planOfRun(other) === planOfRun(run)) {
			await rm(join(home.runs, name), {force: true});
		}
	}
}

/** @returns undefined where it cannot be told. */
function isThere(path: string): boolean | undefined {
	try {
		return statSync(path, {throwIfNoEntry: false}) !== undefined;
	} catch {
		return undefined;
	}
}

/** @returns undefined where the file system cannot be watched: the poll finds out. */
function watchFolder(path: string, onChange: (name: string | null) => void): FSWatcher | undefined {
	try {
		const watcher = watch(path, {persistent: false}, (_event, name) => onChange(name));
		watcher.on('error', () => watcher.close());
		return watcher;
	} catch {
		return undefined;
	}
}
