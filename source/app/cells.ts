import stringWidth from 'string-width';
import {sanitize} from '../system/sanitize.ts';

const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/** Cells that a text takes in a terminal. */
export function widthOf(text: string): number {
	return stringWidth(text);
}

/** A text made safe, and cut to so many cells, with `…` (or `~`) where something is missing. */
export function cut(text: string, width: number, ellipsis = '…'): string {
	const safe = sanitize(text);
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
