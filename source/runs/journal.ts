import {closeSync, fsyncSync, mkdirSync, openSync, writeSync} from 'node:fs';
import {dirname} from 'node:path';
import type {Clock} from '../system/clock.ts';
import {SaveFailed} from '../system/save-failed.ts';
import type {RunReport} from './events.ts';

export {followJournal} from './follow-journal.ts';
export {readJournal} from './read-journal.ts';

/** The file in which a run speaks: one JSON object a line, only ever appended to. */
export type Journal = {
	/**
	Stamps a report with the time and the run's id and appends it as one line, in one write.

	@throws SaveFailed when the line could not be written whole.
	*/
	readonly write: (report: RunReport) => void;
	/** Returns once everything is on disk. @throws SaveFailed where it cannot be brought there. */
	readonly close: () => Promise<void>;
};

/**
Opens a run's journal for appending; the file is made, for its owner's eyes alone, where it does not exist.

What a run has written survives the death of the program at once; it is brought to the disk itself when the run is
finished and when the journal is closed.
*/
export function openJournal(path: string, run: string, clock: Clock): Journal {
	mkdirSync(dirname(path), {recursive: true, mode: 0o700});
	const file = openSync(path, 'a', 0o600);
	let isOpen = true;
	// A line that was cut by a full disk must not spoil the one that comes after it.
	let isCut = false;

	return {
		write: report => {
			if (!isOpen) {
				return;
			}

			const {type, ...rest} = report;
			const event = {type, at: new Date(clock.now()).toISOString(), run, ...rest};
			const line = Buffer.from(`${isCut ? '\n' : ''}${JSON.stringify(event)}\n`);
			isCut = true;
			try {
				writeWhole(file, line);
				isCut = false;
				if (type === 'run-finished') {
					fsyncSync(file);
				}
			} catch (error) {
				throw new SaveFailed(`The journal ${path}`, error);
			}
		},
		close: async () => {
			if (!isOpen) {
				return;
			}

			isOpen = false;
			try {
				fsyncSync(file);
			} catch (error) {
				throw new SaveFailed(`The journal ${path}`, error);
			} finally {
				closeSync(file);
			}
		},
	};
}

function writeWhole(file: number, line: Buffer): void {
	const written = writeSync(file, line);
	if (written < line.length) {
		throw Object.assign(new Error('ENOSPC: only a part of a line was taken'), {code: 'ENOSPC'});
	}
}
