import {type ReactNode, useMemo} from 'react';
import type {BackupPlace} from '../../navigation.ts';
import {useShell} from '../../shell.ts';
import {type TextLine, wrapLines} from '../../text-lines.ts';
import {useLoaded} from '../../use-loaded.ts';
import {TextScreen} from '../text-screen.tsx';

/** Longer lines than this are hard to read, however wide the terminal is. */
const widestText = 110;

/** A pull request as it was saved, with its discussion: the page of Markdown that the command prints too. */
export function PullRequestScreen({
	backup,
	snapshot,
	number,
}: BackupPlace & {readonly snapshot: string; readonly number: number}): ReactNode {
	const {services, size} = useShell();
	const loaded = useLoaded(
		`pull request ${backup.plan} ${backup.folder} ${snapshot} ${number}`,
		async signal => services.pullRequest(backup, snapshot, number, signal),
	);
	const width = Math.min(widestText, size.columns - 2);
	const lines = useMemo(() => wrapLines(markdownLines(loaded.value ?? ''), width), [loaded.value, width]);
	return (
		<TextScreen
			name="pull request"
			lines={lines}
			width={width}
			loaded={{...loaded, what: 'the pull request'}}
		/>
	);
}

function markdownLines(page: string): readonly TextLine[] {
	return page
		.trimEnd()
		.split('\n')
		.map(text => ({text, tone: /^#{1,6} /.test(text) ? 'title' : 'plain'}));
}
