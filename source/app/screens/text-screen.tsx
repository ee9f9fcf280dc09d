import type {ReactNode} from 'react';
import {Screen} from '../components/screen.tsx';
import {SearchedText} from '../components/searched-text.tsx';
import {useShell} from '../shell.ts';
import type {TextLine} from '../text-lines.ts';
import type {Loaded} from '../use-loaded.ts';
import {useText} from '../use-text.ts';
import {BackupReading} from './backup-reading.tsx';

/** A screen that is read: a text of any length, scrolled and searched. */
export function TextScreen({
	name,
	lines,
	width,
	status,
	loaded,
}: {
	/** By which it remembers where one was. */
	readonly name: string;
	/** No wider than the screen. */
	readonly lines: readonly TextLine[];
	readonly width: number;
	/** Beside the breadcrumbs, where all of it is in sight. */
	readonly status?: string;
	/** What it is read from, where that takes its time, and what that is called: `the file`. */
	readonly loaded?: Pick<Loaded<unknown>, 'value' | 'problem'> & {readonly what: string};
}): ReactNode {
	const {frame} = useShell();
	const text = useText(name, lines, frame.body.rows);
	return (
		<Screen {...text.screen} status={text.screen.status || (status ?? '')} commands={text.commandsWith([])}>
			{loaded === undefined ? null : <BackupReading loaded={loaded} what={loaded.what} />}
			<SearchedText text={text} width={width} />
		</Screen>
	);
}
