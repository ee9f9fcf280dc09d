import stringWidth from 'string-width';
import {sanitize} from '../system/sanitize.ts';

const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/** Cells that a text takes in a terminal. */
export function widthOf(text: string): number {
	return stringWidth(text);
}

/** What makes one picture of several emoji, or another one of a sign: terminals do not agree in how many cells it then takes. */
const joins = /[\u200d\ufe0f\u20e3\u{1f3fb}-\u{1f3ff}\u{e0020}-\u{e007f}]/u;
const allJoins = new RegExp(joins.source, 'gu');
const joiner = '\u200d';

/** A flag is two letters; few terminals draw it, and they count its cells differently. */
const flagLetter = /[\u{1f1e6}-\u{1f1ff}]/u;
const firstFlagLetter = 0x1f1e6;

/** A letter keeps so many marks above and below it; more would reach into the lines around. */
const mostMarks = 3;

/**
A text made safe, whose cells all terminals and programs count alike. Joined emoji stand beside one another, flags become
letters, letters that flow into one another stand beside one another.
*/
export function steady(text: string): string {
	const safe = sanitize(text);
	return /^[\u0020-\u02ff\u2010-\u25ff]*$/.test(safe)
		? safe
		: [...graphemes.segment(safe.normalize('NFC'))].map(({segment}) => steadyPart(segment)).join('');
}

function steadyPart(segment: string): string {
	const [first = '', ...marks] = segment;
	if (flagLetter.test(segment)) {
		return [...segment].map(letterOfFlag).join('');
	}

	if (joins.test(segment)) {
		return segment
			.split(joiner)
			.map(part => steadyPart(part.replaceAll(allJoins, '')))
			.join('');
	}

	if (marks.every(mark => widthOf(mark) === 0)) {
		return [first, ...marks.slice(0, mostMarks)].join('');
	}

	const letters = segment.normalize('NFKD').replaceAll(/\p{M}/gu, '');
	return [...graphemes.segment(letters)].every(({segment: one}) => [...one].length === 1) ? letters : first;
}

function letterOfFlag(character: string): string {
	return flagLetter.test(character)
		? String.fromCodePoint((character.codePointAt(0) ?? 0) - firstFlagLetter + 'A'.charCodeAt(0))
		: character;
}

/** A text made safe, and cut to so many cells, with `…` (or `~`) where something is missing. */
export function cut(text: string, width: number, ellipsis = '…'): string {
	const safe = steady(text);
	if (widthOf(safe) <= width) {
		return safe;
	}

	if (width <= 0) {
		return '';
	}

	let taken = '';
	let used = 0;
	for (const {segment} of graphemes.segment(safe)) {
		const next = widthOf(segment);
		if (used + next > width - 1) {
			break;
		}

		taken += segment;
		used += next;
	}

	return `${taken}${ellipsis}`;
}

/** A text cut or filled with blanks to exactly so many cells. */
export function fit(text: string, width: number, align: 'left' | 'right' = 'left'): string {
	const shown = cut(text, width);
	const blanks = ' '.repeat(Math.max(0, width - widthOf(shown)));
	return align === 'left' ? `${shown}${blanks}` : `${blanks}${shown}`;
}

/** A text made safe, in lines of at most so many cells, broken between words where that is possible. */
export function wrapped(text: string, width: number): readonly string[] {
	const room = Math.max(1, width);
	const lines: string[] = [];
	let line = '';
	for (const word of steady(text)
		.split(/ +/)
		.flatMap(one => pieces(one, room))) {
		const joined = line === '' ? word : `${line} ${word}`;
		if (widthOf(joined) <= room) {
			line = joined;
		} else {
			lines.push(line);
			line = word;
		}
	}

	return line === '' ? lines : [...lines, line];
}

/** A word in pieces that fit. */
function pieces(word: string, width: number): readonly string[] {
	if (widthOf(word) <= width) {
		return word === '' ? [] : [word];
	}

	const parts: string[] = [];
	let part = '';
	for (const {segment} of graphemes.segment(word)) {
		if (part !== '' && widthOf(part + segment) > width) {
			parts.push(part);
			part = '';
		}

		part += segment;
	}

	return [...parts, part];
}

/** As much of a text as fits into some lines; what is missing at the end is marked. */
export function cutLines(text: string, width: number, height: number): readonly string[] {
	const lines = wrapped(text, width);
	return lines.length <= height
		? lines
		: [...lines.slice(0, height - 1), cut(lines.slice(height - 1).join(' '), width)];
}
