import {type ReactNode, useMemo} from 'react';
import {Screen} from '../../components/screen.tsx';
import {SearchedText} from '../../components/searched-text.tsx';
import type {BackupPlace} from '../../navigation.ts';
import {useShell} from '../../shell.ts';
import {type TextLine, wrapLines} from '../../text-lines.ts';
import {useLoaded} from '../../use-loaded.ts';
import {useText} from '../../use-text.ts';
import {BackupReading} from '../backup-reading.tsx';

/** Longer lines than this are hard to read, however wide the terminal is. */
const widestText = 110;

/** A pull request as it was saved, with its discussion: the page of Markdown that the command prints too. */
export function PullRequestScreen({
	backup,
	snapshot,
	number,
}: BackupPlace & {readonly snapshot: string; readonly number: number}): ReactNode {
	const {services, size, frame} = useShell();
	const loaded = useLoaded(
		`pull request ${backup.plan} ${backup.folder} ${snapshot} ${number}`,
		async signal => services.pullRequest(backup, snapshot, number, signal),
	);
	const width = Math.min(widestText, size.columns - 2);
	const lines = useMemo(() => wrapLines(markdownLines(loaded.value ?? ''), width), [loaded.value, width]);
	const text = useText('pull request', lines, frame.body.rows);
	return (
		<Screen {...text.screen} commands={text.commandsWith([])}>
			<BackupReading loaded={loaded} what="the pull request" />
			<SearchedText text={text} width={width} />
		</Screen>
	);
}

function markdownLines(page: string): readonly TextLine[] {
	return page
		.trimEnd()
		.split('\n')
		.map(text => ({text, tone: /^#{1,6} /.test(text) ? 'title' : 'plain'}));
}
