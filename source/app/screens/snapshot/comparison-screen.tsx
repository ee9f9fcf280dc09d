import {type ReactNode, useMemo} from 'react';
import {Screen} from '../../components/screen.tsx';
import {SearchedText} from '../../components/searched-text.tsx';
import type {BackupPlace} from '../../navigation.ts';
import {useShell} from '../../shell.ts';
import {wrapLines} from '../../text-lines.ts';
import {useLoaded} from '../../use-loaded.ts';
import {useText} from '../../use-text.ts';
import {BackupReading} from '../backup-reading.tsx';
import {comparisonLines} from './snapshot-lines.ts';

/** Everything that changed between two snapshots of a repository. */
export function ComparisonScreen({
	backup,
	before,
	after,
}: BackupPlace & {readonly before: string; readonly after: string}): ReactNode {
	const {services, size, frame} = useShell();
	const loaded = useLoaded(`comparison ${backup.plan} ${backup.folder} ${after} ${before}`, async signal =>
		services.compare(backup, {before, after}, signal),
	);
	const width = size.columns - 2;
	const lines = useMemo(
		() =>
			loaded.value === undefined
				? []
				: wrapLines(
						[
							{text: `${before} → ${after}`, tone: 'title'},
							{text: loaded.value.text},
							{text: ''},
							...comparisonLines(loaded.value, width),
						],
						width,
					),
		[loaded.value, before, after, width],
	);
	const text = useText('comparison', lines, frame.body.rows);
	return (
		<Screen {...text.screen} commands={text.commandsWith([])}>
			<BackupReading loaded={loaded} what="what changed" />
			<SearchedText text={text} width={width} />
		</Screen>
	);
}
