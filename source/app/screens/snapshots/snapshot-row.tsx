import {Text} from 'ink';
import type {ReactNode} from 'react';
import type {ListedSnapshot} from '../../../actions/repository-snapshots.ts';
import {cut, fit} from '../../cells.ts';
import {Line} from '../../components/line.tsx';
import {SpokenLine} from '../../components/spoken-line.tsx';
import {useShell} from '../../shell.ts';
import {lookOf, type Signs, type Tone} from '../../theme.ts';
import {numberText, plural, snapshotTimeText} from '../../words.ts';

/** Cells of each column; those that are left are for what changed. 0 is none. */
export type SnapshotColumns = {
	readonly when: number;
	readonly state: number;
	readonly plan: number;
	readonly refs: number;
	readonly pullRequests: number;
	readonly changes: number;
	/** Whether there are refs and pull requests to count. */
	readonly hasGit: boolean;
};

/** A time with its seconds, and one without. */
const timeWidth = 19;
const shortTimeWidth = 16;

/** How much of a snapshot its line says; of one without Git there is nothing to count. */
export function snapshotColumns(width: number, hasGit = true): SnapshotColumns {
	const when = width >= 60 ? timeWidth : shortTimeWidth;
	const state = width >= 60 ? 12 : 1;
	const plan = width >= 100 ? 14 : 0;
	const refs = hasGit && width >= 110 ? 7 : 0;
	const pullRequests = hasGit && width >= 130 ? 13 : 0;
	const used = [when, state, plan, refs, pullRequests].reduce(
		(sum, one) => sum + (one === 0 ? 0 : one + 1),
		2,
	);
	return {when, state, plan, refs, pullRequests, changes: Math.max(4, width - used), hasGit};
}

export function SnapshotHeading({columns}: {readonly columns: SnapshotColumns}): ReactNode {
	const {display} = useShell();
	const {when, state, plan, refs, pullRequests, changes} = columns;
	// What is read aloud has no columns: each entry says what is what.
	return display.isScreenReader ? null : (
		<Line tone="muted">
			{'  '}
			{fit('Snapshot', when)} {fit(state > 1 ? 'State' : '', state)}{' '}
			{plan > 0 ? `${fit('Made by', plan)} ` : ''}
			{refs > 0 ? `${fit('Refs', refs, 'right')} ` : ''}
			{pullRequests > 0 ? `${fit('Pull requests', pullRequests)} ` : ''}
			{cut('Since the one before', changes)}
		</Line>
	);
}

export function SnapshotRow({
	snapshot,
	changes,
	isSelected,
	isMarked,
	columns,
}: {
	readonly snapshot: ListedSnapshot;
	/** What changed; undefined while it is not known. */
	readonly changes: string | undefined;
	readonly isSelected: boolean;
	readonly isMarked: boolean;
	readonly columns: SnapshotColumns;
}): ReactNode {
	const {signs, display} = useShell();
	const state = snapshotState(snapshot, signs);
	if (display.isScreenReader) {
		const {id, plan, refs, pullRequests} = snapshot;
		return (
			<SpokenLine
				isSelected={isSelected}
				parts={[
					isMarked ? 'marked' : undefined,
					snapshotTimeText(id, true),
					`${state.sign} ${state.word}`,
					plan === undefined ? undefined : `made by ${plan}`,
					refs === undefined || !columns.hasGit ? undefined : plural(refs, 'ref'),
					pullRequests === undefined || !columns.hasGit ? undefined : plural(pullRequests, 'pull request'),
					changes === undefined ? 'what changed is being read' : changes,
				]}
			/>
		);
	}

	const count = (value: number | undefined): string => (value === undefined ? '?' : numberText(value));
	return (
		<Line tone={isSelected ? 'selected' : 'plain'}>
			{isSelected ? signs.cursor : ' '}
			<Text {...lookOf(isMarked ? 'accent' : 'plain')}>{isMarked ? '*' : ' '}</Text>
			{fit(snapshotTimeText(snapshot.id, columns.when >= timeWidth), columns.when)}{' '}
			<Text {...lookOf(state.tone)}>
				{fit(columns.state > 1 ? `${state.sign} ${state.word}` : state.sign, columns.state)}
			</Text>{' '}
			{columns.plan > 0 ? `${fit(snapshot.plan ?? '?', columns.plan)} ` : ''}
			{columns.refs > 0 ? `${fit(count(snapshot.refs), columns.refs, 'right')} ` : ''}
			{columns.pullRequests > 0 ? `${fit(count(snapshot.pullRequests), columns.pullRequests, 'right')} ` : ''}
			{changes === undefined ? (
				<Text {...lookOf('muted')}>{signs.ellipsis}</Text>
			) : (
				cut(changes, columns.changes)
			)}
		</Line>
	);
}

/** What a snapshot lacks, as sign and word. */
export function snapshotState(
	{lacks, plan}: ListedSnapshot,
	signs: Signs,
): {readonly tone: Tone; readonly sign: string; readonly word: string} {
	if (plan === undefined) {
		return {tone: 'bad', sign: signs.bad, word: 'unreadable'};
	}

	return lacks > 0
		? {tone: 'attention', sign: signs.attention, word: `${numberText(lacks)} missing`}
		: {tone: 'good', sign: signs.good, word: 'complete'};
}
