import {Text} from 'ink';
import type {ReactNode} from 'react';
import type {RunProblem} from '../../../runs/run-state-types.ts';
import {cut, fit} from '../../cells.ts';
import {Line} from '../../components/line.tsx';
import {SpokenLine} from '../../components/spoken-line.tsx';
import {useShell} from '../../shell.ts';
import {lookOf} from '../../theme.ts';
import {numberText} from '../../words.ts';

/** A problem of a run in one line; it opens to be read to its end. */
export function ProblemRow({
	problem,
	isSelected,
	width,
}: {
	readonly problem: RunProblem;
	readonly isSelected: boolean;
	readonly width: number;
}): ReactNode {
	const {signs, display} = useShell();
	if (display.isScreenReader) {
		return <SpokenLine parts={[whereText(problem), problem.text]} isSelected={isSelected} />;
	}

	const whereWidth = Math.max(10, Math.min(26, Math.floor(width / 3)));
	return (
		<Line tone={isSelected ? 'selected' : 'plain'}>
			{isSelected ? signs.cursor : ' '} <Text {...lookOf('attention')}>{signs.attention}</Text>{' '}
			{fit(whereText(problem), whereWidth)} {cut(problem.text, width - whereWidth - 5)}
		</Line>
	);
}

/** Where a problem is, and in how many other places too. */
export function whereText({where, times}: RunProblem): string {
	return times > 1 ? `${where} and ${numberText(times - 1)} more` : where;
}
