import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import {lookOf, type Tone} from '../theme.ts';

/** One row of the screen: never wrapped, never squeezed away. */
export function Line({
	children,
	tone = 'plain',
}: {
	readonly children?: ReactNode;
	readonly tone?: Tone;
}): ReactNode {
	return (
		<Box height={1} flexShrink={0}>
			<Text wrap="truncate" {...lookOf(tone)}>
				{children ?? ' '}
			</Text>
		</Box>
	);
}

/** A part of a line with a meaning of its own. */
export function Span({children, tone}: {readonly children: ReactNode; readonly tone: Tone}): ReactNode {
	return <Text {...lookOf(tone)}>{children}</Text>;
}
