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

type Candidate = FooterEntry & {readonly id: string; readonly reason: string | undefined};

/** In brackets where it cannot be used now: also without colours one sees it. */
export function footerText({key, label, isAvailable}: FooterEntry): string {
	return isAvailable ? `${key} ${label}` : `(${key} ${label})`;
}

/** What the footer says of commands, as far as it fits; the last ones (help, quit) always do, and the way back if there is one. */
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
	// Help and quit come last and stay, so does the way back. Where one types, Save stays rather than what quits.
	const kept = isTyping ? ['save', 'back', 'help'] : ['back'];
	let firstKept = entries.length - 2;
	if (isTyping && roomBeside() < 0) {
		firstKept = entries.length;
	}

	let room = roomBeside();
	const shown = entries.filter((entry, index) => {
		if (isKept(index)) {
			return true;
		}

		room -= widthOfEntry(entry);
		return room >= 0;
	});
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
