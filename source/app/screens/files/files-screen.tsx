import {Text} from 'ink';
import type {ReactNode} from 'react';
import {cut, fit} from '../../cells.ts';
import {Line} from '../../components/line.tsx';
import {Screen} from '../../components/screen.tsx';
import {SpokenLine} from '../../components/spoken-line.tsx';
import {type BackupPlace, backupPlaceOf} from '../../navigation.ts';
import {useShell} from '../../shell.ts';
import {lookOf} from '../../theme.ts';
import {useFilteredList} from '../../use-filtered-list.tsx';
import {useLoaded} from '../../use-loaded.ts';
import {bytesText, plural} from '../../words.ts';
import {BackupReading} from '../backup-reading.tsx';
import {whyNothing} from '../reading.tsx';

const sizeWidth = 8;

/** What a snapshot holds beside Git and pull requests, file by file, by what people call them. */
export function FilesScreen(place: BackupPlace & {readonly snapshot: string}): ReactNode {
	const {services, size, frame, signs, display, go} = useShell();
	const {backup, snapshot} = place;
	const loaded = useLoaded(`files ${backup.plan} ${backup.folder} ${snapshot}`, async signal =>
		services.snapshotFiles(backup, snapshot, signal),
	);
	const all = loaded.value?.files ?? [];
	const list = useFilteredList('files', {
		items: all,
		textOf: ({path, label}) => `${label} ${path}`,
		rows: frame.body.rows,
	});
	const width = size.columns - 2;
	const labelWidth = Math.max(16, Math.floor((width - sizeWidth - 4) / 2));
	const {selected} = list;
	return (
		<Screen
			status={list.position === '' ? plural(list.left, 'file') : list.position}
			{...list.keysWith([
				{
					id: 'open',
					label: 'read',
					run: () => {
						if (selected !== undefined) {
							go({
								type: 'open',
								place: {screen: 'file', ...backupPlaceOf(place), snapshot, path: selected.path},
							});
						}
					},
					unavailable:
						selected === undefined
							? whyNothing({...loaded, value: loaded.value?.files}, 'There is no file in this snapshot.')
							: undefined,
				},
			])}
		>
			{list.filterLine}
			<BackupReading loaded={loaded} what="the files" />
			{loaded.value !== undefined && all.length === 0 ? (
				<Line tone="muted">There is no file in this snapshot.</Line>
			) : null}
			{list.visible.map(({item, index}) =>
				display.isScreenReader ? (
					<SpokenLine
						key={item.path}
						isSelected={index === list.cursor}
						parts={[item.label, bytesText(item.bytes), item.path]}
					/>
				) : (
					<Line key={item.path} tone={index === list.cursor ? 'selected' : 'plain'}>
						{index === list.cursor ? signs.cursor : ' '} {fit(item.label, labelWidth)}{' '}
						{fit(bytesText(item.bytes), sizeWidth, 'right')}{' '}
						<Text {...lookOf('muted')}>{cut(item.path, width - labelWidth - sizeWidth - 4)}</Text>
					</Line>
				),
			)}
		</Screen>
	);
}
