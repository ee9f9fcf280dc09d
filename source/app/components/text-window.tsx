import type {ReactNode} from 'react';
import {cut} from '../cells.ts';
import type {TextLine} from '../text-lines.ts';
import {Line} from './line.tsx';

/** The part of a text that is shown. Its lines are no wider than the screen. */
export function TextWindow({
	lines,
	first,
	height,
	width,
}: {
	readonly lines: readonly TextLine[];
	readonly first: number;
	readonly height: number;
	readonly width: number;
}): ReactNode {
	return lines.slice(first, first + Math.max(0, height)).map(({text, tone}, index) => (
		// biome-ignore lint/suspicious/noArrayIndexKey: a line of a text is known by its place.
		<Line key={first + index} tone={tone ?? 'plain'}>
			{text === '' ? ' ' : cut(text, width)}
		</Line>
	));
}
