import type {RunEvent} from './events.ts';
import {emptyLayeredMap} from './layered-map.ts';
import {withMinute} from './minute-rates.ts';
import {emptyRepositoryOrder} from './repository-order.ts';
import {sumOfRequests} from './requests-text.ts';
import {withProblem} from './run-problems.ts';
import type {
	ForecastView,
	Progress,
	QuotaView,
	RunAccount,
	RunCounts,
	RunRepository,
	RunState,
} from './run-state-types.ts';

export type * from './run-state-types.ts';

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, {type: Type}>;

const noCounts: RunCounts = {waiting: 0, running: 0, backedUp: 0, unchanged: 0, partial: 0, failed: 0};

const countOf: Readonly<Record<RunRepository['state'], keyof RunCounts>> = {
	running: 'running',
	'backed-up': 'backedUp',
	unchanged: 'unchanged',
	partial: 'partial',
	failed: 'failed',
};

/** A run of which nothing was heard yet. */
export function initialRunState(run: string): RunState {
	return {
		run,
		plan: run.replace(/^[^-]*-/, ''),
		organization: '',
		status: 'starting',
		accounts: [],
		repositories: emptyLayeredMap(),
		order: emptyRepositoryOrder(),
		pausedMs: 0,
		total: 0,
		counts: noCounts,
		problems: [],
		requests: 0,
		throttled: 0,
		bytes: 0,
		lastEventAt: '',
	};
}

/**
The state of a run after one more event.

Pure: the state that was handed in stays as it was. It is cheap also with thousands of repositories, because the map of
repositories shares what did not change.
*/
export function reduceRun(state: RunState, event: RunEvent): RunState {
	return {...reduceByType(state, event), lastEventAt: event.at};
}

/** The state of a run that ended without saying so: its process is gone. */
export function interruptRun(state: RunState): RunState {
	const {pausedSince: _, outageSince: __, ...rest} = state;
	return state.status === 'starting' || state.status === 'running' ? {...rest, status: 'interrupted'} : state;
}

const outageText = 'Bitbucket gave no usable answer; the run waited for it';

function reduceByType(state: RunState, event: RunEvent): RunState {
	switch (event.type) {
		case 'run-started':
			return start(state, event);
		case 'repositories-listed':
			return {...state, order: state.order.listed(event.repositories)};
		case 'repository-started':
			return startRepository(state, event);
		case 'repository-progress':
			return progress(state, event);
		case 'quota':
			return quota(state, event);
		case 'account-failed':
			return accountFailed(state, event);
		case 'outage':
			return outage(state, event);
		case 'paused':
			return {...state, pausedSince: state.pausedSince ?? event.at};
		case 'resumed':
			return resume(state, event.pausedMs);
		case 'repository-finished':
			return finishRepository(state, event);
		case 'forecast':
			return foretell(state, event);
		case 'run-finished':
			return finish(state, event);
		case 'notification-failed':
			return {...state, problems: withProblem(state.problems, event.at, 'notification', event.reason)};
	}
}

function start(state: RunState, event: EventOf<'run-started'>): RunState {
	const accounts = event.accounts.reduce(
		(known, {account, label, credentials, limits}) =>
			withAccount(known, account, label, found => ({...found, label, credentials, limits})),
		state.accounts,
	);
	return {
		...state,
		run: event.run,
		plan: event.plan,
		organization: event.organization,
		pid: event.pid,
		startedAt: event.at,
		status: 'running',
		accounts,
		total: event.repositories,
		counts: {...state.counts, waiting: Math.max(0, event.repositories - state.repositories.size)},
	};
}

function startRepository(state: RunState, event: EventOf<'repository-started'>): RunState {
	const repository: RunRepository = {
		name: event.repository,
		state: 'running',
		startedAt: event.at,
		problems: [],
		bytes: 0,
	};
	return withRepository({...state, order: state.order.begun(event.repository)}, repository);
}

function progress(state: RunState, event: EventOf<'repository-progress'>): RunState {
	const {stage, done, total, unit} = event;
	const step: Progress = {stage, done, total, ...(unit === undefined ? {} : {unit})};
	// A repository may have the same name as its workspace.
	if (stage === 'workspace' || stage === 'snippets') {
		return {...state, workspace: step};
	}

	const repository = state.repositories.get(event.repository);
	if (repository === undefined) {
		return state;
	}

	const {unit: _, ...rest} = repository;
	return {...state, repositories: state.repositories.with(event.repository, {...rest, ...step})};
}

function quota(state: RunState, event: EventOf<'quota'>): RunState {
	const {account, label, resource, limit, windowMs, used, remaining, reserve, resets, frozenUntil, source} =
		event;
	const before = state.accounts.find(({id}) => id === account)?.quotas[resource];
	const view: QuotaView = {
		limit,
		windowMs,
		used,
		remaining,
		reserve,
		resets,
		frozenUntil,
		ledgerLost: event.ledgerLost ?? false,
		others: event.others ?? 0,
		oneByOne: event.oneByOne ?? false,
		source,
		perMinute: event.perMinute,
		minutes: withMinute(before?.minutes ?? [], event.at, event.perMinute),
		...(event.sent === undefined ? {} : {sent: event.sent}),
		at: event.at,
	};
	const isNewlyFrozen = frozenUntil !== null && !view.ledgerLost && (before?.frozenUntil ?? null) === null;
	return {
		...state,
		throttled: state.throttled + (isNewlyFrozen ? 1 : 0),
		accounts: withAccount(state.accounts, account, label, found => ({
			...found,
			quotas: {...found.quotas, [resource]: view},
		})),
	};
}

function accountFailed(state: RunState, event: EventOf<'account-failed'>): RunState {
	const {account, label, reason, status, at} = event;
	return {
		...state,
		accounts: withAccount(state.accounts, account, label, found => ({
			...found,
			failed: {reason, status, at},
		})),
		problems: withProblem(state.problems, at, label, reason),
	};
}

function outage(state: RunState, {since, at}: EventOf<'outage'>): RunState {
	const {outageSince: _, ...rest} = state;
	return since === null
		? rest
		: {
				...rest,
				outageSince: since,
				problems: withProblem(state.problems, at, state.organization, outageText),
			};
}

function resume(state: RunState, pausedMs: number): RunState {
	const {pausedSince: _, ...rest} = state;
	return {...rest, pausedMs: state.pausedMs + pausedMs};
}

function finishRepository(state: RunState, event: EventOf<'repository-finished'>): RunState {
	const {repository: name, status, snapshot, requests, bytes, problems, at} = event;
	const begun = state.repositories.get(name);
	const repository: RunRepository = {
		name,
		state: status,
		startedAt: begun?.startedAt ?? at,
		finishedAt: at,
		snapshot,
		problems,
		bytes,
		requests,
	};
	return {
		...withRepository({...state, order: state.order.finished(name, status)}, repository),
		requests: state.requests + sumOfRequests(requests),
		bytes: state.bytes + bytes,
		problems: problems.reduce((all, text) => withProblem(all, at, name, text), state.problems),
	};
}

function foretell(state: RunState, event: EventOf<'forecast'>): RunState {
	const forecast = forecastView(event, event.at);
	return {...state, forecast, firstForecast: state.firstForecast ?? forecast};
}

function forecastView(
	{sent, requests, endsAt, decidedBy, resource, accounts, basis}: Omit<ForecastView, 'at'>,
	at: string,
): ForecastView {
	return {at, sent, requests, endsAt, decidedBy, resource, accounts, basis};
}

function finish(state: RunState, event: EventOf<'run-finished'>): RunState {
	const accounts = event.accounts.reduce(
		(known, {account, label, requests, throttled}) =>
			withAccount(known, account, label, found => ({...found, sent: {requests, throttled}})),
		state.accounts,
	);
	// The run repeats what repositories and accounts said, in a sentence of its own around it.
	const said = state.problems.map(({text}) => text);
	const problems = event.problems
		.filter(problem => !said.some(text => problem.includes(text)))
		.reduce((all, text) => withProblem(all, event.at, state.organization, text), state.problems);
	const {total, backedUp, unchanged, partial, failed} = event.repositories;
	const ended = backedUp + unchanged + partial + failed;
	const {firstForecast, pausedSince, outageSince: _, ...rest} = state;
	const lastPause = pausedSince === undefined ? 0 : Date.parse(event.at) - Date.parse(pausedSince);
	return {
		...rest,
		...(event.forecast === undefined
			? {}
			: {firstForecast: forecastView(event.forecast, firstForecast?.at ?? state.startedAt ?? event.at)}),
		status: event.status,
		pausedMs: state.pausedMs + lastPause,
		finishedAt: event.at,
		accounts,
		total,
		counts: {waiting: Math.max(0, total - ended), running: 0, backedUp, unchanged, partial, failed},
		problems,
		requests: event.requests.total,
		throttled: event.requests.throttled,
		bytes: event.bytes,
	};
}

function withRepository(state: RunState, repository: RunRepository): RunState {
	const before = state.repositories.get(repository.name);
	const from = before === undefined ? 'waiting' : countOf[before.state];
	const counts = {...state.counts, [from]: Math.max(0, state.counts[from] - 1)};
	const to = countOf[repository.state];
	return {
		...state,
		repositories: state.repositories.with(repository.name, repository),
		counts: {...counts, [to]: counts[to] + 1},
	};
}

function withAccount(
	accounts: readonly RunAccount[],
	id: string,
	label: string,
	change: (account: RunAccount) => RunAccount,
): readonly RunAccount[] {
	const found = accounts.find(account => account.id === id);
	return found === undefined
		? [...accounts, change({id, label, credentials: [label], limits: {}, quotas: {}})]
		: accounts.map(account => (account === found ? change(account) : account));
}
