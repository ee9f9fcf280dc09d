import {Text} from 'ink';
import type {ReactNode} from 'react';
import type {RunState} from '../../../runs/run-state-types.ts';
import {cut, widthOf} from '../../cells.ts';
import {Line} from '../../components/line.tsx';
import {SpokenLine} from '../../components/spoken-line.tsx';
import {useShell} from '../../shell.ts';
import {lookOf, type Signs} from '../../theme.ts';
import {numberText} from '../../words.ts';

export type RunView = 'repositories' | 'problems';

/** Above the list: what it shows, how many there are of each state, and what of it is seen. */
export function RunHeading({
	state,
	view,
	position,
	found,
	isFollowing,
	width,
}: {
	readonly state: RunState;
	readonly view: RunView;
	readonly position: string;
	/** How many a filter takes, where there is one. */
	readonly found: number | undefined;
	readonly isFollowing: boolean;
	readonly width: number;
}): ReactNode {
	const {signs, display} = useShell();
	const title =
		view === 'problems'
			? `Problems  ${numberText(state.problems.length)}`
			: `Repositories  ${numberText(doneOf(state))} of ${numberText(state.total)}`;
	const before = found === undefined ? [] : [`${numberText(found)} found`];
	const beside = [
		...(position === '' ? [] : [position]),
		...(isFollowing && view === 'repositories' ? ['following'] : []),
	];
	if (display.isScreenReader) {
		return <SpokenLine parts={[title.replace('  ', ': '), ...before, ...countTexts(state), ...beside]} />;
	}

	const room = width - title.length - 2;
	const whole = [...before, ...countTexts(state), ...beside].map(one => `${signs.dot} ${one}`).join(' ');
	const text =
		widthOf(whole) <= room ? whole : ` ${[...before, ...countSigns(state, signs), ...beside].join('  ')}`;
	return (
		<Line>
			<Text {...lookOf('title')}>{title}</Text> <Text {...lookOf('muted')}>{cut(text, room)}</Text>
		</Line>
	);
}

function doneOf({counts}: RunState): number {
	return counts.backedUp + counts.unchanged + counts.partial + counts.failed;
}

/** How many there are of each state. What asks for attention is never cut off. */
function countTexts({counts, finishedAt}: RunState): readonly string[] {
	return several([
		[counts.failed, 'failed'],
		[counts.partial, 'partial'],
		[counts.running, 'running'],
		[counts.backedUp, 'saved'],
		[counts.unchanged, 'unchanged'],
		[counts.waiting, finishedAt === undefined ? 'waiting' : 'not begun'],
	]).map(([count, word]) => `${numberText(count)} ${word}`);
}

/** The same with the signs that stand before them in the list; what waits can be reckoned. */
function countSigns({counts}: RunState, signs: Signs): readonly string[] {
	return several([
		[counts.failed, signs.bad],
		[counts.partial, signs.attention],
		[counts.running, undefined],
		[counts.backedUp, signs.good],
		[counts.unchanged, signs.same],
	]).map(([count, sign]) =>
		sign === undefined ? `${numberText(count)} running` : `${sign} ${numberText(count)}`,
	);
}

function several<Name>(
	counts: ReadonlyArray<readonly [number, Name]>,
): ReadonlyArray<readonly [number, Name]> {
	return counts.filter(([count]) => count > 0);
}
