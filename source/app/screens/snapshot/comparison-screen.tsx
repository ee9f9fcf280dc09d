import {type ReactNode, useMemo} from 'react';
import type {BackupPlace} from '../../navigation.ts';
import {useShell} from '../../shell.ts';
import {wrapLines} from '../../text-lines.ts';
import {useLoaded} from '../../use-loaded.ts';
import {TextScreen} from '../text-screen.tsx';
import {comparisonLines} from './snapshot-lines.ts';

/** Everything that changed between two snapshots of a repository. */
export function ComparisonScreen({
	backup,
	before,
	after,
}: BackupPlace & {readonly before: string; readonly after: string}): ReactNode {
	const {services, size} = useShell();
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
	return (
		<TextScreen name="comparison" lines={lines} width={width} loaded={{...loaded, what: 'what changed'}} />
	);
}
