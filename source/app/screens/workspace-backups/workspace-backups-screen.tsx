import {Text} from 'ink';
import type {ReactNode} from 'react';
import type {WorkspaceBackup} from '../../../actions/workspace-backups.ts';
import {cut, fit} from '../../cells.ts';
import {Line} from '../../components/line.tsx';
import {Screen} from '../../components/screen.tsx';
import {SpokenLine} from '../../components/spoken-line.tsx';
import {useShell} from '../../shell.ts';
import {lookOf, type Signs, type Tone} from '../../theme.ts';
import {useFilteredList} from '../../use-filtered-list.tsx';
import {useLoaded} from '../../use-loaded.ts';
import {daysText, numberText, plural} from '../../words.ts';
import {Reading, whyNothing} from '../reading.tsx';
import {busyText} from '../snapshots/backup-state.ts';

const none =
	'There is no backup of the workspace or its snippets yet: a plan saves them where its data name workspace and snippets.';

/** The backups of a workspace's own data (projects, members, permissions …), and of its snippets. */
export function WorkspaceBackupsScreen({workspace}: {readonly workspace: string}): ReactNode {
	const {services, size, frame, go} = useShell();
	const loaded = useLoaded(`workspace backups ${workspace}`, async signal =>
		services.workspaceBackups(workspace, signal),
	);
	const hasHeading = frame.body.rows >= 12;
	const list = useFilteredList('workspace backups', {
		items: loaded.value ?? [],
		textOf: one => `${nameOf(one)} ${one.title ?? ''}`,
		rows: frame.body.rows - (hasHeading ? 1 : 0),
	});
	const width = size.columns - 2;
	const {selected} = list;
	const open = (): void => {
		if (selected !== undefined) {
			const {plan, folder, kind} = selected;
			go({
				type: 'open',
				place: {screen: 'snapshots', workspace, repository: nameOf(selected), kind, backup: {plan, folder}},
			});
		}
	};

	return (
		<Screen
			status={list.position === '' ? plural(list.left, 'backup') : list.position}
			{...list.keysWith([
				{
					id: 'open',
					label: 'Snapshots',
					run: open,
					unavailable: selected === undefined ? whyNothing(loaded, none) : undefined,
				},
				{id: 'reload', run: loaded.reload},
			])}
		>
			{list.filterLine}
			<Reading loaded={loaded} what="the backups" empty={none} />
			{hasHeading && list.left > 0 ? <Heading width={width} /> : null}
			{list.visible.map(({item, index}) => (
				<BackupRow
					key={`${item.destination} ${item.folder}`}
					backup={item}
					isSelected={index === list.cursor}
					width={width}
				/>
			))}
		</Screen>
	);
}

/** `workspace acme`, `snippet kMB7x` */
function nameOf({kind, name}: WorkspaceBackup): string {
	return `${kind} ${name}`;
}

/** Cells of each column; 0 where there is no room for it. */
function columnsOf(width: number) {
	const name = Math.max(16, Math.min(24, Math.floor(width / 3)));
	const snapshots = width >= 60 ? 9 : 0;
	const state = width >= 60 ? 22 : 17;
	const destination = width >= 100 ? 28 : 0;
	const used =
		2 + name + 1 + (snapshots > 0 ? snapshots + 2 : 0) + state + (destination > 0 ? destination + 1 : 0);
	return {name, snapshots, state, destination, title: width - used - 1};
}

function Heading({width}: {readonly width: number}): ReactNode {
	const {display} = useShell();
	const {name, snapshots, state, destination, title} = columnsOf(width);
	return display.isScreenReader ? null : (
		<Line tone="muted">
			{'  '}
			{fit('Backup', name)} {snapshots > 0 ? `${fit('Snapshots', snapshots)}  ` : ''}
			{fit('State', state)}
			{title >= 8 ? ` ${fit('Title', title)}` : ''}
			{destination > 0 ? ` ${cut('Destination', destination)}` : ''}
		</Line>
	);
}

function BackupRow({
	backup,
	isSelected,
	width,
}: {
	readonly backup: WorkspaceBackup;
	readonly isSelected: boolean;
	readonly width: number;
}): ReactNode {
	const {services, signs, display} = useShell();
	const columns = columnsOf(width);
	const {tone, text} = stateOf(backup, signs, services.now());
	const {snapshots, title, destination, problem} = backup;
	if (display.isScreenReader) {
		return (
			<SpokenLine
				isSelected={isSelected}
				parts={[
					nameOf(backup),
					snapshots === undefined ? undefined : plural(snapshots, 'snapshot'),
					text.replace(`${signs.none} `, ''),
					problem ?? title ?? ownText(backup),
					`in ${destination}`,
				]}
			/>
		);
	}

	return (
		<Line tone={isSelected ? 'selected' : 'plain'}>
			{isSelected ? signs.cursor : ' '} {fit(nameOf(backup), columns.name)}{' '}
			{columns.snapshots > 0
				? `${fit(snapshots === undefined ? '?' : numberText(snapshots), columns.snapshots, 'right')}  `
				: ''}
			<Text {...lookOf(tone)}>{fit(text, columns.state)}</Text>
			{columns.title >= 8 ? ` ${fit(problem ?? title ?? ownText(backup), columns.title)}` : ''}
			{columns.destination > 0 ? (
				<Text {...lookOf('muted')}> {cut(destination, columns.destination)}</Text>
			) : null}
		</Line>
	);
}

function ownText({kind}: WorkspaceBackup): string {
	return kind === 'workspace' ? 'projects, members, permissions' : '';
}

function stateOf(
	{isDamaged, isBusy, problem, frozen, verifiedAt}: WorkspaceBackup,
	signs: Signs,
	now: number,
): {readonly tone: Tone; readonly text: string} {
	if (isBusy) {
		return {tone: 'muted', text: busyText(signs)};
	}

	if (isDamaged || problem !== undefined) {
		return {tone: 'bad', text: `${signs.bad} ${isDamaged ? 'damaged' : 'unreadable'}`};
	}

	if (frozen !== undefined) {
		return {tone: 'attention', text: `${signs.attention} frozen`};
	}

	return verifiedAt === undefined
		? {tone: 'muted', text: `${signs.none} never verified`}
		: {tone: 'good', text: `${signs.good} verified ${daysText(verifiedAt, now)}`};
}
