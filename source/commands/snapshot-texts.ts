import {changesSections, changesText, refText} from '../actions/changes-text.ts';
import type {ComparedSnapshots, SnapshotSummary, SnapshotWithChanges} from '../actions/snapshots.ts';
import type {RefChanges, SnapshotChanges} from '../backup/reading/snapshot-changes.ts';
import {formatNumber} from '../runs/amounts.ts';
import {sanitize} from '../system/sanitize.ts';
import {tableLines} from './table.ts';

/** A row for each repository: its newest snapshot, and how many there are. */
export function overviewRows(snapshots: readonly SnapshotSummary[], empty: readonly string[]): string[][] {
	const byFolder = new Map<string, SnapshotSummary[]>();
	for (const snapshot of snapshots) {
		byFolder.set(snapshot.folder, [...(byFolder.get(snapshot.folder) ?? []), snapshot]);
	}

	const timesOf = new Map<string, number>();
	for (const [newest] of byFolder.values()) {
		const name = newest?.repository ?? '';
		timesOf.set(name, (timesOf.get(name) ?? 0) + 1);
	}

	return [
		...[...byFolder.values()].flatMap(all => {
			const [newest] = all;
			if (newest === undefined) {
				return [];
			}

			return [
				[
					(timesOf.get(newest.repository) === 1 ? newest.repository : newest.folder) +
						(newest.kind === 'snippet' ? ' (snippet)' : ''),
					formatNumber(all.length),
					newest.snapshot,
					countText(newest.refs),
					countText(newest.pullRequests),
					dayText(newest.verifiedAt),
					newest.problems.length === 0 ? '' : newest.problems.join('; '),
				],
			];
		}),
		...empty.map(name => [name, '0', '–', '–', '–', '–', '']),
	];
}

/** A row for each snapshot of a repository, with what changed. */
export function historyRows(snapshots: readonly SnapshotWithChanges[]): string[][] {
	return snapshots.map(({snapshot, refs, pullRequests, verifiedAt, changes, problems}) => [
		snapshot,
		countText(refs),
		countText(pullRequests),
		dayText(verifiedAt),
		[
			changes === null ? 'the first one' : changesText(changes),
			...problems.map(problem => `(${problem})`),
		].join(' '),
	]);
}

/** Two snapshots, and below them all that changed. */
export function comparisonLines({
	repository,
	before,
	after,
	changes,
	details,
}: ComparedSnapshots): readonly string[] {
	const sections = changesSections(changes, details);
	return [
		`${sanitize(repository)}: ${before} → ${after}`,
		...(sections.length === 0 ? [changesText(changes)] : []),
		...sections.flatMap(({title, rows}) => ['', title, ...tableLines(rows).map(line => `  ${line}`)]),
	];
}

/** Changes as JSON, names of refs as text. */
export function changesJson(changes: SnapshotChanges) {
	const refs = ({added, moved, removed}: RefChanges) => ({
		added: added.map(({name, id}) => ({name: refText(name), id})),
		moved: moved.map(({name, before, after, isForward}) => ({
			name: refText(name),
			before,
			after,
			isForward: isForward ?? null,
		})),
		removed: removed.map(({name, id}) => ({name: refText(name), id})),
	});
	const {head, branches, tags, otherRefs, pullRequests, pipelines, files} = changes;
	const headText = (name: string | undefined): string | null => (name === undefined ? null : refText(name));
	return {
		text: changesText(changes),
		head: head === undefined ? null : {before: headText(head.before), after: headText(head.after)},
		branches: refs(branches),
		tags: refs(tags),
		otherRefs: refs(otherRefs),
		pullRequests,
		pipelines,
		files,
	};
}

function countText(count: number | null): string {
	return count === null ? '?' : formatNumber(count);
}

function dayText(at: string | null): string {
	return at === null ? '–' : at.slice(0, 10);
}
