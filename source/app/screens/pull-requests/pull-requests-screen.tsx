import {Text} from 'ink';
import type {ReactNode} from 'react';
import type {SavedPullRequests} from '../../../actions/show-pull-request.ts';
import {fit} from '../../cells.ts';
import {Line} from '../../components/line.tsx';
import {Screen} from '../../components/screen.tsx';
import {SpokenLine} from '../../components/spoken-line.tsx';
import {type BackupPlace, backupPlaceOf} from '../../navigation.ts';
import {useShell} from '../../shell.ts';
import {lookOf} from '../../theme.ts';
import {useFilteredList} from '../../use-filtered-list.tsx';
import {useLoaded} from '../../use-loaded.ts';
import {plural} from '../../words.ts';
import {BackupReading} from '../backup-reading.tsx';

type SavedPullRequest = SavedPullRequests['pullRequests'][number];

/** The pull requests that a snapshot holds, the newest first. */
export function PullRequestsScreen(place: BackupPlace & {readonly snapshot: string}): ReactNode {
	const {backup, snapshot} = place;
	const {services, size, frame, go} = useShell();
	const loaded = useLoaded(`pull requests ${backup.plan} ${backup.folder} ${snapshot}`, async signal =>
		services.pullRequests(backup, snapshot, signal),
	);
	const all = loaded.value?.pullRequests ?? [];
	const list = useFilteredList('pull requests', {
		items: all,
		textOf: filteredText,
		rows: frame.body.rows - 1,
	});
	const width = size.columns - 2;
	const open = (): void => {
		if (list.selected !== undefined) {
			const {number} = list.selected;
			go({type: 'open', place: {screen: 'pull-request', ...backupPlaceOf(place), snapshot, number}});
		}
	};

	return (
		<Screen
			status={list.position === '' ? plural(list.left, 'pull request') : list.position}
			{...list.keysWith([
				{
					id: 'open',
					run: open,
					unavailable: list.selected === undefined ? 'There is no pull request here.' : undefined,
				},
			])}
		>
			<BackupReading loaded={loaded} what="the pull requests" />
			{list.filterLine}
			{loaded.value !== undefined && all.length === 0 ? (
				<Line tone="muted">There are no pull requests in this snapshot.</Line>
			) : null}
			{list.left === 0 ? null : <Heading width={width} />}
			{list.visible.map(({item, index}) => (
				<PullRequestRow
					key={item.number}
					pullRequest={item}
					isSelected={index === list.cursor}
					width={width}
				/>
			))}
		</Screen>
	);
}

function filteredText({number, state, title, author}: SavedPullRequest): string {
	return `#${number} ${state ?? ''} ${title ?? ''} ${author ?? ''}`;
}

/** Cells of each column; 0 where there is no room for it. */
function columnsOf(width: number) {
	const author = width >= 70 ? 20 : 0;
	const updated = width >= 100 ? 11 : 0;
	const state = width >= 60 ? 11 : 9;
	const used = 2 + 8 + state + (author > 0 ? author + 1 : 0) + (updated > 0 ? updated + 1 : 0) + 2;
	return {number: 7, state, author, updated, title: Math.max(4, width - used)};
}

function Heading({width}: {readonly width: number}): ReactNode {
	const {display} = useShell();
	const {number, state, author, updated, title} = columnsOf(width);
	return display.isScreenReader ? null : (
		<Line tone="muted">
			{'  '}
			{fit('Number', number)} {fit('State', state)} {fit('Title', title)}
			{author > 0 ? ` ${fit('Author', author)}` : ''}
			{updated > 0 ? ` ${fit('Changed', updated)}` : ''}
		</Line>
	);
}

function PullRequestRow({
	pullRequest,
	isSelected,
	width,
}: {
	readonly pullRequest: SavedPullRequest;
	readonly isSelected: boolean;
	readonly width: number;
}): ReactNode {
	const {signs, display} = useShell();
	const columns = columnsOf(width);
	const {number, state, title, author, updated} = pullRequest;
	if (display.isScreenReader) {
		return (
			<SpokenLine
				isSelected={isSelected}
				parts={[
					`#${number}`,
					state ?? undefined,
					title ?? 'it cannot be read',
					author === null ? undefined : `by ${author}`,
					updated === null ? undefined : `changed ${updated.slice(0, 10)}`,
				]}
			/>
		);
	}

	return (
		<Line tone={isSelected ? 'selected' : 'plain'}>
			{isSelected ? signs.cursor : ' '} {fit(`#${number}`, columns.number)}{' '}
			<Text {...lookOf(state === 'OPEN' ? 'accent' : 'muted')}>{fit(state ?? '?', columns.state)}</Text>{' '}
			{fit(title ?? '(cannot be read)', columns.title)}
			{columns.author > 0 ? ` ${fit(author ?? '?', columns.author)}` : ''}
			{columns.updated > 0 ? ` ${fit(updated?.slice(0, 10) ?? '?', columns.updated)}` : ''}
		</Line>
	);
}
