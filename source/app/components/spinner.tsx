import {Text, useAnimation} from 'ink';
import type {ReactNode} from 'react';
import {useShell} from '../shell.ts';

/** Turns while something is under way, three times a second: enough to see that it lives, over any line. */
export function Spinner(): ReactNode {
	const {signs, display} = useShell();
	// What is read aloud must stand still.
	const {frame} = useAnimation({interval: 333, isActive: !display.isScreenReader});
	return <Text>{signs.spinner[frame % signs.spinner.length]}</Text>;
}
