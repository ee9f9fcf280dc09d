import {Box, Text} from 'ink';
import {type ReactNode, useState} from 'react';
import {cut, fit} from '../cells.ts';
import {type Command, describe, keyLabel} from '../input/commands.ts';
import {useShell} from '../shell.ts';
import {lookOf} from '../theme.ts';
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
		.map(({id, label, unavailable}) => {
			const {description, label: usual} = describe(id);
			const name = label !== undefined && label !== usual ? `${label}: ` : '';
			return {
				id,
				keys: keyMap[id].map(keyLabel).join(' '),
				text: `${name}${description}${unavailable === undefined ? '' : ` (not now: ${unavailable})`}`,
			};
		})
		.filter(({keys, text}) => `${keys} ${text}`.toLowerCase().includes(filter.text.toLowerCase()));
	const height = Math.max(1, frame.body.rows - 2);
	const start = Math.max(0, Math.min(first, rows.length - height));

	useKeys('overlay', key => {
		const name = key.kind === 'key' ? key.name : '';
		if (name === 'escape' || name === 'ctrl-c') {
			onEscape();
		} else if (filter.isTyped && name === 'enter') {
			onFilter({...filter, isTyped: false});
		} else if (filter.isTyped && name === 'backspace') {
			onFilter({...filter, text: filter.text.slice(0, -1)});
		} else if (filter.isTyped && (name === 'space' || [...name].length === 1)) {
			onFilter({...filter, text: filter.text + (name === 'space' ? ' ' : name)});
		} else if (name === '/') {
			onFilter({...filter, isTyped: true});
		} else if (name === 'down' || name === 'j') {
			setFirst(Math.min(start + 1, Math.max(0, rows.length - height)));
		} else if (name === 'up' || name === 'k') {
			setFirst(Math.max(0, start - 1));
		} else if (name === '?' || name === 'q' || name === 'enter') {
			onClose();
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
