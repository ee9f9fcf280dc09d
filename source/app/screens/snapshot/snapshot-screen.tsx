import {type ReactNode, useMemo} from 'react';
import {Line} from '../../components/line.tsx';
import {Screen} from '../../components/screen.tsx';
import {SearchedText} from '../../components/searched-text.tsx';
import {Spinner} from '../../components/spinner.tsx';
import {type BackupPlace, backupPlaceOf} from '../../navigation.ts';
import {useShell} from '../../shell.ts';
import {type TextLine, wrapLines} from '../../text-lines.ts';
import {useLoaded} from '../../use-loaded.ts';
import {useText} from '../../use-text.ts';
import {snapshotTimeText} from '../../words.ts';
import {BackupReading} from '../backup-reading.tsx';
import {comparisonLines, snapshotLines} from './snapshot-lines.ts';

/** One snapshot: what it is, what it lacks, and everything that changed since the one before. */
export function SnapshotScreen(place: BackupPlace & {readonly snapshot: string}): ReactNode {
	const {backup, kind, snapshot} = place;
	const here = {...backupPlaceOf(place), snapshot};
	const {services, size, frame, signs, go} = useShell();
	const key = `${backup.plan} ${backup.folder} ${snapshot}`;
	const loaded = useLoaded(`snapshot ${key}`, async signal => services.snapshot(backup, snapshot, signal));
	const before = loaded.value?.before;
	const compared = useLoaded(`comparison ${key} ${before ?? ''}`, async signal =>
		before === undefined ? undefined : services.compare(backup, {before, after: snapshot}, signal),
	);
	const width = size.columns - 2;
	const isComparing = before !== undefined && compared.value === undefined && compared.problem === undefined;
	// It may be long: it is not broken anew with every key.
	const changed = useMemo(
		() => (compared.value === undefined ? [] : wrapLines(comparisonLines(compared.value, width), width)),
		[compared.value, width],
	);
	const lines =
		loaded.value === undefined
			? []
			: [
					...wrapLines(
						[
							...snapshotLines(loaded.value, signs, services.now(), kind),
							{text: ''},
							...sinceLines(
								before,
								compared.problem === undefined ? undefined : `${signs.bad} ${compared.problem}`,
							),
						],
						width,
					),
					...changed,
				];
	const height = frame.body.rows - (isComparing ? 1 : 0);
	const text = useText('snapshot', lines, height);
	const count = loaded.value?.pullRequests ?? 0;
	return (
		<Screen
			{...text.screen}
			commands={text.commandsWith([
				{
					id: 'restore',
					run: () => go({type: 'open', place: {screen: 'restore', ...here}}),
				},
				...(kind === undefined
					? [
							{
								id: 'pullRequests' as const,
								run: () => go({type: 'open', place: {screen: 'pull-requests', ...here}}),
								unavailable:
									loaded.value === undefined
										? 'The snapshot was not read yet.'
										: count === 0
											? 'There are no pull requests in this snapshot.'
											: undefined,
							},
						]
					: []),
				{id: 'files', run: () => go({type: 'open', place: {screen: 'files', ...here}})},
			])}
		>
			<BackupReading loaded={loaded} what="the snapshot" />
			<SearchedText text={text} width={width} />
			{isComparing ? (
				<Line tone="muted">
					<Spinner /> reading what changed {signs.ellipsis}
				</Line>
			) : null}
		</Screen>
	);
}

function sinceLines(before: string | undefined, problem: string | undefined): readonly TextLine[] {
	return [
		{
			tone: 'title',
			text:
				before === undefined
					? 'It is the first snapshot: there is none before it.'
					: `Changed since ${snapshotTimeText(before)}`,
		},
		...(problem === undefined ? [] : [{tone: 'bad' as const, text: problem}]),
	];
}
