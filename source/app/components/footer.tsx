import {Text} from 'ink';
import type {ReactNode} from 'react';
import {widthOf} from '../cells.ts';
import {type Command, defaultKeyMap, describe, type KeyMap, keyLabel, keysNow} from '../input/commands.ts';
import {useShell} from '../shell.ts';
import {lookOf} from '../theme.ts';
import {Line} from './line.tsx';

export type FooterEntry = {
	readonly key: string;
	/** With the reason why it cannot be used now, where there is room for that. */
	readonly label: string;
	readonly isAvailable: boolean;
};

/** A line of less than this holds a few keys. */
const narrowWidth = 60;

type Candidate = FooterEntry & {readonly id: string; readonly reason: string | undefined};

/** In brackets where it cannot be used now: also without colours one sees it. */
export function footerText({key, label, isAvailable}: FooterEntry): string {
	return isAvailable ? `${key} ${label}` : `(${key} ${label})`;
}

/** What the footer says of commands, as far as it fits: help and the way back always, then what can be done here, and quitting. */
export function footerEntries(
	commands: readonly Command[],
	width: number,
	keyMap: KeyMap = defaultKeyMap,
	isTyping = false,
): readonly FooterEntry[] {
	const entries = commands
		.filter(({id}) => describe(id).quiet !== true && keysNow(id, isTyping, keyMap).length > 0)
		.map(
			({id, label, unavailable}): Candidate => ({
				id,
				key: keyLabel(keysNow(id, isTyping, keyMap)[0] ?? ''),
				label: label ?? describe(id).label,
				isAvailable: unavailable === undefined,
				reason: unavailable?.replace(/\.$/, ''),
			}),
		);
	const widthOfEntry = (entry: FooterEntry): number => widthOf(footerText(entry)) + 2;
	const isKept = (index: number): boolean => index >= firstKept || kept.includes(entries[index]?.id ?? '');
	const roomBeside = (): number =>
		width - entries.filter((_, index) => isKept(index)).reduce((sum, entry) => sum + widthOfEntry(entry), 0);
	// Help and quit come last and stay, so does the way back. Where there is little room, what can be done here is more than
	// quitting; and where one types, Save.
	const isNarrow = width < narrowWidth;
	const kept = isTyping ? ['save', 'back', 'help'] : isNarrow ? ['back', 'help'] : ['back'];
	let firstKept = isNarrow ? entries.length : entries.length - 2;
	if (isTyping && roomBeside() < 0) {
		firstKept = entries.length;
	}

	let room = roomBeside();
	const taken = new Set(entries.filter((_, index) => isKept(index)));
	// What can be used now comes before what cannot.
	for (const entry of [...entries].sort(
		(one, other) => Number(other.isAvailable) - Number(one.isAvailable),
	)) {
		const needed = widthOfEntry(entry);
		if (!taken.has(entry) && needed <= room) {
			taken.add(entry);
			room -= needed;
		}
	}

	const shown = entries.filter(entry => taken.has(entry));
	// Reasons take what the keys leave; those of several commands are mostly the same.
	const told = new Set<string>();
	return shown.map(({key, label, isAvailable, reason}) => {
		const more = reason === undefined ? '' : `: ${reason}`;
		if (more === '' || told.has(more) || widthOf(more) > room) {
			return {key, label, isAvailable};
		}

		told.add(more);
		room -= widthOf(more);
		return {key, label: `${label}${more}`, isAvailable};
	});
}

export function Footer({
	commands,
	width,
	isTyping = false,
}: {
	readonly commands: readonly Command[];
	/** Letters are text: only what works all the same is shown. */
	readonly isTyping?: boolean;
	readonly width: number;
}): ReactNode {
	const {keys} = useShell();
	return (
		<Line>
			{' '}
			{footerEntries(commands, width, keys.keyMap, isTyping).map(({key, label, isAvailable}) =>
				isAvailable ? (
					<Text key={`${key} ${label}`}>
						<Text {...lookOf('accent')}>{key}</Text> {label}
						{'  '}
					</Text>
				) : (
					<Text key={`${key} ${label}`} {...lookOf('muted')}>
						{footerText({key, label, isAvailable})}
						{'  '}
					</Text>
				),
			)}
		</Line>
	);
}
