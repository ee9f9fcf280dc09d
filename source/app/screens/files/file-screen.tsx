import {type ReactNode, useMemo} from 'react';
import {Screen} from '../../components/screen.tsx';
import {SearchedText} from '../../components/searched-text.tsx';
import type {BackupPlace} from '../../navigation.ts';
import {useShell} from '../../shell.ts';
import {wrapLines} from '../../text-lines.ts';
import {useLoaded} from '../../use-loaded.ts';
import {useText} from '../../use-text.ts';
import {BackupReading} from '../backup-reading.tsx';

/** A file of a snapshot, to its end: JSON over lines, all else as it was saved. */
export function FileScreen({
	backup,
	snapshot,
	path,
}: BackupPlace & {readonly snapshot: string; readonly path: string}): ReactNode {
	const {services, size, frame} = useShell();
	const loaded = useLoaded(`file ${backup.plan} ${backup.folder} ${snapshot} ${path}`, async signal =>
		services.snapshotFile(backup, snapshot, path, signal),
	);
	const width = size.columns - 2;
	const lines = useMemo(
		() =>
			loaded.value === undefined
				? []
				: wrapLines(
						loaded.value
							.trimEnd()
							.split('\n')
							.map(text => ({text})),
						width,
					),
		[loaded.value, width],
	);
	const text = useText('file', lines, frame.body.rows);
	return (
		<Screen {...text.screen} commands={text.commandsWith([])}>
			<BackupReading loaded={loaded} what="the file" />
			<SearchedText text={text} width={width} />
		</Screen>
	);
}
