import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import {cut, widthOf} from '../cells.ts';
import {useShell} from '../shell.ts';
import {searchedParts} from '../text-search.ts';
import {lookOf} from '../theme.ts';
import type {ReadText} from '../use-text.ts';
import {TypedText} from './filter-line.tsx';
import {Line} from './line.tsx';
import {TextWindow} from './text-window.tsx';

/** The part of a text that is shown, with what is searched for above it, and where it was found. */
export function SearchedText({text, width}: {readonly text: ReadText; readonly width: number}): ReactNode {
	const {signs, display} = useShell();
	const {lines, first, height, search, hit, found} = text;
	const [here, elsewhere] = display.isScreenReader ? ['found: ', ''] : [signs.cursor, ' '];
	if (!search.isShown) {
		return <TextWindow lines={lines} first={first} height={height} width={width} />;
	}

	return (
		<>
			<Box height={1} flexShrink={0}>
				<Text {...lookOf('accent')}>{display.isScreenReader ? 'search:' : '/'} </Text>
				<TypedText filter={search} width={Math.max(8, width - widthOf(found) - 4)} />
				<Text {...lookOf(found === 'not found' ? 'attention' : 'muted')}> {found}</Text>
			</Box>
			{/* The sign stands beside the text, in the cell that is kept free around every screen. */}
			<Box flexDirection="column" flexShrink={0} marginLeft={-1}>
				{lines.slice(first, first + height).map((line, index) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: a line of a text is known by its place.
					<Line key={first + index} tone={line.tone ?? 'plain'}>
						{first + index === hit ? here : elsewhere}
						{searchedParts(cut(line.text, width), search.text).map((part, place) => (
							// biome-ignore lint/suspicious/noArrayIndexKey: a part of a line is known by its place.
							<Text key={place} inverse={part.isHit}>
								{part.text}
							</Text>
						))}
					</Line>
				))}
			</Box>
		</>
	);
}
