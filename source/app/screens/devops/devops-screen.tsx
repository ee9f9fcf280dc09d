import {Box, Text} from 'ink';
import TextInput from 'ink-text-input';
import {type ReactNode, useRef} from 'react';
import type {OrganizationSummary} from '../../../actions/organizations.ts';
import type {RepositoryTile} from '../../../actions/repositories.ts';
import {cut, fit} from '../../cells.ts';
import {Line} from '../../components/line.tsx';
import {Screen} from '../../components/screen.tsx';
import {Spinner} from '../../components/spinner.tsx';
import type {Command} from '../../input/commands.ts';
import {listWindow, type TilesLayout, tilesLayout} from '../../layout.ts';
import {useShell} from '../../shell.ts';
import {lookOf} from '../../theme.ts';
import {useLoaded} from '../../use-loaded.ts';
import {useRemembered} from '../../use-remembered.ts';
import {plural} from '../../words.ts';
import {Reading} from '../reading.tsx';
import {Tile} from './tile.tsx';

/** Organizations at the left, the repositories of the selected one as tiles. */
export function DevopsScreen(): ReactNode {
	const {services, size, frame, signs, go, question} = useShell();
	const [chosen, setChosen] = useRemembered('organization', 0);
	const [cursor, setCursor] = useRemembered('repository', 0);
	const [focus, setFocus] = useRemembered<'organizations' | 'tiles' | 'filter'>('focus', 'tiles');
	const [filter, setFilter] = useRemembered('filter', '');
	const organizations = useLoaded('organizations', async () => services.organizations());
	const all = organizations.value ?? [];
	const organization = all[Math.min(chosen, all.length - 1)];
	const workspace = organization?.workspace ?? '';
	const repositories = useLoaded(`repositories ${workspace}`, async signal =>
		workspace === '' ? [] : services.repositories(workspace, signal),
	);
	// Shown until Bitbucket has answered, and where it does not.
	const known = useLoaded(`known ${workspace}`, async () =>
		workspace === '' ? [] : services.knownRepositories(workspace),
	);
	const listed = repositories.value ?? known.value ?? [];
	const tiles = listed.filter(({name, slug}) =>
		`${name} ${slug}`.toLowerCase().includes(filter.toLowerCase()),
	);
	const layout = tilesLayout(frame.body);
	const position = Math.max(0, Math.min(cursor, tiles.length - 1));
	const selected = tiles[position];

	const openOrganization = (): void => go({type: 'open', place: {screen: 'add-organization'}});
	const open = (): void => {
		if (focus === 'organizations') {
			setFocus('tiles');
		} else if (organization === undefined) {
			openOrganization();
		} else if (selected !== undefined) {
			go({type: 'open', place: {screen: 'repository', workspace, repository: selected.slug}});
		}
	};

	const moves: readonly Command[] =
		focus === 'organizations'
			? organizationMoves(Math.min(chosen, all.length - 1), all.length, setChosen, () => setFocus('tiles'))
			: tileMoves({
					position,
					count: tiles.length,
					layout,
					select: setCursor,
					leave: () => {
						if (layout.listWidth > 0 && all.length > 1) {
							setFocus('organizations');
						}
					},
				});
	const nothing = selected === undefined ? 'There is no repository here yet.' : undefined;
	const attention = listed.filter(needsAttention).length;
	const status = [
		organization === undefined ? '' : plural(tiles.length, 'repository', 'repositories'),
		attention > 0 ? `${attention} need attention` : '',
	]
		.filter(part => part !== '')
		.join(` ${signs.dot} `);

	return (
		<Screen
			trail={workspace === '' ? [] : [workspace]}
			status={status}
			isTyping={focus === 'filter'}
			inner={
				focus === 'filter' || filter !== ''
					? {
							close: () => {
								setFilter('');
								setFocus('tiles');
							},
						}
					: undefined
			}
			commands={
				focus === 'filter'
					? [{id: 'enterField', run: () => setFocus('tiles')}]
					: [
							...moves,
							{
								id: 'edit',
								run: () => {
									setFocus('tiles');
									open();
								},
								unavailable: nothing,
							},
							{id: 'open', run: open},
							{id: 'filter', run: () => setFocus('filter')},
							{
								id: 'reload',
								run: () => {
									organizations.reload();
									repositories.reload();
								},
							},
							{id: 'addOrganization', run: openOrganization},
						]
			}
		>
			{all.length === 0 ? (
				<FirstUse loaded={organizations} />
			) : (
				<Box height={frame.body.rows} flexShrink={0}>
					{layout.listWidth > 0 ? (
						<OrganizationList
							organizations={all}
							chosen={Math.min(chosen, all.length - 1)}
							isFocused={focus === 'organizations'}
							width={layout.listWidth}
							height={frame.body.rows}
						/>
					) : null}
					<Box flexDirection="column" flexShrink={0}>
						{focus === 'filter' || filter !== '' ? (
							<Box height={1} flexShrink={0}>
								<Text {...lookOf('accent')}>/ </Text>
								<TextInput
									value={filter}
									onChange={setFilter}
									focus={focus === 'filter' && question === undefined}
								/>
							</Box>
						) : null}
						<Reading
							loaded={repositories}
							what="the repositories from Bitbucket"
							empty="This workspace has no repositories that the primary credential can see."
						/>
						{repositories.isLoading && repositories.value !== undefined ? (
							<Line tone="muted">
								<Spinner /> reading anew {signs.ellipsis}
							</Line>
						) : null}
						{filter !== '' && tiles.length === 0 ? (
							<Line tone="muted">{cut(`nothing contains "${filter}"`, size.columns - 3)}</Line>
						) : null}
						<Tiles tiles={tiles} position={position} layout={layout} isFocused={focus !== 'organizations'} />
					</Box>
				</Box>
			)}
		</Screen>
	);
}

/** Whether the last backup was not what it should be. */
function needsAttention({backup, isUpstream}: RepositoryTile): boolean {
	return isUpstream && (backup?.status === 'partial' || backup?.status === 'failed');
}

function organizationMoves(
	chosen: number,
	count: number,
	select: (index: number) => void,
	leave: () => void,
): readonly Command[] {
	return [
		{id: 'up', run: () => select(Math.max(0, chosen - 1))},
		{id: 'down', run: () => select(Math.min(count - 1, chosen + 1))},
		{id: 'right', run: leave},
		{id: 'first', run: () => select(0)},
		{id: 'last', run: () => select(Math.max(0, count - 1))},
	];
}

function tileMoves({
	position,
	count,
	layout,
	select,
	leave,
}: {
	readonly position: number;
	readonly count: number;
	readonly layout: TilesLayout;
	readonly select: (index: number) => void;
	readonly leave: () => void;
}): readonly Command[] {
	const {tilesAcross, tilesDown} = layout;
	const last = Math.max(0, count - 1);
	const move = (by: number) => (): void => {
		const next = position + by;
		// A step beyond the edge stays; a page goes as far as it can.
		select(
			Math.abs(by) > tilesAcross
				? Math.max(0, Math.min(last, next))
				: next < 0 || next > last
					? position
					: next,
		);
	};

	return [
		{id: 'up', run: move(-tilesAcross)},
		{
			id: 'down',
			run: () =>
				select(
					position + tilesAcross <= last
						? position + tilesAcross
						: sameRow(position, last, tilesAcross)
							? position
							: last,
				),
		},
		{id: 'left', run: position % tilesAcross === 0 ? leave : move(-1)},
		{id: 'right', run: move(1)},
		{id: 'pageUp', run: move(-tilesAcross * tilesDown)},
		{id: 'pageDown', run: move(tilesAcross * tilesDown)},
		{id: 'first', run: () => select(0)},
		{id: 'last', run: () => select(last)},
	];
}

function sameRow(one: number, other: number, across: number): boolean {
	return Math.floor(one / across) === Math.floor(other / across);
}

function FirstUse({
	loaded,
}: {
	readonly loaded: ReturnType<typeof useLoaded<readonly OrganizationSummary[]>>;
}): ReactNode {
	const {size} = useShell();
	if (loaded.value === undefined) {
		return <Reading loaded={loaded} what="the organizations" empty="" />;
	}

	const lines = [
		'Welcome. Three steps lead to the first backup:',
		'',
		'1  o  connects a Bitbucket workspace with its primary credential',
		'2  e  on a repository: Additional credentials, Add new, for each account',
		'3  2  Plans: add one, switch the accounts on in its advanced settings;',
		'      there r runs it',
		'',
		'You need an API token with scopes: o says which, and where to make it.',
	];
	return (
		<Box flexDirection="column">
			{lines.map((line, index) => (
				<Line key={line === '' ? `gap ${index}` : line} tone={index === 0 ? 'title' : 'plain'}>
					{cut(line, size.columns - 3)}
				</Line>
			))}
		</Box>
	);
}

function OrganizationList({
	organizations,
	chosen,
	isFocused,
	width,
	height,
}: {
	readonly organizations: readonly OrganizationSummary[];
	readonly chosen: number;
	readonly isFocused: boolean;
	readonly width: number;
	readonly height: number;
}): ReactNode {
	const {signs} = useShell();
	const shown = listWindow({
		length: organizations.length,
		cursor: chosen,
		height: Math.max(1, height - 2),
		first: 0,
	});
	return (
		<Box flexDirection="column" width={width} flexShrink={0}>
			<Line tone="muted">Organizations</Line>
			{organizations.slice(shown.first, shown.first + shown.count).map(({workspace}, offset) => {
				const isChosen = shown.first + offset === chosen;
				return (
					<Line key={workspace} tone={isChosen ? 'selected' : 'plain'}>
						{isChosen ? (isFocused ? signs.cursor : signs.dot) : ' '} {fit(workspace, width - 3)}
					</Line>
				);
			})}
			<Line tone="muted">{'  '}o adds one</Line>
		</Box>
	);
}

function Tiles({
	tiles,
	position,
	layout,
	isFocused,
}: {
	readonly tiles: readonly RepositoryTile[];
	readonly position: number;
	readonly layout: TilesLayout;
	readonly isFocused: boolean;
}): ReactNode {
	const {tilesAcross, tilesDown} = layout;
	const first = useRef(0);
	const rows = Math.ceil(tiles.length / tilesAcross);
	const shown = listWindow({
		length: rows,
		cursor: Math.floor(position / tilesAcross),
		height: tilesDown,
		first: first.current,
	});
	first.current = shown.first;
	return (
		<>
			{Array.from({length: shown.count}, (_, offset) => {
				const start = (shown.first + offset) * tilesAcross;
				return (
					<Box key={start} flexShrink={0} gap={1} height={layout.tileHeight}>
						{tiles.slice(start, start + tilesAcross).map((tile, column) => (
							<Tile
								key={tile.uuid}
								tile={tile}
								isSelected={isFocused && start + column === position}
								width={layout.tileWidth}
							/>
						))}
					</Box>
				);
			})}
		</>
	);
}
