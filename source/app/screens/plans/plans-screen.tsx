import {Text} from 'ink';
import {type ReactNode, useState} from 'react';
import type {PlanSummary} from '../../../actions/plans.ts';
import {cut, fit} from '../../cells.ts';
import {useExpiryNotice} from '../../components/expiry-notice.tsx';
import {FilterLine, filterRows} from '../../components/filter-line.tsx';
import {Line} from '../../components/line.tsx';
import {Screen} from '../../components/screen.tsx';
import {Spinner} from '../../components/spinner.tsx';
import {SpokenLine} from '../../components/spoken-line.tsx';
import {keyOf} from '../../input/commands.ts';
import {messageOf} from '../../message-of.ts';
import {useShell} from '../../shell.ts';
import {lookOf} from '../../theme.ts';
import {useFilter} from '../../use-filter.ts';
import {useList} from '../../use-list.ts';
import {useLoaded} from '../../use-loaded.ts';
import {momentText, plural} from '../../words.ts';
import {Reading, whyNothing} from '../reading.tsx';
import {runStatusText} from '../runs/runs-screen.tsx';

/** Plans: what they back up, when, and over how many accounts. */
export function PlansScreen(): ReactNode {
	const {services, size, frame, signs, go, say, ask, keys, display} = useShell();
	const addKey = keyOf(keys.keyMap, 'add');
	const [isStarting, setStarting] = useState(false);
	const loaded = useLoaded('plans', async () => services.plans());
	const plans = loaded.value ?? [];
	const filter = useFilter('plans');
	const left = plans.filter(({name, organization}) => filter.takes(`${name} ${organization}`));
	const notice = useExpiryNotice();
	const list = useList('plans', left, frame.body.rows - 4 - filterRows(filter) - notice.rows);
	const {selected} = list;
	const nothing =
		selected === undefined ? whyNothing(loaded, `There is no plan yet: ${addKey} adds one.`) : undefined;
	const isWide = size.columns >= 100;
	const isNarrow = size.columns < 80;

	const run = async (name: string): Promise<void> => {
		setStarting(true);
		try {
			const started = await services.startRun(name);
			go({type: 'open', place: {screen: 'run', run: started}});
		} catch (error) {
			say({tone: 'bad', text: `${signs.bad} ${messageOf(error)}`});
		} finally {
			setStarting(false);
		}
	};

	const remove = async (name: string): Promise<void> => {
		try {
			await services.removePlan(name);
			say({
				tone: 'good',
				text: `${signs.good} The plan ${name} is removed. Its backups stay where they are.`,
			});
		} catch (error) {
			say({tone: 'bad', text: `${signs.bad} ${messageOf(error)}`});
		}

		loaded.reload();
	};

	return (
		<Screen
			status={list.position === '' ? plural(plans.length, 'plan') : list.position}
			isTyping={filter.isTyped}
			inner={filter.inner}
			commands={filter.withCommands([
				...list.commands,
				{id: 'add', label: 'Add plan', run: () => go({type: 'open', place: {screen: 'plan'}})},
				{
					id: 'run',
					run: () => {
						if (selected !== undefined) {
							run(selected.name).catch(() => undefined);
						}
					},
					unavailable: nothing ?? (isStarting ? 'The run is being started.' : undefined),
				},
				...(['edit', 'open'] as const).map(id => ({
					id,
					label: id === 'edit' ? 'Edit plan' : undefined,
					run: () => {
						if (selected !== undefined) {
							go({type: 'open', place: {screen: 'plan', name: selected.name}});
						}
					},
					unavailable: nothing,
				})),
				{
					id: 'remove',
					run: () => {
						if (selected !== undefined) {
							ask({
								title: `Remove the plan ${selected.name}?`,
								text: 'What it has backed up stays where it is.',
								confirm: 'Remove',
								onConfirm: () => {
									remove(selected.name).catch(() => undefined);
								},
							});
						}
					},
					unavailable: nothing,
				},
			])}
		>
			{notice.body}
			<FilterLine filter={filter} left={left.length} />
			<Reading loaded={loaded} what="the plans" empty={`There is no plan yet: ${addKey} adds one.`} />
			{plans.length > 0 && !display.isScreenReader ? (
				<Line tone="muted">
					{'  '}
					{isNarrow
						? `${fit('Plan', 13)} Last run`
						: `${fit('Plan', 18)} ${fit('Organization', 16)} ${fit('Accounts', 10)} ${fit('Last run', 26)}`}
					{isWide ? ` ${fit('Schedule', 16)} Repositories` : ''}
				</Line>
			) : null}
			{list.visible.map(({item, index}) => (
				<PlanRow key={item.name} plan={item} isSelected={index === list.cursor} isWide={isWide} />
			))}
			{isStarting ? (
				<Line>
					<Spinner /> starting the run {signs.ellipsis}
				</Line>
			) : null}
		</Screen>
	);
}

function PlanRow({
	plan,
	isSelected,
	isWide,
}: {
	readonly plan: PlanSummary;
	readonly isSelected: boolean;
	readonly isWide: boolean;
}): ReactNode {
	const {signs, services, size, display} = useShell();
	const isNarrow = size.columns < 80;
	const {lastRun} = plan;
	const state =
		lastRun === undefined
			? {tone: 'muted' as const, text: `${signs.none} never`}
			: runStatusText(lastRun.status, signs);
	const when = lastRun === undefined ? '' : ` ${momentText(lastRun.startedAt, services.now())}`;
	if (display.isScreenReader) {
		return (
			<SpokenLine
				isSelected={isSelected}
				parts={[
					plan.name,
					`of ${plan.organization}`,
					plural(plan.accounts, 'account'),
					lastRun === undefined ? 'never run' : `last run ${state.text}${when}`,
					`schedule ${plan.plan.schedule ?? 'by hand'}`,
					`repositories ${repositoriesText(plan)}`,
				]}
			/>
		);
	}

	if (isNarrow) {
		return (
			<Line tone={isSelected ? 'selected' : 'plain'}>
				{isSelected ? signs.cursor : ' '} {fit(plan.name, 13)}{' '}
				<Text {...lookOf(state.tone)}>{cut(`${state.text}${when}`, size.columns - 19)}</Text>
			</Line>
		);
	}

	return (
		<Line tone={isSelected ? 'selected' : 'plain'}>
			{isSelected ? signs.cursor : ' '} {fit(plan.name, 18)} {fit(plan.organization, 16)}{' '}
			{fit(plural(plan.accounts, 'account'), 10)}{' '}
			<Text {...lookOf(state.tone)}>{fit(`${state.text}${when}`, 26)}</Text>
			{isWide
				? ` ${fit(plan.plan.schedule ?? 'by hand', 16)} ${cut(repositoriesText(plan), size.columns - 96)}`
				: ''}
		</Line>
	);
}

/** Which repositories a plan covers, in words. */
export function repositoriesText({plan: {include, exclude}}: Pick<PlanSummary, 'plan'>): string {
	const included = include.length === 0 ? 'all' : include.join(', ');
	return exclude.length === 0 ? included : `${included} but ${exclude.join(', ')}`;
}
