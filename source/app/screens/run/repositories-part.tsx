import {Text} from 'ink';
import type {ReactNode} from 'react';
import type {RunRepository} from '../../../runs/run-state-types.ts';
import {cut, fit, widthOf} from '../../cells.ts';
import {Line} from '../../components/line.tsx';
import {Spinner} from '../../components/spinner.tsx';
import {useShell} from '../../shell.ts';
import {lookOf, type Signs, type Tone} from '../../theme.ts';
import {bytesText, durationText, numberText} from '../../words.ts';
import {progressBar} from './quota-bar.ts';

/** Failed and partial ones first, then those at work, then the finished, the latest first: what asks for attention is on top. */
export function orderRepositories(repositories: Iterable<RunRepository>): readonly RunRepository[] {
	const rank: Readonly<Record<RunRepository['state'], number>> = {
		failed: 0,
		partial: 1,
		running: 2,
		'backed-up': 3,
		unchanged: 3,
	};
	return [...repositories].sort(
		(left, right) =>
			rank[left.state] - rank[right.state] ||
			(right.finishedAt ?? '').localeCompare(left.finishedAt ?? '') ||
			left.name.localeCompare(right.name),
	);
}

export function RepositoryRow({
	repository,
	isSelected,
	isLive,
	width,
}: {
	readonly repository: RunRepository;
	readonly isSelected: boolean;
	/** Whether the run still goes on; what was at work when it ended was not finished. */
	readonly isLive: boolean;
	readonly width: number;
}): ReactNode {
	const {signs} = useShell();
	const isWorking = isLive && repository.state === 'running';
	const nameWidth = Math.max(12, Math.min(32, Math.floor(width / 3)));
	const {tone, sign} = repositorySign(repository, isLive, signs);
	return (
		<Line tone={isSelected ? 'selected' : 'plain'}>
			{isSelected ? signs.cursor : ' '} <Text {...lookOf(tone)}>{isWorking ? <Spinner /> : sign}</Text>{' '}
			{fit(repository.name, nameWidth)}{' '}
			{cut(repositoryText(repository, isLive, width - nameWidth - 6, signs), width - nameWidth - 6)}
		</Line>
	);
}

function repositorySign(
	{state}: RunRepository,
	isLive: boolean,
	signs: Signs,
): {readonly tone: Tone; readonly sign: string} {
	switch (state) {
		case 'running':
			return isLive ? {tone: 'accent', sign: signs.waiting} : {tone: 'attention', sign: signs.none};
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

function repositoryText(repository: RunRepository, isLive: boolean, width: number, signs: Signs): string {
	const {state, stage, done = 0, total = 0, unit, problems, startedAt, finishedAt, bytes} = repository;
	if (state === 'running' && !isLive) {
		return 'not finished: the next run goes on from there';
	}

	if (state === 'running') {
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

	const words = {failed: 'failed', partial: 'partial', 'backed-up': 'saved', unchanged: 'unchanged'} as const;
	if (problems.length > 0) {
		return `${words[state]}: ${problems[0]}`;
	}

	const took = finishedAt === undefined ? '' : durationText(Date.parse(finishedAt) - Date.parse(startedAt));
	return `${fit(words[state], 10)} ${fit(took, 10)} ${bytes > 0 ? bytesText(bytes) : ''}`;
}
