import {Text} from 'ink';
import type {ReactNode} from 'react';
import {widthOf} from '../cells.ts';
import {type Command, describe, keyLabel} from '../input/commands.ts';
import {lookOf} from '../theme.ts';
import {Line} from './line.tsx';

export type FooterEntry = {readonly key: string; readonly label: string; readonly isAvailable: boolean};

/** What the footer says of commands, as far as it fits; the last ones (help, quit) always do, and the way back if there is one. */
export function footerEntries(commands: readonly Command[], width: number): readonly FooterEntry[] {
	const entries = commands
		.filter(({id}) => describe(id).quiet !== true)
		.map(({id, label, unavailable}) => ({
			id,
			key: keyLabel(describe(id).keys[0] ?? ''),
			label: label ?? describe(id).label,
			isAvailable: unavailable === undefined,
		}));
	const widthOfEntry = ({key, label}: FooterEntry): number => widthOf(`${key} ${label}`) + 2;
	const isKept = (index: number): boolean => index >= entries.length - 2 || entries[index]?.id === 'back';
	let room =
		width - entries.filter((_, index) => isKept(index)).reduce((sum, entry) => sum + widthOfEntry(entry), 0);
	const shown = entries.filter((entry, index) => {
		if (isKept(index)) {
			return true;
		}

		room -= widthOfEntry(entry);
		return room >= 0;
	});
	return shown.map(({key, label, isAvailable}) => ({key, label, isAvailable}));
}

export function Footer({
	commands,
	width,
}: {
	readonly commands: readonly Command[];
	readonly width: number;
}): ReactNode {
	return (
		<Line>
			{' '}
			{footerEntries(commands, width).map(({key, label, isAvailable}) => (
				<Text key={`${key} ${label}`} {...(isAvailable ? {} : lookOf('muted'))}>
					<Text {...lookOf(isAvailable ? 'accent' : 'muted')}>{key}</Text> {label}
					{'  '}
				</Text>
			))}
		</Line>
	);
}
