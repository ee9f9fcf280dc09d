import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import {sanitize} from '../../system/sanitize.ts';
import {lookOf, type Tone} from '../theme.ts';

/** A text that must be read to its end: it takes as many lines as it needs. */
export function Paragraph({
	text,
	width,
	indent = 0,
	tone = 'plain',
}: {
	readonly text: string;
	readonly width: number;
	readonly indent?: number;
	readonly tone?: Tone;
}): ReactNode {
	return (
		<Box flexShrink={0} width={Math.max(10, width)} paddingLeft={indent}>
			<Text wrap="wrap" {...lookOf(tone)}>
				{sanitize(text)}
			</Text>
		</Box>
	);
}
