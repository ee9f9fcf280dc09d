import type {ComparedInWords, InspectedSnapshot} from '../../../actions/inspect-snapshot.ts';
import type {BackupKind} from '../../navigation.ts';
import {factLine, rowLines, type TextLine} from '../../text-lines.ts';
import type {Signs} from '../../theme.ts';
import {daysText, numberText, snapshotTimeText} from '../../words.ts';

/** What a snapshot is, and what it lacks and why. */
export function snapshotLines(
	snapshot: InspectedSnapshot,
	signs: Signs,
	now: number,
	kind?: BackupKind,
): readonly TextLine[] {
	const {plan, data, incomplete, problems, verifiedAt} = snapshot;
	const count = (value: number | undefined): string => (value === undefined ? '?' : numberText(value));
	return [
		factLine('Snapshot', snapshot.id),
		factLine('Made', `${snapshotTimeText(snapshot.at)}${plan === undefined ? '' : `, by the plan ${plan}`}`),
		factLine('Data', data.length === 0 ? '?' : data.join(', ')),
		// The workspace's own data have no Git, and a snippet has nothing but that.
		...(kind === 'workspace'
			? []
			: [factLine('Default branch', snapshot.head ?? signs.none), factLine('Refs', refsText(snapshot))]),
		...(kind === undefined
			? [
					factLine('Pull requests', count(snapshot.pullRequests)),
					factLine('LFS objects', count(snapshot.lfsObjects)),
					factLine('Downloads', count(snapshot.downloads)),
				]
			: []),
		factLine('Verified', verifiedAt === undefined ? 'not since it was made' : daysText(verifiedAt, now)),
		...(incomplete.length === 0
			? problems.length > 0
				? []
				: [{text: `${signs.good} It lacks nothing.`, tone: 'good' as const}]
			: [
					{text: ''},
					{text: `Missing, or from before (${numberText(incomplete.length)})`, tone: 'title' as const},
					...incomplete.map(({what, problem}) => ({
						text: `  ${signs.attention} ${what}: ${problem}`,
						tone: 'attention' as const,
					})),
				]),
		...(problems.length === 0
			? []
			: [
					{text: ''},
					{text: 'What else to know', tone: 'title' as const},
					...problems.map(text => ({text: `  ${text}`})),
				]),
	];
}

function refsText({refs, branches, tags, otherRefs}: InspectedSnapshot): string {
	const total = refs ?? branches + tags + otherRefs;
	return `${numberText(total)}: ${numberText(branches)} branches, ${numberText(tags)} tags${otherRefs > 0 ? `, ${numberText(otherRefs)} others` : ''}`;
}

/** Everything that changed between two snapshots. */
export function comparisonLines({text, sections}: ComparedInWords, width: number): readonly TextLine[] {
	return sections.length === 0
		? [{text: `  ${text}`}]
		: sections.flatMap(({title, rows}, index) => [
				...(index === 0 ? [] : [{text: ''}]),
				{text: `${title} (${numberText(rows.length)})`, tone: 'accent' as const},
				...rowLines(rows, width),
			]);
}
