import {Text} from 'ink';
import type {ReactNode} from 'react';
import type {RunSummary} from '../../../runs/run-list.ts';
import {fit} from '../../cells.ts';
import {Line} from '../../components/line.tsx';
import {Screen} from '../../components/screen.tsx';
import {SpokenLine} from '../../components/spoken-line.tsx';
import {keyOf} from '../../input/commands.ts';
import {useShell} from '../../shell.ts';
import {lookOf, type Signs, type Tone} from '../../theme.ts';
import {useFilteredList} from '../../use-filtered-list.tsx';
import {useLoaded} from '../../use-loaded.ts';
import {useReloadWhile} from '../../use-reload-while.ts';
import {bytesText, durationText, momentText, numberText, plural} from '../../words.ts';
import {Reading, whyNothing} from '../reading.tsx';

type RunsWidth = 'narrow' | 'medium' | 'wide';

/** How much of a run its line says. */
function runsWidth(columns: number): RunsWidth {
	if (columns >= 100) {
		return 'wide';
	}

	return columns >= 80 ? 'medium' : 'narrow';
}

/** The history of runs, the newest first; a past run opens in the same view as a live one. */
export function RunsScreen(): ReactNode {
	const {services, size, frame, signs, go, keys, display} = useShell();
	const loaded = useLoaded('runs', async () => services.runs());
	const runs = loaded.value ?? [];
	useReloadWhile(
		runs.some(({status}) => status === 'running'),
		loaded,
	);
	const list = useFilteredList('runs', {
		items: runs,
		textOf: ({plan, organization, status}) => `${plan} ${organization} ${status}`,
		rows: frame.body.rows - 2,
	});
	const width = runsWidth(size.columns);
	return (
		<Screen
			status={list.position === '' ? plural(runs.length, 'run') : list.position}
			{...list.keysWith([
				{
					id: 'open',
					run: () => {
						if (list.selected !== undefined) {
							go({type: 'open', place: {screen: 'run', run: list.selected.run}});
						}
					},
					unavailable: list.selected === undefined ? whyNothing(loaded, 'Nothing was run yet.') : undefined,
				},
				{id: 'reload', run: loaded.reload},
			])}
		>
			{list.filterLine}
			<Reading
				loaded={loaded}
				what="the runs"
				empty={`Nothing was run yet. In Plans, ${keyOf(keys.keyMap, 'run')} runs the selected plan.`}
			/>
			{runs.length > 0 && !display.isScreenReader ? (
				<Line tone="muted">
					{'  '}
					{width === 'narrow'
						? `${fit('Started', 12)} ${fit('State', 13)} Plan`
						: `${fit('Started', 15)} ${fit('Plan', 18)} ${fit('State', 14)} ${fit('Took', 12)}`}
					{width === 'medium' ? ' Repositories' : ''}
					{width === 'wide'
						? ` ${fit('Repositories', 34)} ${fit('Requests', 9, 'right')} ${fit('Size', 8, 'right')}`
						: ''}
				</Line>
			) : null}
			{list.visible.map(({item, index}) => (
				<RunRow
					key={item.run}
					run={item}
					isSelected={index === list.cursor}
					width={width}
					columns={size.columns}
					signs={signs}
					now={services.now()}
				/>
			))}
		</Screen>
	);
}

function RunRow({
	run,
	isSelected,
	width,
	columns,
	signs,
	now,
}: {
	readonly run: RunSummary;
	readonly isSelected: boolean;
	readonly width: RunsWidth;
	readonly columns: number;
	readonly signs: Signs;
	readonly now: number;
}): ReactNode {
	const {display} = useShell();
	const {tone, text} = runStatusText(run.isPaused ? 'paused' : run.status, signs);
	const {backedUp, unchanged, partial, failed} = run.counts;
	const repositories = [
		[backedUp, 'saved'],
		[unchanged, 'unchanged'],
		[partial, 'partial'],
		[failed, 'failed'],
	] as const;
	const counts = repositories
		.filter(([count]) => count > 0)
		.map(([count, word]) => `${numberText(count)} ${word}`)
		.join(` ${signs.dot} `);
	if (display.isScreenReader) {
		return (
			<SpokenLine
				isSelected={isSelected}
				parts={[
					run.plan,
					momentText(run.startedAt, now),
					text,
					durationText(run.durationMs),
					...repositories.map(([count, word]) => (count > 0 ? `${numberText(count)} ${word}` : undefined)),
					plural(run.requests, 'request'),
					bytesText(run.bytes),
				]}
			/>
		);
	}

	const mark = isSelected ? signs.cursor : ' ';
	if (width === 'narrow') {
		return (
			<Line tone={isSelected ? 'selected' : 'plain'}>
				{mark} {fit(momentText(run.startedAt, now), 12)} <Text {...lookOf(tone)}>{fit(text, 13)}</Text>{' '}
				{fit(run.plan, columns - 31)}
			</Line>
		);
	}

	const ended = backedUp + unchanged + partial + failed;
	return (
		<Line tone={isSelected ? 'selected' : 'plain'}>
			{mark} {fit(momentText(run.startedAt, now), 15)} {fit(run.plan, 18)}{' '}
			<Text {...lookOf(tone)}>{fit(text, 14)}</Text> {fit(durationText(run.durationMs), 12)}
			{width === 'wide'
				? ` ${fit(counts, 34)} ${fit(numberText(run.requests), 9, 'right')} ${fit(bytesText(run.bytes), 8, 'right')}`
				: ` ${fit(`${numberText(ended)} of ${numberText(run.counts.total)}`, columns - 67)}`}
		</Line>
	);
}

/** The state of a run as sign and word. */
export function runStatusText(
	status: RunSummary['status'] | 'starting' | 'paused',
	signs: Signs,
): {readonly tone: Tone; readonly text: string} {
	switch (status) {
		case 'succeeded':
			return {tone: 'good', text: `${signs.good} succeeded`};
		case 'partial':
			return {tone: 'attention', text: `${signs.attention} partial`};
		case 'failed':
			return {tone: 'bad', text: `${signs.bad} failed`};
		case 'cancelled':
			return {tone: 'attention', text: `${signs.none} cancelled`};
		case 'interrupted':
			return {tone: 'bad', text: `${signs.bad} interrupted`};
		case 'paused':
			return {tone: 'attention', text: `${signs.paused} paused`};
		case 'running':
		case 'starting':
			return {tone: 'accent', text: `${signs.dot} ${status}`};
	}
}
