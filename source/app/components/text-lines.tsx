import type {ReactNode} from 'react';
import {fit, widthOf, wrapped} from '../cells.ts';
import type {Tone} from '../theme.ts';
import {Line} from './line.tsx';

/** A line of a text that is scrolled. */
export type TextLine = {readonly tone: Tone; readonly text: string};

/** A paragraph in lines that fit. */
export function paragraphLines(text: string, width: number, tone: Tone = 'plain'): readonly TextLine[] {
	return wrapped(text, width).map(line => ({tone, text: line}));
}

/** Names with what is said of each: beside one another where there is room, else below. */
export function definitionLines(
	definitions: ReadonlyArray<readonly [name: string, text: string]>,
	width: number,
): readonly TextLine[] {
	const nameWidth = Math.max(0, ...definitions.map(([name]) => widthOf(name))) + 2;
	const textWidth = width - nameWidth - 2;
	if (textWidth < 24) {
		return definitions.flatMap(([name, text]) => [
			{tone: 'accent' as const, text: `  ${name}`},
			...paragraphLines(text, width - 4).map(line => ({...line, text: `    ${line.text}`})),
		]);
	}

	return definitions.flatMap(([name, text]) =>
		wrapped(text, textWidth).map((line, index) => ({
			tone: 'plain' as const,
			text: `  ${fit(index === 0 ? name : '', nameWidth)}${line}`,
		})),
	);
}

export const emptyLine: TextLine = {tone: 'plain', text: ''};

/** The lines of a text that are in sight. */
export function TextLines({
	lines,
	first,
	height,
}: {
	readonly lines: readonly TextLine[];
	readonly first: number;
	readonly height: number;
}): ReactNode {
	return lines.slice(first, first + height).map(({tone, text}, index) => (
		// biome-ignore lint/suspicious/noArrayIndexKey: a line of a text is known by its place.
		<Line key={first + index} tone={tone}>
			{text === '' ? ' ' : text}
		</Line>
	));
}
