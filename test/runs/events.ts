import type {RunEvent} from '../../source/runs/events.ts';

export const run = '20261122T131500.123Z-nightly';

type Fields<Type extends RunEvent['type']> = Partial<Extract<RunEvent, {type: Type}>>;

/** Events of a run, each with what a test does not care about filled in. */
export const started = (fields: Fields<'run-started'> = {}): RunEvent => ({
	type: 'run-started',
	at: '2026-11-22T13:15:00.000Z',
	run,
	plan: 'nightly',
	organization: 'acme',
	repositories: 3,
	pid: 4711,
	accounts: [
		{
			account: '{a}',
			label: 'primary',
			credentials: ['primary'],
			limits: {api: {limit: 1000, windowMs: 3_600_000}},
		},
	],
	...fields,
});

export const repositoryStarted = (repository: string): RunEvent => ({
	type: 'repository-started',
	at: '2026-11-22T13:15:01.000Z',
	run,
	repository,
});

export const repositoryFinished = (
	repository: string,
	fields: Fields<'repository-finished'> = {},
): RunEvent => ({
	type: 'repository-finished',
	at: '2026-11-22T13:15:09.000Z',
	run,
	repository,
	status: 'backed-up',
	snapshot: '20261122T131508.000Z',
	requests: {api: 4, git: 7},
	bytes: 1000,
	problems: [],
	...fields,
});

export const quota = (fields: Fields<'quota'> = {}): RunEvent => ({
	type: 'quota',
	at: '2026-11-22T13:15:02.000Z',
	run,
	account: '{a}',
	label: 'primary',
	resource: 'api',
	limit: 1000,
	windowMs: 3_600_000,
	used: 12,
	remaining: 938,
	reserve: 50,
	resets: '2026-11-22T14:15:00.000Z',
	frozenUntil: null,
	source: 'estimate',
	perMinute: 12,
	...fields,
});

/** What is foretold, without its type: `run-finished` carries it too. */
export const foretold = {
	sent: {api: 5},
	requests: {api: {low: 380, likely: 415, high: 600}, git: {low: 10, likely: 60, high: 90}},
	endsAt: {
		soonest: '2026-11-22T13:20:00.000Z',
		likely: '2026-11-22T13:27:10.000Z',
		latest: '2026-11-22T13:40:00.000Z',
	},
	decidedBy: 'quota' as const,
	resource: 'api' as const,
	accounts: 2,
	basis: 'earlier runs' as const,
};

export const forecast = (fields: Fields<'forecast'> = {}): RunEvent => ({
	type: 'forecast',
	at: '2026-11-22T13:15:00.500Z',
	run,
	...foretold,
	...fields,
});

export const finished = (fields: Fields<'run-finished'> = {}): RunEvent => ({
	type: 'run-finished',
	at: '2026-11-22T13:16:00.000Z',
	run,
	status: 'succeeded',
	repositories: {total: 3, backedUp: 3, unchanged: 0, partial: 0, failed: 0},
	requests: {total: 33, throttled: 0},
	accounts: [{account: '{a}', label: 'primary', requests: {api: 12, git: 21}, throttled: 0}],
	bytes: 3000,
	durationMs: 60_000,
	problems: [],
	...fields,
});

export const notificationFailed = (reason: string): RunEvent => ({
	type: 'notification-failed',
	at: '2026-11-22T13:16:01.000Z',
	run,
	reason,
});
