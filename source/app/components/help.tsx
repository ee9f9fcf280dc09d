import {Box, Text} from 'ink';
import {type ReactNode, useState} from 'react';
import {cut, fit} from '../cells.ts';
import {type Command, commandForKey, describe, keyLabel} from '../input/commands.ts';
import {pastedLine} from '../input/key-source.ts';
import type {Key} from '../input/keys.ts';
import {useShell} from '../shell.ts';
import {lookOf} from '../theme.ts';
import {isMatch} from '../use-filter.ts';
import {useKeys} from '../use-keys.ts';
import {Line} from './line.tsx';

const keyWidth = 16;

/** What of the help is shown. */
export type HelpFilter = {
	readonly text: string;
	/** Letters belong to it. */
	readonly isTyped: boolean;
};

export const noFilter: HelpFilter = {text: '', isTyped: false};

/** The keys of the current screen, from the same table as the footer; typing filters them. */
export function Help({
	commands,
	filter,
	onFilter,
	onClose,
	onEscape,
}: {
	readonly commands: readonly Command[];
	readonly filter: HelpFilter;
	readonly onFilter: (filter: HelpFilter) => void;
	readonly onClose: () => void;
	readonly onEscape: () => void;
}): ReactNode {
	const {
		frame,
		size,
		keys: {keyMap},
	} = useShell();
	const [first, setFirst] = useState(0);
	const rows = commands
		.map(({id, label, description = describe(id).description, unavailable}) => {
			const {label: usual} = describe(id);
			const name = label !== undefined && label !== usual ? `${label}: ` : '';
			return {
				id,
				keys: keyMap[id].map(keyLabel).join(' '),
				text: `${name}${description}${unavailable === undefined ? '' : ` (not now: ${unavailable})`}`,
			};
		})
		.filter(({keys, text}) => isMatch(`${keys} ${text}`, filter.text));
	const height = Math.max(1, frame.body.rows - 2);
	const start = Math.max(0, Math.min(first, rows.length - height));

	const last = Math.max(0, rows.length - height);
	const to = (line: number) => (): void => setFirst(Math.max(0, Math.min(line, last)));
	useKeys('overlay', key => {
		const name = key.kind === 'key' ? key.name : '';
		if (name === 'escape' || name === 'ctrl-c') {
			onEscape();
		} else if (filter.isTyped) {
			typeFilter(key, filter, onFilter);
		} else {
			const moves: readonly Command[] = [
				{id: 'up', run: to(start - 1)},
				{id: 'down', run: to(start + 1)},
				{id: 'pageUp', run: to(start - height)},
				{id: 'pageDown', run: to(start + height)},
				{id: 'first', run: to(0)},
				{id: 'last', run: to(last)},
				{id: 'filter', run: () => onFilter({...filter, isTyped: true})},
				{id: 'closeHelp', run: onClose},
				{id: 'back', run: onEscape},
			];
			commandForKey(moves, name, false, keyMap)?.run();
		}

		return true;
	});

	const more = rows.length > height ? `${start + 1}–${start + height} of ${rows.length}, ` : '';
	const hint =
		filter.isTyped || filter.text !== ''
			? `filter: ${filter.text}${filter.isTyped ? '_' : ''}`
			: `${more}/ filters, Esc closes`;
	return (
		<Box flexDirection="column">
			<Line>
				<Text {...lookOf('title')}>{fit('Keys of this screen', 24)}</Text>
				<Text {...lookOf('muted')}>{hint}</Text>
			</Line>
			<Line />
			{rows.slice(start, start + height).map(({id, keys, text}) => (
				<Line key={id}>
					<Text {...lookOf('accent')}>{fit(keys, keyWidth)}</Text> {cut(text, size.columns - keyWidth - 4)}
				</Line>
			))}
			{rows.length === 0 ? <Line tone="muted">no key does that here</Line> : null}
		</Box>
	);
}

/** While the filter is typed, letters belong to it; Enter goes to what is left. */
function typeFilter(key: Key, filter: HelpFilter, onFilter: (filter: HelpFilter) => void): void {
	if (key.kind === 'paste') {
		onFilter({...filter, text: filter.text + pastedLine(key.text)});
	} else if (key.name === 'enter') {
		onFilter({...filter, isTyped: false});
	} else if (key.name === 'backspace') {
		onFilter({...filter, text: [...filter.text].slice(0, -1).join('')});
	} else if (key.name === 'space' || [...key.name].length === 1) {
		onFilter({...filter, text: filter.text + (key.name === 'space' ? ' ' : key.name)});
	}
}
