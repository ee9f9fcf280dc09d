import {Text} from 'ink';
import type {ReactNode} from 'react';
import type {RunProblem, RunRepository} from '../../../runs/run-state-types.ts';
import {cut, fit} from '../../cells.ts';
import {Line} from '../../components/line.tsx';
import {Paragraph} from '../../components/paragraph.tsx';
import {useShell} from '../../shell.ts';
import {lookOf} from '../../theme.ts';
import {momentText, numberText} from '../../words.ts';
import {whereText} from './problem-row.tsx';
import {stateWords} from './row-words.ts';

/** A problem to its end, however long it is. */
export function ProblemDetails({
	problem,
	width,
	height,
}: {
	readonly problem: RunProblem;
	readonly width: number;
	readonly height: number;
}): ReactNode {
	const {services, signs} = useShell();
	return (
		<>
			<Line>
				<Text {...lookOf('muted')}>{fit('Where', 12)}</Text> {cut(whereText(problem), width - 14)}
			</Line>
			<Line>
				<Text {...lookOf('muted')}>{fit('When', 12)}</Text>{' '}
				{cut(momentText(problem.at, services.now()), width - 14)}
			</Line>
			<Line />
			<Paragraph text={`${signs.attention} ${problem.text}`} width={width} height={Math.max(1, height - 3)} />
		</>
	);
}

/** All that a run says of one repository. */
export function RepositoryDetails({
	name,
	repository,
	width,
	height,
}: {
	readonly name: string;
	/** Undefined for one that was not begun. */
	readonly repository: RunRepository | undefined;
	readonly width: number;
	readonly height: number;
}): ReactNode {
	const {services, signs} = useShell();
	const problems = repository?.problems ?? [];
	const facts: ReadonlyArray<readonly [string, string]> = [
		['Repository', name],
		['State', repository === undefined ? 'not begun' : stateWords[repository.state]],
		['Stage', repository?.stage ?? signs.none],
		['Started', repository === undefined ? signs.none : momentText(repository.startedAt, services.now())],
		[
			'Finished',
			repository?.finishedAt === undefined ? signs.none : momentText(repository.finishedAt, services.now()),
		],
		['Snapshot', repository?.snapshot ?? signs.none],
		[
			'Requests',
			Object.entries(repository?.requests ?? {})
				.map(([resource, count]) => `${resource} ${numberText(count)}`)
				.join(', ') || signs.none,
		],
	];
	return (
		<>
			{facts.map(([name, value]) => (
				<Line key={name}>
					<Text {...lookOf('muted')}>{fit(name, 12)}</Text> {cut(value, width - 14)}
				</Line>
			))}
			<Line />
			{problems.length > 0 ? <Line tone="title">Problems</Line> : null}
			{problems.length === 0 ? null : (
				<Paragraph
					text={problems.map(text => `${signs.attention} ${text}`).join(' ')}
					width={width}
					height={Math.max(1, height - facts.length - 2)}
				/>
			)}
		</>
	);
}
