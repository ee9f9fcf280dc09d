import {Text} from 'ink';
import {type ReactNode, useState} from 'react';
import type {PlanSummary} from '../../../actions/plans.ts';
import {cut, fit} from '../../cells.ts';
import {useExpiryNotice} from '../../components/expiry-notice.tsx';
import {Line} from '../../components/line.tsx';
import {useScheduleNotice} from '../../components/schedule-notice.tsx';
import {Screen} from '../../components/screen.tsx';
import {Spinner} from '../../components/spinner.tsx';
import {SpokenLine} from '../../components/spoken-line.tsx';
import {keyOf} from '../../input/commands.ts';
import {messageOf} from '../../message-of.ts';
import {useShell} from '../../shell.ts';
import {lookOf, type Signs} from '../../theme.ts';
import {useFilteredList} from '../../use-filtered-list.tsx';
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
	const expiry = useExpiryNotice();
	const schedule = useScheduleNotice();
	const list = useFilteredList('plans', {
		items: plans,
		textOf: ({name, organization}) => `${name} ${organization}`,
		rows: frame.body.rows - 4 - expiry.rows - schedule.rows,
	});
	const {selected} = list;
	const nothing =
		selected === undefined ? whyNothing(loaded, `There is no plan yet: ${addKey} adds one.`) : undefined;
	const isWide = size.columns >= 120;
	const isNarrow = size.columns < 80;

	const running = selected?.lastRun?.status === 'running' ? selected.lastRun.run : undefined;
	const run = async (name: string): Promise<void> => {
		setStarting(true);
		try {
			go({type: 'open', place: {screen: 'run', run: running ?? (await services.startRun(name))}});
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
			{...list.keysWith([
				{id: 'add', label: 'Add plan', run: () => go({type: 'open', place: {screen: 'plan'}})},
				{
					id: 'run',
					...(running === undefined
						? {}
						: {label: 'watch run', description: 'Show the run of the plan, which goes on now.'}),
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
			{expiry.body}
			{schedule.body}
			{list.filterLine}
			<Reading loaded={loaded} what="the plans" empty={`There is no plan yet: ${addKey} adds one.`} />
			{plans.length > 0 && !display.isScreenReader ? (
				<Line tone="muted">
					{'  '}
					{isNarrow
						? `${fit('Plan', 13)} Last run`
						: headingText(isWide, {
								plan: 'Plan',
								organization: 'Organization',
								accounts: 'Accounts',
								lastRun: fit('Last run', 26),
								nextRun: 'Next run',
								schedule: 'Schedule',
								repositories: 'Repositories',
							})}
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
	const nextRun = nextRunText(plan, services.now(), signs);
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
					...(plan.plan.schedule === undefined ? [] : [`next run ${nextRun}`]),
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

	const {before, after} = columnsAround(isWide, {
		plan: plan.name,
		organization: plan.organization,
		accounts: isWide ? plural(plan.accounts, 'account') : String(plan.accounts),
		nextRun,
		schedule: plan.plan.schedule ?? 'by hand',
		repositories: cut(repositoriesText(plan), size.columns - 106),
	});
	return (
		<Line tone={isSelected ? 'selected' : 'plain'}>
			{isSelected ? signs.cursor : ' '} {before}{' '}
			<Text {...lookOf(state.tone)}>{fit(`${state.text}${when}`, 26)}</Text> {after}
		</Line>
	);
}

type PlanColumns = Readonly<
	Record<'plan' | 'organization' | 'accounts' | 'nextRun' | 'schedule' | 'repositories', string>
>;

/** What stands before the last run in a row of the list, and what after it. */
function columnsAround(
	isWide: boolean,
	{plan, organization, accounts, nextRun, schedule, repositories}: PlanColumns,
): {readonly before: string; readonly after: string} {
	return isWide
		? {
				before: `${fit(plan, 16)} ${fit(organization, 14)} ${fit(accounts, 10)}`,
				after: `${fit(nextRun, 13)} ${fit(schedule, 16)} ${repositories}`,
			}
		: {before: `${fit(plan, 13)} ${fit(organization, 12)} ${fit(accounts, 8)}`, after: fit(nextRun, 12)};
}

function headingText(
	isWide: boolean,
	{lastRun, ...others}: PlanColumns & {readonly lastRun: string},
): string {
	const {before, after} = columnsAround(isWide, others);
	return `${before} ${lastRun} ${after}`;
}

/** When the schedule starts it next. */
function nextRunText({plan, nextRunAt}: PlanSummary, now: number, signs: Signs): string {
	if (nextRunAt !== undefined) {
		return momentText(nextRunAt, now);
	}

	return plan.schedule === undefined ? signs.none : `${signs.bad} unreadable`;
}

/** Which repositories a plan covers, in words. */
export function repositoriesText({plan: {include, exclude}}: Pick<PlanSummary, 'plan'>): string {
	const included = include.length === 0 ? 'all' : include.join(', ');
	return exclude.length === 0 ? included : `${included} but ${exclude.join(', ')}`;
}
