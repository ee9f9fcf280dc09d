import {Text} from 'ink';
import type {ReactNode} from 'react';
import type {RepositoryTile} from '../../../actions/repositories.ts';
import type {RepositoryBackup} from '../../../actions/repository-backups.ts';
import {cut, fit} from '../../cells.ts';
import {Line} from '../../components/line.tsx';
import {Screen} from '../../components/screen.tsx';
import {useShell} from '../../shell.ts';
import {lookOf, type Signs} from '../../theme.ts';
import {useList} from '../../use-list.ts';
import {type Loaded, useLoaded} from '../../use-loaded.ts';
import {bytesText, daysText, momentText, numberText} from '../../words.ts';
import {backupText} from '../devops/tile.tsx';
import {busyText} from '../snapshots/backup-state.ts';

type Section = {
	readonly name: string;
	readonly text: string;
	/** What Enter does there, as it is written beside it. */
	readonly verb: 'Edit' | 'Open';
	readonly open: (() => void) | undefined;
};

/** A repository: what is known of it, the plans that cover it, and the credentials that it is reached with. */
export function RepositoryScreen({
	workspace,
	repository,
}: {
	readonly workspace: string;
	readonly repository: string;
}): ReactNode {
	const {services, size, frame, signs, go, cache} = useShell();
	const known = useLoaded(`known ${workspace}`, async () => services.knownRepositories(workspace));
	const credentials = useLoaded(`credentials ${workspace}`, async () => services.credentials(workspace));
	const backups = useLoaded(`backups ${workspace}/${repository}`, async signal =>
		services.backups(workspace, repository, signal),
	);
	const listed = cache.get(`repositories ${workspace}`) as readonly RepositoryTile[] | undefined;
	const tile = [...(listed ?? []), ...(known.value ?? [])].find(({slug}) => slug === repository);
	const additional = (credentials.value ?? []).filter(({isPrimary}) => !isPrimary);

	const sections: readonly Section[] = [
		{
			name: `Additional credentials (${additional.length})`,
			text:
				additional.length === 0
					? 'none: requests go through the primary credential alone'
					: additional.map(({label}) => label).join(', '),
			verb: 'Edit',
			open: () => go({type: 'open', place: {screen: 'credentials', workspace, repository}}),
		},
		{
			name: `Plans (${tile?.plans.length ?? 0})`,
			text: tile === undefined || tile.plans.length === 0 ? 'no plan covers it' : tile.plans.join(', '),
			verb: 'Edit',
			open: () => go({type: 'open', place: {screen: 'plans'}}),
		},
		...snapshotSections(backups, signs, ({plan, folder}) =>
			go({type: 'open', place: {screen: 'snapshots', workspace, repository, backup: {plan, folder}}}),
		),
	];
	const list = useList('sections', sections, sections.length);
	// What one came for is always there; of what is known, as much as fits above it.
	const hint = frame.body.rows >= 14;
	const factRows = Math.max(0, frame.body.rows - sections.length - (hint ? 3 : 1));
	const isNarrow = size.columns < 60;
	const nameWidth = isNarrow ? size.columns - 12 : 30;
	const textWidth = isNarrow ? 0 : size.columns - nameWidth - 14;

	return (
		<Screen
			commands={[
				...list.commands,
				{
					id: 'open',
					run: () => list.selected?.open?.(),
					unavailable: list.selected?.open === undefined ? list.selected?.text : undefined,
				},
				{
					id: 'edit',
					label: 'Edit',
					run: () => list.selected?.open?.(),
					unavailable: list.selected?.open === undefined ? list.selected?.text : undefined,
				},
				{
					id: 'snapshots',
					run: () => go({type: 'open', place: {screen: 'snapshots', workspace, repository}}),
				},
				{
					id: 'reload',
					run: () => {
						known.reload();
						credentials.reload();
						backups.reload();
					},
				},
			]}
		>
			{factsOf(tile, repository, signs, services.now())
				.slice(0, factRows)
				.map(([name, value]) => (
					<Line key={name}>
						{'  '}
						<Text {...lookOf('muted')}>{fit(name, 16)}</Text> {cut(value, size.columns - 22)}
					</Line>
				))}
			<Line />
			{sections.map((section, index) => (
				<Line key={`${section.name} ${section.text}`} tone={index === list.cursor ? 'selected' : 'plain'}>
					{index === list.cursor ? signs.cursor : ' '} {fit(section.name, nameWidth)}
					<Text {...lookOf('muted')}>{textWidth > 0 ? fit(section.text, textWidth) : ''}</Text>{' '}
					<Text {...lookOf('accent')}>{section.open === undefined ? '' : `[${section.verb}]`}</Text>
				</Line>
			))}
			{hint ? (
				<>
					<Line />
					<Line tone="muted">
						{cut(
							'Credentials belong to the organization: each of its plans can switch them on.',
							size.columns - 3,
						)}
					</Line>
				</>
			) : null}
		</Screen>
	);
}

/** A section for each destination that holds a backup of it. */
function snapshotSections(
	{value, problem}: Loaded<readonly RepositoryBackup[]>,
	signs: Signs,
	open: (backup: RepositoryBackup) => void,
): readonly Section[] {
	if (value === undefined || value.length === 0) {
		const text =
			problem ?? (value === undefined ? 'being read' : 'no backup of it is in the destination of any plan');
		return [{name: value === undefined ? 'Snapshots' : 'Snapshots (0)', text, verb: 'Open', open: undefined}];
	}

	return value.map(backup => ({
		name: `Snapshots (${backup.snapshots === undefined ? '?' : numberText(backup.snapshots)})`,
		text: backupSectionText(backup, signs),
		verb: 'Open',
		open: () => open(backup),
	}));
}

function backupSectionText({isBusy, problem, destination}: RepositoryBackup, signs: Signs): string {
	return isBusy === true ? `${busyText(signs)}, in ${destination}` : (problem ?? `in ${destination}`);
}

function factsOf(
	tile: RepositoryTile | undefined,
	repository: string,
	signs: Signs,
	now: number,
): ReadonlyArray<readonly [string, string]> {
	if (tile === undefined) {
		return [['Repository', repository]];
	}

	const {name, project, description, size, backup} = tile;
	return [
		['Repository', name],
		['Project', project === undefined ? signs.none : `${project.name} (${project.key})`],
		['Description', description === undefined || description === '' ? signs.none : description],
		['Size', size === undefined ? signs.none : `${bytesText(size)} at Bitbucket`],
		['Backup', backupText(tile, signs, now).text],
		['Last snapshot', backup?.snapshot === undefined ? signs.none : backup.snapshot],
		[
			'All data saved',
			backup?.lastBackupAt === undefined ? signs.none : momentText(backup.lastBackupAt, now),
		],
		['Verified', verifiedText(backup, signs, now)],
		['On disk', backup?.bytes === undefined ? signs.none : bytesText(backup.bytes)],
	];
}

/** When everything of its backup on disk was last read and found whole. */
function verifiedText(backup: RepositoryTile['backup'], signs: Signs, now: number): string {
	if (backup?.snapshot === undefined) {
		return signs.none;
	}

	return backup.verifiedAt === undefined ? 'never' : daysText(backup.verifiedAt, now);
}
