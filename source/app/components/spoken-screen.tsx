import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import {cut} from '../cells.ts';
import {useShell} from '../shell.ts';

/**
A screen as it is read aloud, from top to bottom: what just happened, where one is, what is there, which keys there are.
No boxes, bars or columns; a state is its word.
*/
export function SpokenScreen({
	crumbs,
	status,
	keys,
	children,
}: {
	readonly crumbs: readonly string[];
	readonly status: string;
	/** Keys with what they do. */
	readonly keys: readonly string[];
	readonly children: ReactNode;
}): ReactNode {
	const {flash, banner, isReadOnly} = useShell();
	const marks = [banner, isReadOnly ? 'read-only' : undefined].filter(mark => mark !== undefined);
	const place = [`Bucket Brigade: ${crumbs.join(', ')}`, ...marks].join(', ');
	return (
		<Box flexDirection="column">
			{flash === undefined ? null : <Text>{say(flash.text)}</Text>}
			<Text>{say(`${place}.`)}</Text>
			{status === '' ? null : <Text>{say(`${status}.`)}</Text>}
			<Box flexDirection="column">{children}</Box>
			<Text>{say(`Keys: ${keys.join(', ')}.`)}</Text>
		</Box>
	);
}

/** Made safe, and as long as it is: nothing is cut from what is read aloud. */
function say(text: string): string {
	return cut(text, Number.POSITIVE_INFINITY);
}
