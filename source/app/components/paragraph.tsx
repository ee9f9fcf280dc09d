import {Box} from 'ink';
import type {ReactNode} from 'react';
import {cutLines} from '../cells.ts';
import type {Tone} from '../theme.ts';
import {Line} from './line.tsx';

/** A text that must be read to its end: it takes as many lines as it needs, up to a height. */
export function Paragraph({
	text,
	width,
	height = Number.POSITIVE_INFINITY,
	indent = 0,
	tone = 'plain',
}: {
	readonly text: string;
	readonly width: number;
	readonly height?: number;
	readonly indent?: number;
	readonly tone?: Tone;
}): ReactNode {
	return (
		<Box flexDirection="column" flexShrink={0}>
			{cutLines(text, Math.max(10, width - indent), height).map((line, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a line of a paragraph is known by its place.
				<Line key={index} tone={tone}>
					{' '.repeat(indent)}
					{line}
				</Line>
			))}
		</Box>
	);
}
