import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import {cut} from '../cells.ts';
import {useShell} from '../shell.ts';
import {lookOf} from '../theme.ts';
import type {Filter} from '../use-filter.ts';
import {EditedText} from './edited-text.tsx';
import {Line} from './line.tsx';

/** Lines that a filter takes above its list. */
export function filterRows(filter: Filter): number {
	return filter.isShown ? 1 : 0;
}

/** What a list is filtered by, as it is typed; and that nothing is left, where that is so. */
export function FilterLine({filter, left}: {readonly filter: Filter; readonly left: number}): ReactNode {
	const {size, display} = useShell();
	if (!filter.isShown) {
		return null;
	}

	return (
		<>
			<Box height={1} flexShrink={0}>
				<Text {...lookOf('accent')}>{display.isScreenReader ? 'filter:' : '/'} </Text>
				<TypedText filter={filter} width={size.columns - 5} />
			</Box>
			{left === 0 && filter.text !== '' ? (
				<Line tone="muted">{cut(`nothing contains "${filter.text}"`, size.columns - 3)}</Line>
			) : null}
		</>
	);
}

/** What a filter or a search is, while it is typed and afterwards. */
export function TypedText({
	filter,
	width,
}: {
	readonly filter: Pick<Filter, 'text' | 'isTyped' | 'change'>;
	readonly width: number;
}): ReactNode {
	const {question} = useShell();
	return filter.isTyped && question === undefined ? (
		<EditedText value={filter.text} onChange={filter.change} width={width} />
	) : (
		<Text wrap="truncate">{cut(filter.text, width)}</Text>
	);
}
