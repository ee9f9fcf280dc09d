import {Box, Text, useAnimation} from 'ink';
import {type ReactNode, useMemo} from 'react';
import type {RunProblem, RunRepository, RunState} from '../../../runs/run-state-types.ts';
import {cut} from '../../cells.ts';
import {Line} from '../../components/line.tsx';
import {Screen} from '../../components/screen.tsx';
import type {Command} from '../../input/commands.ts';
import {runLayout} from '../../layout.ts';
import {useShell} from '../../shell.ts';
import {lookOf} from '../../theme.ts';
import {useList} from '../../use-list.ts';
import {useRemembered} from '../../use-remembered.ts';
import {durationText, momentText, numberText} from '../../words.ts';
import {messageOf} from '../messages.ts';
import {runStatusText} from '../runs/runs-screen.tsx';
import {AccountsPart, accountLines} from './accounts-part.tsx';
import {ProblemRow} from './problem-row.tsx';
import {orderRepositories, RepositoryRow} from './repositories-part.tsx';
import {ProblemDetails, RepositoryDetails} from './run-details.tsx';
import {useRunState} from './use-run-state.ts';

/** A run, live or past: a quota bar for each account, the repositories below, and what went wrong. */
export function RunScreen({run}: {readonly run: string}): ReactNode {
	const {services, size, frame, signs, go, say, ask} = useShell();
	const {state, problem} = useRunState(run);
	const [view, setView] = useRemembered<'repositories' | 'problems'>('view', 'repositories');
	const [opened, setOpened] = useRemembered<string | undefined>('opened', undefined);
	const [openedProblem, setOpenedProblem] = useRemembered<number | undefined>('opened problem', undefined);
	const isLive = state.status === 'starting' || state.status === 'running';
	// The clocks of a live run go on also while nothing is heard of it, as when all accounts wait.
	useAnimation({interval: 1000, isActive: isLive});
	const lines = accountLines(state.accounts);
	const layout = runLayout(frame.body, lines.length);
	const repositories = useMemo(() => orderRepositories(state.repositories.values()), [state.repositories]);
	const list = useList('repositories', repositories, layout.listRows);
	const problems = useList('problems', state.problems, layout.listRows);
	const repository = opened === undefined ? undefined : state.repositories.get(opened);
	const problemOpened = openedProblem === undefined ? undefined : state.problems[openedProblem];
	const width = size.columns - 2;

	const cancel = (): void => {
		ask({
			title: 'Cancel the run?',
			text: 'What is saved stays saved; the next run goes on from there.',
			confirm: 'Cancel the run',
			onConfirm: () => {
				services.cancelRun(run).then(
					() => say({tone: 'attention', text: `${signs.attention} The run is being cancelled.`}),
					(error: unknown) => say({tone: 'bad', text: `${signs.bad} ${messageOf(error)}`}),
				);
			},
		});
	};

	const details: readonly Command[] =
		repository === undefined && problemOpened === undefined
			? [
					...(view === 'repositories' ? list : problems).commands,
					{
						id: 'open',
						label: 'details',
						run: () => {
							if (view === 'repositories') {
								setOpened(list.selected?.name);
							} else {
								setOpenedProblem(problems.cursor);
							}
						},
						unavailable: nothingToOpen(view, view === 'repositories' ? list.selected : problems.selected),
					},
					{
						id: 'problems',
						label: view === 'problems' ? 'repositories' : `problems (${state.problems.length})`,
						run: () => setView(view === 'problems' ? 'repositories' : 'problems'),
					},
				]
			: [];

	return (
		<Screen
			status={statusText(state, isLive, services.now(), signs)}
			inner={
				repository === undefined && problemOpened === undefined
					? undefined
					: {
							close: () => {
								setOpened(undefined);
								setOpenedProblem(undefined);
							},
						}
			}
			trail={detailsTrail(repository, problemOpened)}
			commands={[
				...(isLive
					? [
							{id: 'cancel' as const, run: cancel},
							{
								id: 'detach' as const,
								run: () => {
									say({tone: 'plain', text: 'The run goes on by itself; Runs (3) shows it again.'});
									go({type: 'back'});
								},
							},
						]
					: []),
				...details,
			]}
		>
			{problem === undefined ? null : <Line tone="bad">{cut(`${signs.bad} ${problem}`, width)}</Line>}
			{problemOpened !== undefined ? (
				<ProblemDetails problem={problemOpened} width={width} height={frame.body.rows} />
			) : repository === undefined ? (
				<>
					<AccountsPart lines={lines} layout={layout} isLive={isLive} width={width} />
					<Line />
					<Heading
						state={state}
						view={view}
						position={view === 'repositories' ? list.position : problems.position}
						width={width}
					/>
					<Box flexDirection="column" height={layout.listRows} overflow="hidden" flexShrink={0}>
						{view === 'repositories'
							? list.visible.map(({item, index}) => (
									<RepositoryRow
										key={item.name}
										repository={item}
										isSelected={index === list.cursor}
										isLive={isLive}
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
			) : (
				<RepositoryDetails repository={repository} width={width} height={frame.body.rows} />
			)}
		</Screen>
	);
}

function statusText(
	state: RunState,
	isLive: boolean,
	now: number,
	signs: ReturnType<typeof useShell>['signs'],
): string {
	const {text} = runStatusText(state.status, signs);
	if (state.startedAt === undefined) {
		return text;
	}

	const started = Date.parse(state.startedAt);
	if (!isLive) {
		const end = Date.parse(state.finishedAt ?? state.lastEventAt);
		return `${text} ${signs.dot} ${durationText(end - started)} ${signs.dot} ${numberText(state.requests)} requests`;
	}

	const end = endText(state, now);
	return [`running ${durationText(now - started)}`, ...(end === undefined ? [] : [end])].join(
		` ${signs.dot} `,
	);
}

/** Old runs foretold nothing. */
function endText({forecast}: RunState, now: number): string | undefined {
	if (forecast === undefined) {
		return undefined;
	}

	const {likely} = forecast.endsAt;
	return Date.parse(likely) < now
		? 'ends soon'
		: `ends about ${momentText(likely, now).replace(' today', '')}`;
}

function Heading({
	state,
	view,
	position,
	width,
}: {
	readonly state: RunState;
	readonly view: 'repositories' | 'problems';
	readonly position: string;
	readonly width: number;
}): ReactNode {
	const {signs} = useShell();
	const {waiting, running, backedUp, unchanged, partial, failed} = state.counts;
	const done = backedUp + unchanged + partial + failed;
	const counts = [
		[running, 'running'],
		// What asks for attention is never cut off; what waits can be reckoned.
		[failed, 'failed'],
		[partial, 'partial'],
		[backedUp, 'saved'],
		[unchanged, 'unchanged'],
		[waiting, 'waiting'],
	] as const;
	const text = counts
		.filter(([count]) => count > 0)
		.map(([count, word]) => `${numberText(count)} ${word}`)
		.join(` ${signs.dot} `);
	const title =
		view === 'problems'
			? `Problems  ${state.problems.length}`
			: `Repositories  ${numberText(done)} of ${numberText(state.total)}`;
	return (
		<Line>
			<Text {...lookOf('title')}>{title}</Text>{' '}
			<Text {...lookOf('muted')}>
				{cut(
					`${signs.dot} ${text}${position === '' ? '' : ` ${signs.dot} ${position}`}`,
					width - title.length - 2,
				)}
			</Text>
		</Line>
	);
}

function detailsTrail(
	repository: RunRepository | undefined,
	problem: RunProblem | undefined,
): readonly string[] {
	if (problem !== undefined) {
		return ['Problem'];
	}

	return repository === undefined ? [] : [repository.name];
}

function nothingToOpen(view: 'repositories' | 'problems', selected: unknown): string | undefined {
	if (selected !== undefined) {
		return undefined;
	}

	return view === 'repositories' ? 'No repository was begun yet.' : 'There is no problem.';
}
