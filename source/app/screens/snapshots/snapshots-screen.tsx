import type {ReactNode} from 'react';
import type {RepositoryBackup} from '../../../actions/repository-backups.ts';
import type {ListedSnapshot} from '../../../actions/repository-snapshots.ts';
import type {BackupOf} from '../../backup-services.ts';
import {cut} from '../../cells.ts';
import {Line} from '../../components/line.tsx';
import {Paragraph} from '../../components/paragraph.tsx';
import {Screen} from '../../components/screen.tsx';
import {Spinner} from '../../components/spinner.tsx';
import {TextWindow} from '../../components/text-window.tsx';
import {type BackupKind, type BackupPlace, backupPlaceOf, type Place} from '../../navigation.ts';
import {useShell} from '../../shell.ts';
import {firstLines, type TextLine, wrapLines} from '../../text-lines.ts';
import {useList} from '../../use-list.ts';
import {useLoaded} from '../../use-loaded.ts';
import {useRemembered} from '../../use-remembered.ts';
import {plural} from '../../words.ts';
import {BackupReading} from '../backup-reading.tsx';
import {aboutSnapshot} from './about-snapshot.ts';
import {backupStateLines} from './backup-state.ts';
import {SnapshotHeading, SnapshotRow, snapshotColumns} from './snapshot-row.tsx';
import {type Changes, useChanges} from './use-changes.ts';

/** From so many lines on there is room for a heading, and for all that is known of the selected one. */
const comfortableRows = 14;

/** The snapshots of a repository's backup, the newest first, with what changed from one to the next. */
export function SnapshotsScreen({
	workspace,
	repository,
	kind,
	backup,
}: {
	readonly workspace: string;
	readonly repository: string;
	readonly kind?: BackupKind;
	readonly backup?: BackupOf;
}): ReactNode {
	const {services, size, frame, signs, go} = useShell();
	const [marked, setMarked] = useRemembered<string | undefined>('marked', undefined);
	// Called by its folder, it need not be looked for.
	const backups = useLoaded(
		backup === undefined ? `backups ${workspace}/${repository}` : 'no backups',
		async signal => (backup === undefined ? services.backups(workspace, repository, signal) : []),
	);
	const of = backup ?? backups.value?.[0];
	const loaded = useLoaded(`snapshots ${of?.plan ?? ''} ${of?.folder ?? ''}`, async signal =>
		of === undefined ? undefined : services.snapshots(of, signal),
	);
	const snapshots = loaded.value?.snapshots ?? [];
	const width = size.columns - 2;
	const {rows} = frame.body;
	const isComfortable = rows >= comfortableRows;
	const state =
		loaded.value === undefined
			? []
			: firstLines(
					wrapLines(
						[...backupStateLines(loaded.value, signs, services.now()), ...otherBackups(backups.value ?? [])],
						width,
					),
					isComfortable ? 6 : 3,
					width,
				);
	const aboutRows = isComfortable ? Math.max(4, Math.min(10, Math.floor(rows / 4))) : 0;
	const listRows = Math.max(1, rows - state.length - (isComfortable ? 2 + aboutRows + 1 : 0));
	const list = useList('snapshots', snapshots, listRows);
	const {selected} = list;
	const changes = useChanges(
		of,
		list.visible.map(({item}) => item),
	);
	const nothing =
		selected === undefined
			? loaded.value === undefined
				? 'Nothing was read yet.'
				: 'There is no snapshot yet.'
			: undefined;

	const openHere = (place: (here: BackupPlace, snapshot: string) => Place): void => {
		if (of !== undefined && selected !== undefined) {
			go({type: 'open', place: place(placeOf(of), selected.id)});
		}
	};

	const placeOf = ({plan, folder}: BackupOf): BackupPlace =>
		backupPlaceOf({workspace, repository, backup: {plan, folder}, ...(kind === undefined ? {} : {kind})});

	const mark = (): void => {
		if (marked === undefined || marked === selected?.id) {
			setMarked(marked === undefined ? selected?.id : undefined);
			return;
		}

		openHere((here, id) => {
			const [before = id, after = id] = [marked, id].sort();
			return {screen: 'comparison', ...here, before, after};
		});
	};

	return (
		<Screen
			status={list.position === '' ? plural(snapshots.length, 'snapshot') : list.position}
			inner={marked === undefined ? undefined : {close: () => setMarked(undefined)}}
			commands={[
				...list.commands,
				{
					id: 'open',
					run: () => openHere((here, snapshot) => ({screen: 'snapshot', ...here, snapshot})),
					unavailable: nothing,
				},
				{
					id: 'mark',
					label: marked === undefined ? 'mark' : marked === selected?.id ? 'unmark' : 'compare',
					run: mark,
					unavailable: nothing,
				},
				{
					id: 'restore',
					run: () => openHere((here, snapshot) => ({screen: 'restore', ...here, snapshot})),
					unavailable: nothing,
				},
				{
					id: 'verify',
					// Also where the snapshots cannot be read: then it says why.
					run: () => {
						if (of !== undefined) {
							go({type: 'open', place: {screen: 'verification', ...placeOf(of)}});
						}
					},
					unavailable: of === undefined ? nothing : undefined,
				},
				{
					id: 'forget',
					run: () => openHere(here => ({screen: 'forget', ...here})),
					unavailable: nothing,
				},
			]}
		>
			<BackupReading
				loaded={
					of === undefined && (backups.problem !== undefined || backups.value !== undefined)
						? backups
						: loaded
				}
				what="the snapshots"
			/>
			{backups.value !== undefined && of === undefined ? (
				<Paragraph
					tone="muted"
					text="There is no backup of it in the destination of any plan yet. In Plans (2), r runs the selected plan."
					width={width}
				/>
			) : null}
			<TextWindow lines={state} first={0} height={state.length} width={width} />
			{loaded.value !== undefined && snapshots.length === 0 ? (
				<Paragraph
					tone="muted"
					text="There is no snapshot yet: no backup of it has come to its end."
					width={width}
				/>
			) : null}
			{snapshots.length === 0 ? null : (
				<Body
					snapshots={list.visible}
					cursor={list.cursor}
					marked={marked}
					changes={changes}
					kind={kind}
					aboutRows={aboutRows}
					width={width}
				/>
			)}
		</Screen>
	);
}

/** Where there are backups in several destinations, and none was chosen. */
function otherBackups(backups: readonly RepositoryBackup[]): readonly TextLine[] {
	const [first] = backups;
	return first === undefined || backups.length === 1
		? []
		: [
				{
					text: `One of ${backups.length} backups, the one in ${first.destination}: the repository’s Edit lists them all.`,
					tone: 'muted',
				},
			];
}

function Body({
	snapshots,
	cursor,
	marked,
	changes,
	kind,
	aboutRows,
	width,
}: {
	readonly snapshots: ReadonlyArray<{readonly item: ListedSnapshot; readonly index: number}>;
	readonly cursor: number;
	readonly marked: string | undefined;
	readonly changes: Changes;
	readonly kind: BackupKind | undefined;
	readonly aboutRows: number;
	readonly width: number;
}): ReactNode {
	const {signs} = useShell();
	const columns = snapshotColumns(width, kind !== 'workspace');
	const selected = snapshots.find(({index}) => index === cursor)?.item;
	const about =
		selected === undefined || aboutRows === 0
			? []
			: wrapLines(aboutSnapshot(selected, changes.textOf(selected), signs, kind), width).slice(0, aboutRows);
	return (
		<>
			{aboutRows > 0 ? <SnapshotHeading columns={columns} /> : null}
			{snapshots.map(({item, index}) => (
				<SnapshotRow
					key={item.id}
					snapshot={item}
					changes={changes.problem === undefined ? changes.textOf(item) : '?'}
					isSelected={index === cursor}
					isMarked={item.id === marked}
					columns={columns}
				/>
			))}
			{aboutRows === 0 ? null : changes.isReading ? (
				<Line tone="muted">
					<Spinner /> reading what changed {signs.ellipsis}
				</Line>
			) : (
				<Line tone="bad">
					{changes.problem === undefined ? ' ' : cut(`${signs.bad} ${changes.problem}`, width)}
				</Line>
			)}
			<TextWindow lines={about} first={0} height={aboutRows} width={width} />
		</>
	);
}
