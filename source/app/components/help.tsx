import {Box, Text} from 'ink';
import {type ReactNode, useState} from 'react';
import {cut, fit} from '../cells.ts';
import {type Command, describe, keyLabel} from '../input/commands.ts';
import {useShell} from '../shell.ts';
import {lookOf} from '../theme.ts';
import {useKeys} from '../use-keys.ts';
import {Line} from './line.tsx';

const keyWidth = 16;

/** The keys of the current screen, from the same table as the footer; typing filters them. */
export function Help({
	commands,
	onClose,
}: {
	readonly commands: readonly Command[];
	readonly onClose: () => void;
}): ReactNode {
	const {frame, size} = useShell();
	const [filter, setFilter] = useState('');
	const [isFiltering, setFiltering] = useState(false);
	const [first, setFirst] = useState(0);
	const rows = commands
		.map(({id, label, unavailable}) => {
			const {keys, description, label: usual} = describe(id);
			const name = label !== undefined && label !== usual ? `${label}: ` : '';
			return {
				id,
				keys: keys.map(keyLabel).join(' '),
				text: `${name}${description}${unavailable === undefined ? '' : ` (not now: ${unavailable})`}`,
			};
		})
		.filter(({keys, text}) => `${keys} ${text}`.toLowerCase().includes(filter.toLowerCase()));
	const height = Math.max(1, frame.body.rows - 2);
	const start = Math.max(0, Math.min(first, rows.length - height));

	useKeys('overlay', key => {
		const name = key.kind === 'key' ? key.name : '';
		if (name === 'escape' || name === 'ctrl-c') {
			if (filter !== '' || isFiltering) {
				setFilter('');
				setFiltering(false);
			} else {
				onClose();
			}
		} else if (isFiltering && name === 'enter') {
			setFiltering(false);
		} else if (isFiltering && name === 'backspace') {
			setFilter(before => before.slice(0, -1));
		} else if (isFiltering && (name === 'space' || [...name].length === 1)) {
			setFilter(before => before + (name === 'space' ? ' ' : name));
		} else if (name === '/') {
			setFiltering(true);
		} else if (name === 'down' || name === 'j') {
			setFirst(Math.min(start + 1, Math.max(0, rows.length - height)));
		} else if (name === 'up' || name === 'k') {
			setFirst(Math.max(0, start - 1));
		} else if (name === '?' || name === 'q' || name === 'enter') {
			onClose();
		}

		return true;
	});

	const hint =
		isFiltering || filter !== '' ? `filter: ${filter}${isFiltering ? '_' : ''}` : '/ filters, Esc closes';
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
