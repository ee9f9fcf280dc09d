import {Box, Text} from 'ink';
import TextInput from 'ink-text-input';
import type {ReactNode} from 'react';
import {cut} from '../cells.ts';
import {useShell} from '../shell.ts';
import {lookOf} from '../theme.ts';
import type {Filter} from '../use-filter.ts';
import {Line} from './line.tsx';

/** Lines that a filter takes above its list. */
export function filterRows(filter: Filter): number {
	return filter.isShown ? 1 : 0;
}

/** What a list is filtered by, as it is typed; and that nothing is left, where that is so. */
export function FilterLine({filter, left}: {readonly filter: Filter; readonly left: number}): ReactNode {
	const {question, size, display} = useShell();
	if (!filter.isShown) {
		return null;
	}

	return (
		<>
			<Box height={1} flexShrink={0}>
				<Text {...lookOf('accent')}>{display.isScreenReader ? 'filter:' : '/'} </Text>
				<TextInput
					value={filter.text}
					onChange={filter.change}
					focus={filter.isTyped && question === undefined}
				/>
			</Box>
			{left === 0 && filter.text !== '' ? (
				<Line tone="muted">{cut(`nothing contains "${filter.text}"`, size.columns - 3)}</Line>
			) : null}
		</>
	);
}
