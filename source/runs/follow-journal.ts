import {watch} from 'node:fs';
import {type FileHandle, open} from 'node:fs/promises';
import type {RunEvent} from './events.ts';
import {createLineSplitter, parseJournalLine} from './journal-lines.ts';

export type FollowJournalOptions = {
	/** Ends the following quietly. */
	readonly signal?: AbortSignal;
	/**
	Asked whenever nothing new stands in the journal; false ends the following. So whoever follows a run that was killed
	is not left waiting: the events end without `run-finished`.
	*/
	readonly isAlive?: () => boolean;
	/** How often to look, in milliseconds, where the file system does not tell of changes. */
	readonly pollMilliseconds?: number;
};

const chunkBytes = 64 * 1024;

/**
The events of a run's journal from its beginning, then each new one as it is written, until the run is finished. That nobody
could be told of its end is among them where it stands there already.

Waits for the file where it does not exist yet. Lines that cannot be read are passed over.
*/
export async function* followJournal(
	path: string,
	options: FollowJournalOptions = {},
): AsyncGenerator<RunEvent, undefined> {
	const {signal, isAlive = () => true, pollMilliseconds = 500} = options;
	const bell = createBell(path, pollMilliseconds, signal);
	let file: FileHandle | undefined;
	const splitter = createLineSplitter();
	const buffer = Buffer.alloc(chunkBytes);
	let position = 0;
	let isOver = false;

	try {
		for (;;) {
			if (signal?.aborted) {
				return;
			}

			// Asked before reading: what a process wrote before it died is still read.
			const lives = isAlive();
			bell.arm();
			file ??= await openIfThere(path);
			const {bytesRead} = (await file?.read(buffer, 0, chunkBytes, position)) ?? {bytesRead: 0};
			position += bytesRead;
			for (const line of splitter.add(buffer.subarray(0, bytesRead))) {
				const event = parseJournalLine(line);
				if (event !== undefined && (!isOver || event.type === 'notification-failed')) {
					yield event;
				}

				isOver ||= event?.type === 'run-finished';
			}

			if (bytesRead === 0) {
				if (!lives || isOver) {
					return;
				}

				await bell.rung();
			}
		}
	} finally {
		bell.close();
		await file?.close();
	}
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
	try {
		return await open(path, 'r');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return undefined;
		}

		throw error;
	}
}

type Bell = {
	/** From now on, a change is remembered. */
	readonly arm: () => void;
	/** Resolves when something changed since it was armed, and after the poll's time at the latest. */
	readonly rung: () => Promise<void>;
	readonly close: () => void;
};

/** Rings when the file changes; where the file system cannot watch, as time passes. */
function createBell(path: string, pollMilliseconds: number, signal: AbortSignal | undefined): Bell {
	let hasChanged = false;
	let wake: (() => void) | undefined;
	let watcher: ReturnType<typeof watch> | undefined;
	const ring = (): void => {
		hasChanged = true;
		wake?.();
	};

	const close = (): void => {
		watcher?.close();
		signal?.removeEventListener('abort', ring);
	};

	const startWatching = (): void => {
		try {
			watcher = watch(path, ring);
			watcher.on('error', () => {
				watcher?.close();
			});
		} catch {
			// It does not exist yet, or the file system cannot be watched: the poll finds out.
		}
	};

	signal?.addEventListener('abort', ring);
	return {
		arm: () => {
			hasChanged = signal?.aborted ?? false;
			if (watcher === undefined) {
				startWatching();
			}
		},
		rung: async () =>
			new Promise(resolve => {
				const timer = setTimeout(resolve, hasChanged ? 0 : pollMilliseconds);
				wake = () => {
					clearTimeout(timer);
					resolve();
				};
			}),
		close,
	};
}
