import {Text} from 'ink';
import type {ReactNode} from 'react';
import type {RunRepository} from '../../../runs/run-state-types.ts';
import {cut, fit, widthOf} from '../../cells.ts';
import {Line} from '../../components/line.tsx';
import {progressBar} from '../../components/progress-bar.ts';
import {SpokenLine} from '../../components/spoken-line.tsx';
import {useShell} from '../../shell.ts';
import {lookOf, type Signs, type Tone} from '../../theme.ts';
import {bytesText, durationText, numberText, plural} from '../../words.ts';
import {type RowMoment, stateWords} from './row-words.ts';
import {spokenRepository} from './spoken-run.ts';

/** Beats in which the sign of what is at work stands still: each turn costs a slow line a row. */
const beatsOfTurn = 2;

/** A repository of a run in one line: its state, and how far it is or what came of it. */
export function RepositoryRow({
	name,
	repository,
	isSelected,
	moment,
	beat,
	width,
}: {
	readonly name: string;
	/** Undefined for one that was not begun. */
	readonly repository: RunRepository | undefined;
	readonly isSelected: boolean;
	readonly moment: RowMoment;
	/** Turns the sign of what is at work. */
	readonly beat: number;
	readonly width: number;
}): ReactNode {
	const {signs, display} = useShell();
	if (display.isScreenReader) {
		return <SpokenLine parts={spokenRepository(name, repository, moment)} isSelected={isSelected} />;
	}

	const nameWidth = Math.max(12, Math.min(32, Math.floor(width / 3)));
	const {tone, sign} = repositorySign(repository, moment, beat, signs);
	const room = width - nameWidth - 6;
	const text =
		repository === undefined
			? {said: moment === 'over' ? 'not begun' : 'waiting', tone: 'muted' as const}
			: {said: repositoryText(repository, moment, room, signs), tone: 'plain' as const};
	return (
		<Line tone={isSelected ? 'selected' : 'plain'}>
			{isSelected ? signs.cursor : ' '} <Text {...lookOf(tone)}>{sign}</Text> {fit(name, nameWidth)}{' '}
			<Text {...lookOf(text.tone)}>{cut(text.said, room)}</Text>
		</Line>
	);
}

function repositorySign(
	repository: RunRepository | undefined,
	moment: RowMoment,
	beat: number,
	signs: Signs,
): {readonly tone: Tone; readonly sign: string} {
	switch (repository?.state) {
		case undefined:
			return {tone: 'muted', sign: moment === 'over' ? signs.none : signs.waiting};
		case 'running':
			return signOfWork(moment, beat, signs);
		case 'failed':
			return {tone: 'bad', sign: signs.bad};
		case 'partial':
			return {tone: 'attention', sign: signs.attention};
		case 'backed-up':
			return {tone: 'good', sign: signs.good};
		case 'unchanged':
			return {tone: 'muted', sign: signs.same};
	}
}

function signOfWork(
	moment: RowMoment,
	beat: number,
	signs: Signs,
): {readonly tone: Tone; readonly sign: string} {
	switch (moment) {
		case 'live':
			return {
				tone: 'accent',
				sign: signs.spinner[Math.floor(beat / beatsOfTurn) % signs.spinner.length] ?? signs.waiting,
			};
		case 'held':
			return {tone: 'attention', sign: signs.waiting};
		case 'paused':
			return {tone: 'attention', sign: signs.paused};
		case 'over':
			return {tone: 'attention', sign: signs.none};
	}
}

function repositoryText(repository: RunRepository, moment: RowMoment, width: number, signs: Signs): string {
	const {state, problems} = repository;
	if (state === 'running') {
		return moment === 'over'
			? 'not finished: the next run goes on from there'
			: workText(repository, width, signs);
	}

	if (problems.length > 0) {
		return `${stateWords[state]}: ${problems[0]}${problems.length > 1 ? ` (and ${numberText(problems.length - 1)} more)` : ''}`;
	}

	const {startedAt, finishedAt, bytes, requests = {}} = repository;
	const took = finishedAt === undefined ? '' : durationText(Date.parse(finishedAt) - Date.parse(startedAt));
	const sent = Object.values(requests).reduce((sum, count) => sum + count, 0);
	const text = `${fit(stateWords[state], 10)} ${fit(took, 12)} ${fit(bytes > 0 ? bytesText(bytes) : '', 8)}`;
	return width >= 50 ? `${text} ${sent > 0 ? plural(sent, 'request') : ''}` : text;
}

function workText(repository: RunRepository, width: number, signs: Signs): string {
	const {stage, done = 0, total = 0, unit} = repository;
	const name = fit((stage ?? 'starting').replace('-', ' '), 14);
	const amount = (count: number): string => (unit === 'bytes' ? bytesText(count) : numberText(count));
	// Bytes bring their unit along; the stage of pull requests says what it counts.
	const counted = unit === undefined || unit === 'bytes' || unit === name.trim() ? '' : ` ${unit}`;
	if (total > 0 && width >= 40) {
		const bar = progressBar(done, total, width >= 56 ? 12 : 8, signs);
		const text = `${name}${bar} ${amount(done)} of ${amount(total)}`;
		return widthOf(text + counted) <= width ? text + counted : text;
	}

	return done > 0 ? `${name}${amount(done)}${counted}` : name;
}
