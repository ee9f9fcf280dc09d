import type {ForgottenMirror} from '../../../actions/forget.ts';
import {forgottenCounts, forgottenRows} from '../../../actions/forgotten-text.ts';
import {rowLines, type TextLine} from '../../text-lines.ts';
import type {Signs} from '../../theme.ts';
import {snapshotTimeText} from '../../words.ts';
import {dayText} from '../snapshots/backup-state.ts';

/** What would stay and why, and what would go; or what went. The newest first, as in the list of snapshots. */
export function forgottenLines(
	mirror: ForgottenMirror,
	{
		rules,
		isDone,
		signs,
		width,
	}: {
		/** The plan's rules, as people write them. */
		readonly rules: string;
		readonly isDone: boolean;
		readonly signs: Signs;
		readonly width: number;
	},
): readonly TextLine[] {
	const {view, failure} = mirror;
	if (view === undefined) {
		return [{text: `${signs.bad} ${failure ?? 'It could not be looked at.'}`, tone: 'bad'}];
	}

	const rows = forgottenRows(mirror, !isDone).toReversed();
	const lines = rowLines(
		rows.map(([id, what, why]) => [snapshotTimeText(id, width >= 60), what, why]),
		width,
	);
	return [
		{
			text: `${isDone ? `${signs.good} ` : ''}${forgottenCounts(mirror, !isDone)}`,
			tone: isDone ? 'good' : 'title',
		},
		{text: `The rules of the plan: ${rules === '' ? 'every snapshot is kept' : rules}`, tone: 'muted'},
		...(view.frozen === undefined ? [] : [frozenLine(view.frozen, signs)]),
		...view.problems.map(text => ({text: `${signs.attention} ${text}`, tone: 'attention' as const})),
		{text: ''},
		...lines.map((line, index) => ({
			...line,
			tone: rows[index]?.[1] === 'stays' ? ('plain' as const) : ('attention' as const),
		})),
	];
}

/** Since when nothing is removed, why, and what to do about it. */
export function frozenLine(
	{since, reason}: {readonly since: string; readonly reason: string},
	signs: Signs,
): TextLine {
	return {
		text: `${signs.attention} frozen since ${dayText(since)}: ${reason}. Look at what happened; c accepts it, and the rules hold again.`,
		tone: 'attention',
	};
}
