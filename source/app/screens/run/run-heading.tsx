import {Text} from 'ink';
import type {ReactNode} from 'react';
import type {RunState} from '../../../runs/run-state-types.ts';
import {cut} from '../../cells.ts';
import {Line} from '../../components/line.tsx';
import {useShell} from '../../shell.ts';
import {lookOf} from '../../theme.ts';
import {numberText} from '../../words.ts';

export type RunView = 'repositories' | 'problems';

/** Above the list: what it shows, how many there are of each state, and what of it is seen. */
export function RunHeading({
	state,
	view,
	position,
	isFollowing,
	width,
}: {
	readonly state: RunState;
	readonly view: RunView;
	readonly position: string;
	readonly isFollowing: boolean;
	readonly width: number;
}): ReactNode {
	const {signs} = useShell();
	const {waiting, running, backedUp, unchanged, partial, failed} = state.counts;
	const counts = [
		[running, 'running'],
		// What asks for attention is never cut off; what waits can be reckoned.
		[failed, 'failed'],
		[partial, 'partial'],
		[backedUp, 'saved'],
		[unchanged, 'unchanged'],
		[waiting, state.finishedAt === undefined ? 'waiting' : 'not begun'],
	] as const;
	const done = backedUp + unchanged + partial + failed;
	const title =
		view === 'problems'
			? `Problems  ${numberText(state.problems.length)}`
			: `Repositories  ${numberText(done)} of ${numberText(state.total)}`;
	const said = [
		...counts.filter(([count]) => count > 0).map(([count, word]) => `${numberText(count)} ${word}`),
		...(position === '' ? [] : [position]),
		...(isFollowing && view === 'repositories' ? ['following'] : []),
	];
	return (
		<Line>
			<Text {...lookOf('title')}>{title}</Text>{' '}
			<Text {...lookOf('muted')}>
				{cut(said.map(one => `${signs.dot} ${one}`).join(' '), width - title.length - 2)}
			</Text>
		</Line>
	);
}
