import {createReadStream} from 'node:fs';
import type {RunEvent} from './events.ts';
import {createLineSplitter, parseJournalLine} from './journal-lines.ts';

export type ReadJournalOptions = {
	/** Told of each line that is no event: cut by a crash, or written by a newer version. */
	readonly onUnreadable?: (line: string) => void;
};

/**
The events of a journal from its beginning to where it ends now.

Lines that cannot be read are passed over, also a last line that was cut.

@throws the file system's error when there is no such file.
*/
export async function* readJournal(
	path: string,
	options: ReadJournalOptions = {},
): AsyncGenerator<RunEvent, undefined> {
	const splitter = createLineSplitter();
	for await (const bytes of createReadStream(path)) {
		for (const line of splitter.add(bytes as Buffer)) {
			yield* eventOf(line, options);
		}
	}

	yield* eventOf(splitter.rest(), options);
}

function* eventOf(line: string, {onUnreadable}: ReadJournalOptions): Generator<RunEvent> {
	if (line === '') {
		return;
	}

	const event = parseJournalLine(line);
	if (event === undefined) {
		onUnreadable?.(line);
	} else {
		yield event;
	}
}
