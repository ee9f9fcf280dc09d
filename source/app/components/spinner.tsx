import {Text, useAnimation} from 'ink';
import type {ReactNode} from 'react';
import {useShell} from '../shell.ts';

/** Turns while something is under way, three times a second: enough to see that it lives, over any line. */
export function Spinner(): ReactNode {
	const {signs} = useShell();
	const {frame} = useAnimation({interval: 333});
	return <Text>{signs.spinner[frame % signs.spinner.length]}</Text>;
}
