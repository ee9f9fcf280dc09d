import {Box, Text} from 'ink';
import {type ReactNode, useMemo} from 'react';
import {runHold} from '../../../runs/run-hold.ts';
import type {RunProblem, RunState} from '../../../runs/run-state-types.ts';
import {cut} from '../../cells.ts';
import {FilterLine, filterRows} from '../../components/filter-line.tsx';
import {Line} from '../../components/line.tsx';
import {Screen} from '../../components/screen.tsx';
import type {Command} from '../../input/commands.ts';
import {minorAccountRows, runLayout} from '../../layout.ts';
import {useShell} from '../../shell.ts';
import {lookOf} from '../../theme.ts';
import {isMatch, useFilter} from '../../use-filter.ts';
import {useList} from '../../use-list.ts';
import {useRemembered} from '../../use-remembered.ts';
import {plural} from '../../words.ts';
import {accountLines} from './account-lines.ts';
import {AccountsPart} from './accounts-part.tsx';
import {ProblemRow} from './problem-row.tsx';
import {RepositoryRow} from './repositories-part.tsx';
import {useRunCommands} from './run-commands.ts';
import {ProblemDetails, RepositoryDetails} from './run-details.tsx';
import {RunHeading, type RunView} from './run-heading.tsx';
import {isLive, paceText, statusText} from './run-texts.ts';
import {useRepositoryList} from './use-repository-list.ts';
import {useRunState} from './use-run-state.ts';

/** A run, live or past: a quota bar for each account, the repositories below, and what went wrong. */
export function RunScreen({run}: {readonly run: string}): ReactNode {
	const {services, size, frame, signs, go} = useShell();
	const {state, beat, problem} = useRunState(run);
	const [view, setView] = useRemembered<RunView>('view', 'repositories');
	const [opened, setOpened] = useRemembered<string | undefined>('opened', undefined);
	const [openedProblem, setOpenedProblem] = useRemembered<number | undefined>('opened problem', undefined);
	const live = isLive(state);
	const hold = runHold(state);
	const moment = live ? (state.pausedSince === undefined ? 'live' : 'paused') : 'over';
	// What is told of a run that stands still stands still too.
	const now = moment === 'live' ? services.now() : Date.parse(state.lastEventAt);
	const lines = accountLines(state.accounts, minorAccountRows(frame.body));
	const layout = runLayout(frame.body, lines.length);
	const filters = {repositories: useFilter('repositories'), problems: useFilter('problems')};
	const filter = filters[view];
	const rows = Math.max(1, layout.listRows - filterRows(filter));
	const list = useRepositoryList(state.order, filters.repositories.text, rows, live);
	const foundProblems = useFoundProblems(state.problems, filters.problems.text);
	const problems = useList('problems', foundProblems, rows);
	const problemOpened = openedProblem === undefined ? undefined : foundProblems[openedProblem];
	const found = view === 'repositories' ? list.length : foundProblems.length;
	const runCommands = useRunCommands(state);
	const width = size.columns - 2;
	const isInside = opened !== undefined || problemOpened !== undefined;

	const open = (): void => {
		if (view === 'repositories') {
			setOpened(list.selected);
		} else {
			setOpenedProblem(problems.cursor);
		}
	};

	const inDetails: readonly Command[] =
		opened === undefined
			? []
			: [
					{
						id: 'snapshots',
						run: () =>
							go({
								type: 'open',
								place: {screen: 'snapshots', workspace: state.organization, repository: opened},
							}),
					},
				];
	const inList = filter.withCommands([
		{
			id: 'problems',
			label: view === 'problems' ? 'repositories' : problemsLabel(state.problems.length),
			run: () => setView(view === 'problems' ? 'repositories' : 'problems'),
		},
		...(view === 'repositories' ? list.commands : problems.commands),
		{
			id: 'open',
			label: 'details',
			run: open,
			unavailable: nothingToOpen(
				view,
				view === 'repositories' ? list.selected : problems.selected,
				filter.text !== '',
			),
		},
	]);

	return (
		<Screen
			status={statusText(state, services.now(), signs, size.columns < 60)}
			isTyping={filter.isTyped && !isInside}
			inner={
				isInside
					? {
							close: () => {
								setOpened(undefined);
								setOpenedProblem(undefined);
							},
						}
					: filter.inner
			}
			trail={problemOpened !== undefined ? ['Problem'] : opened === undefined ? [] : [opened]}
			commands={inFooterOrder(filter.isTyped && !isInside ? [] : runCommands, isInside ? inDetails : inList)}
		>
			{problem === undefined ? null : <Line tone="bad">{cut(`${signs.bad} ${problem}`, width)}</Line>}
			{problemOpened !== undefined ? (
				<ProblemDetails problem={problemOpened} width={width} height={frame.body.rows} />
			) : opened !== undefined ? (
				<RepositoryDetails
					name={opened}
					repository={state.repositories.get(opened)}
					width={width}
					height={frame.body.rows}
				/>
			) : (
				<>
					{layout.hasPace ? (
						<Line>
							<Text {...lookOf(hold === undefined ? 'muted' : 'attention')}>
								{cut(paceText(state, services.now(), width, signs), width)}
							</Text>
						</Line>
					) : null}
					<AccountsPart lines={lines} layout={layout} moment={{state: moment, now}} width={width} />
					<Line />
					<RunHeading
						state={state}
						view={view}
						position={view === 'repositories' ? list.position : problems.position}
						found={filter.text === '' ? undefined : found}
						isFollowing={list.isFollowing}
						width={width}
					/>
					<Box flexDirection="column" height={layout.listRows} overflow="hidden" flexShrink={0}>
						<FilterLine filter={filter} left={found} />
						<EmptyList view={view} state={state} />
						{view === 'repositories'
							? list.visible.map(({name, place}) => (
									<RepositoryRow
										key={name}
										name={name}
										repository={state.repositories.get(name)}
										isSelected={place === list.cursor}
										moment={moment === 'live' && hold !== undefined ? 'held' : moment}
										beat={beat}
										width={width}
									/>
								))
							: problems.visible.map(({item, index}) => (
									<ProblemRow
										key={`${item.where} ${item.text}`}
										problem={item}
										isSelected={index === problems.cursor}
										width={width}
									/>
								))}
					</Box>
				</>
			)}
		</Screen>
	);
}

/** Those problems that a filter takes, by where they are and what they say. */
function useFoundProblems(problems: readonly RunProblem[], text: string): readonly RunProblem[] {
	return useMemo(
		() => (text === '' ? problems : problems.filter(one => isMatch(`${one.where} ${one.text}`, text))),
		[problems, text],
	);
}

/** What a list says before anything is in it. */
function EmptyList({view, state}: {readonly view: RunView; readonly state: RunState}): ReactNode {
	const live = isLive(state);
	if (view === 'problems' && state.problems.length === 0) {
		return <Line tone="muted">{live ? 'Nothing has gone wrong so far.' : 'Nothing went wrong.'}</Line>;
	}

	if (view === 'problems' || state.order.length > 0) {
		return null;
	}

	return (
		<Line tone="muted">
			{live ? 'What is to be backed up is being found out.' : 'No repository was begun.'}
		</Line>
	);
}

function problemsLabel(count: number): string {
	return count === 0 ? 'problems' : plural(count, 'problem');
}

/** What stops a run, and what went wrong, is seen on small screens too; leaving it alone is what Escape does as well. */
function inFooterOrder(ofRun: readonly Command[], inList: readonly Command[]): readonly Command[] {
	const isDetach = ({id}: Command): boolean => id === 'detach';
	const isFilter = ({id}: Command): boolean => id === 'filter';
	return [
		...ofRun.filter(command => !isDetach(command)),
		...inList.filter(command => !isFilter(command)),
		...ofRun.filter(isDetach),
		...inList.filter(isFilter),
	];
}

function nothingToOpen(view: RunView, selected: unknown, isFiltered: boolean): string | undefined {
	if (selected !== undefined) {
		return undefined;
	}

	if (isFiltered) {
		return 'Nothing is left by the filter.';
	}

	return view === 'repositories' ? 'No repository was begun yet.' : 'There is no problem.';
}
