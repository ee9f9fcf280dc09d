import {Text} from 'ink';
import type {ReactNode} from 'react';
import {Line} from '../components/line.tsx';
import {Paragraph} from '../components/paragraph.tsx';
import {Spinner} from '../components/spinner.tsx';
import {useShell} from '../shell.ts';
import type {Loaded} from '../use-loaded.ts';

/** What a list says before its first entries are there, when they could not be read, or when there are none. */
export function Reading({
	loaded,
	what,
	empty,
	width,
}: {
	readonly loaded: Loaded<readonly unknown[]>;
	/** What is read: `the repositories`. */
	readonly what: string;
	/** What stands where nothing is, with what to do about it. */
	readonly empty: string;
	/** Cells that it may take; those of the screen by default. */
	readonly width?: number;
}): ReactNode {
	const {size, signs} = useShell();
	const room = width ?? size.columns - 3;
	if (loaded.problem !== undefined) {
		return <Paragraph text={`${signs.bad} ${loaded.problem}`} width={room} height={4} tone="bad" />;
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

	return loaded.value.length === 0 && empty !== '' ? (
		<Paragraph text={empty} width={room} height={4} tone="muted" />
	) : null;
}

/** Why there is nothing to act upon: not read yet, kept back by a filter, or none there. */
export function whyNothing(loaded: Loaded<readonly unknown[]>, none: string): string {
	if (loaded.value === undefined) {
		return loaded.problem === undefined ? 'It is still being read.' : 'It could not be read.';
	}

	return loaded.value.length === 0 ? none : 'Nothing is left by the filter.';
}
