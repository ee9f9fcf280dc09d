import {Text} from 'ink';
import type {ReactNode} from 'react';
import {Line} from '../components/line.tsx';
import {Paragraph} from '../components/paragraph.tsx';
import {Spinner} from '../components/spinner.tsx';
import {useShell} from '../shell.ts';
import type {Loaded} from '../use-loaded.ts';

/** What stands where something of a backup is still read, or could not be: the sentence to its end, for it says what to do. */
export function BackupReading({
	loaded,
	what,
}: {
	readonly loaded: Pick<Loaded<unknown>, 'value' | 'problem'>;
	/** What is read: `the snapshots`. */
	readonly what: string;
}): ReactNode {
	const {size, frame, signs} = useShell();
	if (loaded.problem !== undefined) {
		return (
			<Paragraph
				tone="bad"
				text={`${signs.bad} ${loaded.problem}`}
				width={size.columns - 2}
				height={loaded.value === undefined ? frame.body.rows : 3}
			/>
		);
	}

	return loaded.value === undefined ? (
		<Line>
			<Spinner />{' '}
			<Text>
				reading {what} {signs.ellipsis}
			</Text>
		</Line>
	) : null;
}
