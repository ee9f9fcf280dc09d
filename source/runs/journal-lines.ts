import {type RunEvent, RunEventSchema} from './events.ts';

const newline = 0x0a;

/**
The event in a line of a journal.

@returns undefined where the line is cut, is no JSON, or is of a type that this version does not know.
*/
export function parseJournalLine(line: string): RunEvent | undefined {
	try {
		const parsed = RunEventSchema.safeParse(JSON.parse(line));
		return parsed.success ? parsed.data : undefined;
	} catch {
		return undefined;
	}
}

/** Makes lines of bytes as they come; what stands after the last line's end is kept until the rest of it comes. */
export type LineSplitter = {
	readonly add: (bytes: Uint8Array) => readonly string[];
	/** What came after the last line's end, if anything. */
	readonly rest: () => string;
};

export function createLineSplitter(): LineSplitter {
	let pending: Buffer[] = [];
	return {
		add: bytes => {
			const lines: string[] = [];
			let from = 0;
			for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, from)) {
				pending.push(Buffer.from(bytes.subarray(from, end)));
				lines.push(Buffer.concat(pending).toString('utf8'));
				pending = [];
				from = end + 1;
			}

			if (from < bytes.length) {
				pending.push(Buffer.from(bytes.subarray(from)));
			}

			return lines;
		},
		rest: () => Buffer.concat(pending).toString('utf8'),
	};
}
