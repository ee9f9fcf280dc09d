import {Text} from 'ink';
import type {ReactNode} from 'react';
import {cut} from '../cells.ts';
import {Line} from '../components/line.tsx';
import {Spinner} from '../components/spinner.tsx';
import {useShell} from '../shell.ts';
import type {Loaded} from '../use-loaded.ts';

/** What a list says before its first entries are there, when they could not be read, or when there are none. */
export function Reading({
	loaded,
	what,
	empty,
}: {
	readonly loaded: Loaded<readonly unknown[]>;
	/** What is read: `the repositories`. */
	readonly what: string;
	/** What stands where nothing is, with what to do about it. */
	readonly empty: string;
}): ReactNode {
	const {size, signs} = useShell();
	if (loaded.problem !== undefined) {
		return (
			<Line tone="bad">
				{signs.bad} {cut(loaded.problem, size.columns - 5)}
			</Line>
		);
	}

	if (loaded.value === undefined) {
		return (
			<Line>
				<Spinner />{' '}
				<Text>
					reading {what} {signs.ellipsis}
				</Text>
			</Line>
		);
	}

	return loaded.value.length === 0 ? <Line tone="muted">{cut(empty, size.columns - 3)}</Line> : null;
}
