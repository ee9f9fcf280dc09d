import {type ReactNode, useMemo} from 'react';
import type {BackupPlace} from '../../navigation.ts';
import {useShell} from '../../shell.ts';
import {wrapLines} from '../../text-lines.ts';
import {useLoaded} from '../../use-loaded.ts';
import {TextScreen} from '../text-screen.tsx';

/** A file of a snapshot, to its end: JSON over lines, all else as it was saved. */
export function FileScreen({
	backup,
	snapshot,
	path,
}: BackupPlace & {readonly snapshot: string; readonly path: string}): ReactNode {
	const {services, size} = useShell();
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
	return <TextScreen name="file" lines={lines} width={width} loaded={{...loaded, what: 'the file'}} />;
}
