import {Box, Text} from 'ink';
import TextInput from 'ink-text-input';
import type {ReactNode} from 'react';
import type {SavedPullRequests} from '../../../actions/show-pull-request.ts';
import {cut, fit} from '../../cells.ts';
import {Line} from '../../components/line.tsx';
import {Screen} from '../../components/screen.tsx';
import type {BackupPlace} from '../../navigation.ts';
import {useShell} from '../../shell.ts';
import {lookOf} from '../../theme.ts';
import {useList} from '../../use-list.ts';
import {useLoaded} from '../../use-loaded.ts';
import {useRemembered} from '../../use-remembered.ts';
import {plural} from '../../words.ts';
import {BackupReading} from '../backup-reading.tsx';

type SavedPullRequest = SavedPullRequests['pullRequests'][number];

/** The pull requests that a snapshot holds, the newest first. */
export function PullRequestsScreen({
	workspace,
	repository,
	backup,
	snapshot,
}: BackupPlace & {readonly snapshot: string}): ReactNode {
	const {services, size, frame, go, question} = useShell();
	const [filter, setFilter] = useRemembered('filter', '');
	const [isFiltering, setFiltering] = useRemembered('filtering', false);
	const loaded = useLoaded(`pull requests ${backup.plan} ${backup.folder} ${snapshot}`, async signal =>
		services.pullRequests(backup, snapshot, signal),
	);
	const all = loaded.value?.pullRequests ?? [];
	const shown = filter === '' ? all : all.filter(one => isMatch(one, filter));
	const hasFilter = isFiltering || filter !== '';
	const list = useList('pull requests', shown, frame.body.rows - 1 - (hasFilter ? 1 : 0));
	const width = size.columns - 2;
	const open = (): void => {
		if (list.selected !== undefined) {
			const {number} = list.selected;
			go({type: 'open', place: {screen: 'pull-request', workspace, repository, backup, snapshot, number}});
		}
	};

	return (
		<Screen
			status={list.position === '' ? plural(shown.length, 'pull request') : list.position}
			isTyping={isFiltering}
			inner={
				hasFilter
					? {
							close: () => {
								setFilter('');
								setFiltering(false);
							},
						}
					: undefined
			}
			commands={
				isFiltering
					? [{id: 'enterField', run: () => setFiltering(false)}]
					: [
							...list.commands,
							{
								id: 'open',
								run: open,
								unavailable: list.selected === undefined ? 'There is no pull request here.' : undefined,
							},
							{id: 'filter', run: () => setFiltering(true)},
						]
			}
		>
			<BackupReading loaded={loaded} what="the pull requests" />
			{hasFilter ? (
				<Box height={1} flexShrink={0}>
					<Text {...lookOf('accent')}>/ </Text>
					<TextInput value={filter} onChange={setFilter} focus={isFiltering && question === undefined} />
				</Box>
			) : null}
			{loaded.value !== undefined && shown.length === 0 ? (
				<Line tone="muted">
					{cut(
						filter === '' ? 'There are no pull requests in this snapshot.' : `nothing contains "${filter}"`,
						width,
					)}
				</Line>
			) : null}
			{shown.length === 0 ? null : <Heading width={width} />}
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

function isMatch({number, state, title, author}: SavedPullRequest, filter: string): boolean {
	return `#${number} ${state ?? ''} ${title ?? ''} ${author ?? ''}`
		.toLowerCase()
		.includes(filter.toLowerCase());
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
	const {number, state, author, updated, title} = columnsOf(width);
	return (
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
	const {signs} = useShell();
	const columns = columnsOf(width);
	const {number, state, title, author, updated} = pullRequest;
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
