import {type FileHandle, open} from 'node:fs/promises';
import type {RunEvent} from './events.ts';
import {createLineSplitter, parseJournalLine} from './journal-lines.ts';

/** What both ends of a journal say. */
export type JournalEnds = {
	readonly first: RunEvent | undefined;
	readonly started: Extract<RunEvent, {type: 'run-started'}> | undefined;
	/** The run's own last word; what was written after its end is not among it. */
	readonly last: RunEvent | undefined;
	/** Why nobody was told of its end, where that failed. */
	readonly notificationFailed?: string;
};

/** Most beginnings and ends are within so many bytes; what is not is looked for in four times as many, and so on … */
const leastBytes = 4 * 1024;

/** … up to these: a line is some kilobytes, and few stand before `run-started`. */
const mostBytes = 256 * 1024;

/** Reads as little of a journal as tells how its run began and ended, whatever its length. */
export async function readJournalEnds(path: string): Promise<JournalEnds> {
	const file = await open(path, 'r');
	try {
		const {size} = await file.stat();
		const {first, started} = await readHead(file, size);
		return {first, started, ...(await readLast(file, size))};
	} finally {
		await file.close();
	}
}

async function readHead(file: FileHandle, size: number): Promise<Pick<JournalEnds, 'first' | 'started'>> {
	let first: RunEvent | undefined;
	for (const length of lengths(size)) {
		const events = linesIn(await readPart(file, 0, length)).map(parseJournalLine);
		first = events.find(event => event !== undefined);
		for (const event of events) {
			if (event?.type === 'run-started') {
				return {first, started: event};
			}
		}
	}

	return {first, started: undefined};
}

/** The last line that can be read; a run that was killed may have left one that is cut behind it. */
async function readLast(
	file: FileHandle,
	size: number,
): Promise<Pick<JournalEnds, 'last' | 'notificationFailed'>> {
	let failed: Pick<JournalEnds, 'notificationFailed'> = {};
	for (const length of lengths(size)) {
		for (const line of linesIn(await readPart(file, size - length, length)).reverse()) {
			const event = parseJournalLine(line);
			if (event?.type === 'notification-failed') {
				failed = {notificationFailed: event.reason};
			} else if (event !== undefined) {
				return {last: event, ...failed};
			}
		}
	}

	return {last: undefined, ...failed};
}

function* lengths(size: number): Generator<number, undefined> {
	for (let length = leastBytes; ; length *= 4) {
		yield Math.min(size, length);
		if (length >= Math.min(size, mostBytes)) {
			return;
		}
	}
}

async function readPart(file: FileHandle, position: number, length: number): Promise<Buffer> {
	const {buffer, bytesRead} = await file.read(Buffer.alloc(length), 0, length, position);
	return buffer.subarray(0, bytesRead);
}

/** Lines that the part cuts are among them; they are no events. */
function linesIn(part: Buffer): string[] {
	const splitter = createLineSplitter();
	return [...splitter.add(part), splitter.rest()];
}
