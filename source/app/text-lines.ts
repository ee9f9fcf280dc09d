import {sanitize} from '../system/sanitize.ts';
import {cut, fit, widthOf, wrapped} from './cells.ts';
import type {Tone} from './theme.ts';

/** A line of a text that is read from its beginning to its end. */
export type TextLine = {
	readonly text: string;
	readonly tone?: Tone | undefined;
	/** Stands before the text; where that is broken, it goes on below its own beginning. */
	readonly lead?: string;
};

/** What a line of Markdown begins with: blanks, and the signs of quotes and lists. */
const markdownLead = /^(?:\s|> ?|[-*] |\d{1,3}\. )*/;

/** A text broken to less than this is harder to read than one without its lead before it. */
const leastRoom = 16;

/** Lines made safe and broken to a width; what follows a break stands below where its line began. */
export function wrapLines(lines: readonly TextLine[], width: number): readonly TextLine[] {
	return lines.flatMap(({text, tone, lead: given = ''}) => {
		const safe = sanitize(text);
		const before = sanitize(given);
		if (widthOf(before + safe) <= width) {
			return [{text: before + safe, tone}];
		}

		const lead = before === '' ? (markdownLead.exec(safe)?.[0] ?? '') : before;
		const rest = before === '' ? safe.slice(lead.length) : safe;
		const room = width - widthOf(lead);
		if (room < Math.min(leastRoom, width)) {
			return wrapped(before + safe, width).map(part => ({text: part, tone}));
		}

		// A quote is one in all of its lines.
		const next = before === '' ? lead.replaceAll(/[^>]/g, ' ') : ' '.repeat(widthOf(lead));
		return wrapped(rest, room).map((part, index) => ({text: (index === 0 ? lead : next) + part, tone}));
	});
}

/** As many lines as there is room for; what is missing is marked at the end of the last one. */
export function firstLines(lines: readonly TextLine[], height: number, width: number): readonly TextLine[] {
	const last = lines[height - 1];
	if (lines.length <= height || last === undefined) {
		return lines.slice(0, height);
	}

	const text = widthOf(last.text) < width ? `${last.text}…` : cut(`${last.text}…`, width);
	return [...lines.slice(0, height - 1), {...last, text}];
}

const gap = '  ';

/** Rows as lines whose columns stand below one another, as far as they are not too wide for it; nothing is cut. */
export function rowLines(rows: ReadonlyArray<readonly string[]>, width: number): readonly TextLine[] {
	const safe = rows.map(row => row.map(sanitize));
	// There may be more of them than a call takes arguments.
	const most = (values: readonly number[]): number =>
		values.reduce((left, right) => Math.max(left, right), 0);
	const columns = most(safe.map(row => row.length));
	const widest = Math.max(8, Math.floor(width / Math.max(2, columns)));
	const widths = Array.from({length: columns}, (_, column) =>
		Math.min(widest, most(safe.map(row => widthOf(row[column] ?? '')))),
	);
	return safe.map(row => {
		const cells = row.slice(0, -1).map((cell, column) => {
			const room = widths[column] ?? 0;
			return widthOf(cell) > room ? cell : fit(cell, room);
		});
		return {lead: [gap, ...cells.map(cell => cell + gap)].join(''), text: row.at(-1) ?? ''};
	});
}

/** A name and what is said of it, the names one below the other: `Refs           120`. */
export function factLine(name: string, value: string): TextLine {
	return {lead: `${fit(name, 14)} `, text: value};
}
