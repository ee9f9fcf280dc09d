import {Text} from 'ink';
import type {ReactNode} from 'react';
import type {RunRepository} from '../../../runs/run-state-types.ts';
import {cut, fit} from '../../cells.ts';
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
	width,
}: {
	readonly repository: RunRepository;
	readonly isSelected: boolean;
	readonly width: number;
}): ReactNode {
	const {signs} = useShell();
	const nameWidth = Math.max(12, Math.min(32, Math.floor(width / 3)));
	const {tone, sign} = repositorySign(repository, signs);
	return (
		<Line tone={isSelected ? 'selected' : 'plain'}>
			{isSelected ? signs.cursor : ' '}{' '}
			<Text {...lookOf(tone)}>{repository.state === 'running' ? <Spinner /> : sign}</Text>{' '}
			{fit(repository.name, nameWidth)}{' '}
			{cut(repositoryText(repository, width - nameWidth - 6, signs), width - nameWidth - 6)}
		</Line>
	);
}

function repositorySign({state}: RunRepository, signs: Signs): {readonly tone: Tone; readonly sign: string} {
	switch (state) {
		case 'running':
			return {tone: 'accent', sign: signs.waiting};
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

function repositoryText(repository: RunRepository, width: number, signs: Signs): string {
	const {state, stage, done = 0, total = 0, unit, problems, startedAt, finishedAt, bytes} = repository;
	if (state === 'running') {
		const name = fit((stage ?? 'starting').replace('-', ' '), 14);
		if (total > 0 && width >= 50) {
			const counted =
				unit === 'bytes'
					? `${bytesText(done)} of ${bytesText(total)}`
					: `${numberText(done)} of ${numberText(total)} ${unit ?? ''}`;
			return `${name}${progressBar(done, total, 12, signs)} ${counted}`;
		}

		return done > 0 ? `${name}${numberText(done)} ${unit ?? ''}` : name;
	}

	const words = {failed: 'failed', partial: 'partial', 'backed-up': 'saved', unchanged: 'unchanged'} as const;
	if (problems.length > 0) {
		return `${words[state]}: ${problems[0]}`;
	}

	const took = finishedAt === undefined ? '' : durationText(Date.parse(finishedAt) - Date.parse(startedAt));
	return `${fit(words[state], 10)} ${fit(took, 10)} ${bytes > 0 ? bytesText(bytes) : ''}`;
}
