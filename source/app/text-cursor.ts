import {steady, widthOf} from './cells.ts';

const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/** What a field draws of a text: the part before the cursor, what stands at it, the part behind it. */
export type TextAtCursor = {readonly before: string; readonly at: string; readonly after: string};

/**
The part of a text around its cursor that fits into some cells: all of it where there is room, else its end, or as much as leaves
the cursor in sight.

@param offset Where one types, in UTF-16 units.
@param width Cells, of which one is for the cursor behind the end of the text.
*/
export function textAtCursor(text: string, offset: number, width: number): TextAtCursor {
	const parts = [...graphemes.segment(text)].map(({segment, index}) => ({
		shown: steady(segment),
		end: index + segment.length,
	}));
	// The cursor stands before the first one that ends behind it.
	const found = parts.findIndex(({end}) => end > offset);
	const cursor = found < 0 ? parts.length : found;
	const room = Math.max(1, width);
	const cellsOf = (from: number, to: number): number =>
		parts.slice(from, to).reduce((sum, {shown}) => sum + widthOf(shown), 0);
	let first = 0;
	let last = parts.length;
	// A cell behind the text is the cursor's, where it is there.
	const needed = (): number => cellsOf(first, last) + (last === parts.length ? 1 : 0);
	while (needed() > room && first < cursor) {
		first += 1;
	}

	while (needed() > room && last > cursor + 1) {
		last -= 1;
	}

	const shown = (from: number, to: number): string =>
		parts
			.slice(from, to)
			.map(part => part.shown)
			.join('');
	return {
		before: shown(first, cursor),
		at: shown(cursor, cursor + 1),
		after: shown(cursor + 1, last),
	};
}
