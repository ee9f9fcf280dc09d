import {Text} from 'ink';
import {type ReactNode, useState} from 'react';
import type {SettingsFact} from '../../../actions/settings.ts';
import {cut, fit, wrapped} from '../../cells.ts';
import {FilterLine, filterRows} from '../../components/filter-line.tsx';
import {Line} from '../../components/line.tsx';
import {Paragraph} from '../../components/paragraph.tsx';
import {Screen} from '../../components/screen.tsx';
import {Spinner} from '../../components/spinner.tsx';
import {useShell} from '../../shell.ts';
import {lookOf} from '../../theme.ts';
import {useFilter} from '../../use-filter.ts';
import {useList} from '../../use-list.ts';
import {useLoaded} from '../../use-loaded.ts';
import {Reading} from '../reading.tsx';
import {settingsRows} from './settings-rows.ts';
import {useNotificationCommands} from './use-notification-commands.ts';

/** Lines for the whole text of what is selected, with the empty one above it. */
const detailRows = 3;
/** From so many lines on there is room for them. */
const roomForDetails = 8;

/** A line of the list: the name of a section, or a fact in it. */
type SettingsRow = {readonly key: string; readonly heading: string} | (SettingsFact & {readonly key: string});

/** Where things lie, how it stands with the vault, how the screens are drawn and why, and the key map. */
export function SettingsScreen(): ReactNode {
	const {services, size, frame, signs, keys, display, isReadOnly} = useShell();
	const [isTesting, setTesting] = useState(false);
	const loaded = useLoaded('settings', async () => services.settings());
	const notificationCommands = useNotificationCommands({isTesting, setTesting, reload: loaded.reload});
	const filter = useFilter('settings');
	const all = settingsRows({facts: loaded.value ?? [], keys, display, isReadOnly});
	const left = all.filter(({section, name, value}) => filter.takes(`${section} ${name} ${value}`));
	const width = size.columns - 2;
	const nameWidth = size.columns >= 70 ? 26 : 16;
	const valueWidth = width - nameWidth - 5;
	const hasDetails = frame.body.rows >= roomForDetails;
	const isReading = loaded.value === undefined || loaded.problem !== undefined;
	const list = useList(
		'settings',
		withHeadings(left),
		frame.body.rows - filterRows(filter) - (hasDetails ? detailRows : 0) - (isReading || isTesting ? 1 : 0),
	);
	const {selected} = list;
	return (
		<Screen
			status={list.position}
			isTyping={filter.isTyped}
			inner={filter.inner}
			commands={filter.withCommands([
				...list.commands,
				...notificationCommands,
				{id: 'reload', run: loaded.reload},
			])}
		>
			<FilterLine filter={filter} left={left.length} />
			<Reading loaded={loaded} what="the settings" empty="" />
			{isTesting ? (
				<Line>
					<Spinner /> sending a test notification {signs.ellipsis}
				</Line>
			) : null}
			{list.visible.map(({item, index}) => (
				<RowLine
					key={item.key}
					row={item}
					isSelected={index === list.cursor}
					nameWidth={nameWidth}
					valueWidth={valueWidth}
				/>
			))}
			{hasDetails && selected !== undefined && 'value' in selected && !fits(selected.value, valueWidth) ? (
				<>
					<Line />
					<Paragraph text={selected.value} width={width} height={detailRows - 1} tone="muted" />
				</>
			) : null}
		</Screen>
	);
}

function withHeadings(facts: readonly SettingsFact[]): readonly SettingsRow[] {
	return facts.flatMap((fact, index): readonly SettingsRow[] => {
		const row = {...fact, key: `${fact.section} ${fact.name}`};
		return facts[index - 1]?.section === fact.section
			? [row]
			: [{key: fact.section, heading: fact.section}, row];
	});
}

function fits(value: string, width: number): boolean {
	return wrapped(value, width).length <= 1;
}

function RowLine({
	row,
	isSelected,
	nameWidth,
	valueWidth,
}: {
	readonly row: SettingsRow;
	readonly isSelected: boolean;
	readonly nameWidth: number;
	readonly valueWidth: number;
}): ReactNode {
	const {signs} = useShell();
	const mark = isSelected ? signs.cursor : ' ';
	if ('heading' in row) {
		return (
			<Line tone="title">
				{mark} {row.heading}
			</Line>
		);
	}

	const isProblem = row.isProblem === true;
	return (
		<Line tone={isSelected ? 'selected' : 'plain'}>
			{mark} {'  '}
			{fit(row.name, nameWidth)}{' '}
			<Text {...lookOf(isProblem ? 'attention' : 'muted')}>
				{cut(isProblem ? `${signs.attention} ${row.value}` : row.value, valueWidth)}
			</Text>
		</Line>
	);
}
