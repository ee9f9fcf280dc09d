import {Box} from 'ink';
import type {ReactNode} from 'react';
import type {RepositoryTile} from '../../../actions/repositories.ts';
import {useExpiryNotice} from '../../components/expiry-notice.tsx';
import {FilterLine} from '../../components/filter-line.tsx';
import {Line} from '../../components/line.tsx';
import {Screen} from '../../components/screen.tsx';
import {Spinner} from '../../components/spinner.tsx';
import type {Command} from '../../input/commands.ts';
import {spokenTilesLayout, tilesLayout} from '../../layout.ts';
import {useShell} from '../../shell.ts';
import {useFilter} from '../../use-filter.ts';
import {useLoaded} from '../../use-loaded.ts';
import {useRemembered} from '../../use-remembered.ts';
import {numberText, plural} from '../../words.ts';
import {FirstStepsScreen} from '../first-steps/first-steps-screen.tsx';
import {useStepText} from '../first-steps/use-first-steps.ts';
import {Reading} from '../reading.tsx';
import {organizationMoves, tileMoves} from './moves.ts';
import {OrganizationList} from './organization-list.tsx';
import {Tiles} from './tiles.tsx';

/** Organizations at the left, the repositories of the selected one as tiles. */
export function DevopsScreen(): ReactNode {
	const {services, size, frame, signs, go, display} = useShell();
	const [chosen, setChosen] = useRemembered('organization', 0);
	const [cursor, setCursor] = useRemembered('repository', 0);
	const [wantedFocus, setFocus] = useRemembered<'organizations' | 'tiles'>('focus', 'tiles');
	const filter = useFilter('repositories');
	// What is filtered is gone to.
	const focus = filter.isTyped ? 'tiles' : wantedFocus;
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
	const tiles = listed.filter(({name, slug}) => filter.takes(`${name} ${slug}`));
	const notice = useExpiryNotice();
	const room = {...frame.body, rows: frame.body.rows - notice.rows};
	const layout = display.isScreenReader ? spokenTilesLayout(room) : tilesLayout(room);
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
		attention > 0 ? `${numberText(attention)} need attention` : '',
	]
		.filter(part => part !== '')
		.join(` ${signs.dot} `);

	const hasFirstSteps = useStepText() !== '';

	if (organizations.value?.length === 0) {
		return <FirstStepsScreen />;
	}

	return (
		<Screen
			trail={workspace === '' ? [] : [workspace]}
			status={status}
			isTyping={filter.isTyped}
			inner={filter.inner}
			commands={filter.withCommands(
				[
					...moves,
					...(hasFirstSteps
						? [
								{
									id: 'firstSteps' as const,
									run: () => go({type: 'open', place: {screen: 'first-steps'}}),
								},
							]
						: []),
					{
						id: 'edit',
						run: () => {
							setFocus('tiles');
							open();
						},
						unavailable: nothing,
					},
					{id: 'open', run: open},
					{
						id: 'snapshots',
						run: () => {
							if (selected !== undefined) {
								go({type: 'open', place: {screen: 'snapshots', workspace, repository: selected.slug}});
							}
						},
						unavailable: nothing,
					},
				],
				[
					{
						id: 'workspace',
						run: () => go({type: 'open', place: {screen: 'workspace-backups', workspace}}),
						unavailable: organization === undefined ? 'There is no organization yet.' : undefined,
					},
					{
						id: 'reload',
						run: () => {
							organizations.reload();
							repositories.reload();
						},
					},
					{id: 'addOrganization', run: openOrganization},
				],
			)}
		>
			{notice.body}
			{all.length === 0 ? (
				<Reading loaded={organizations} what="the organizations" empty="" />
			) : (
				<Box height={room.rows} flexShrink={0} flexDirection={display.isScreenReader ? 'column' : 'row'}>
					{layout.listWidth > 0 ? (
						<OrganizationList
							organizations={all}
							chosen={Math.min(chosen, all.length - 1)}
							isFocused={focus === 'organizations'}
							width={layout.listWidth}
							height={room.rows}
						/>
					) : null}
					<Box flexDirection="column" flexShrink={0}>
						<FilterLine filter={filter} left={tiles.length} />
						<Reading
							loaded={repositories}
							what="the repositories from Bitbucket"
							empty="This workspace has no repositories that the primary credential can see."
							width={size.columns - layout.listWidth - 3}
						/>
						{repositories.isLoading && repositories.value !== undefined ? (
							<Line tone="muted">
								<Spinner /> reading anew {signs.ellipsis}
							</Line>
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
