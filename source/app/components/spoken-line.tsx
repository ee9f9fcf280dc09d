import {Text} from 'ink';
import type {ReactNode} from 'react';
import {cut} from '../cells.ts';
import {useShell} from '../shell.ts';

/** An entry as it is read aloud: what is known of it, one after the other, to its end. */
export function SpokenLine({
	parts,
	isSelected = false,
}: {
	/** What there is nothing to say of is left out. */
	readonly parts: ReadonlyArray<string | undefined>;
	readonly isSelected?: boolean;
}): ReactNode {
	const {signs} = useShell();
	return <Text>{(isSelected ? `${signs.cursor} ` : '') + spokenText(parts)}</Text>;
}

/** Parts of a sentence, made safe; nothing is cut from what is read aloud. */
export function spokenText(parts: ReadonlyArray<string | undefined>): string {
	return parts
		.map(part => cut(part ?? '', Number.POSITIVE_INFINITY).trim())
		.filter(part => part !== '')
		.join(', ');
}
