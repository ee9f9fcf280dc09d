import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {RunEvent} from '../../source/runs/events.ts';
import {initialRunState, interruptRun, type RunState, reduceRun} from '../../source/runs/run-state.ts';
import {
	finished,
	forecast,
	foretold,
	quota,
	repositoryFinished,
	repositoryStarted,
	run,
	started,
} from './events.ts';

function stateAfter(...events: readonly RunEvent[]): RunState {
	return events.reduce(reduceRun, initialRunState(run));
}

test('before the first event, the plan is known from the id of the run', () => {
	const state = initialRunState('20261122T131500.123Z-weekly-full');
	assert.equal(state.plan, 'weekly-full');
	assert.equal(state.status, 'starting');
});

const countCases: ReadonlyArray<{
	name: string;
	events: readonly RunEvent[];
	counts: Partial<RunState['counts']>;
}> = [
	{name: 'begun, nothing done', events: [started()], counts: {waiting: 3, running: 0}},
	{name: 'one running', events: [started(), repositoryStarted('a')], counts: {waiting: 2, running: 1}},
	{
		name: 'one of each status',
		events: [
			started({repositories: 5}),
			repositoryStarted('a'),
			repositoryFinished('a'),
			repositoryStarted('b'),
			repositoryFinished('b', {status: 'unchanged'}),
			repositoryFinished('c', {status: 'partial'}),
			repositoryFinished('d', {status: 'failed'}),
		],
		counts: {waiting: 1, running: 0, backedUp: 1, unchanged: 1, partial: 1, failed: 1},
	},
	{
		name: 'a cancelled run keeps those that it did not begin as waiting',
		events: [
			started(),
			repositoryFinished('a'),
			finished({
				status: 'cancelled',
				repositories: {total: 3, backedUp: 1, unchanged: 0, partial: 0, failed: 1},
			}),
		],
		counts: {waiting: 1, running: 0, backedUp: 1, failed: 1},
	},
];

for (const {name, events, counts} of countCases) {
	test(`counts: ${name}`, () => {
		const state = stateAfter(...events);
		assert.deepEqual({...state.counts, ...counts}, state.counts);
		const {waiting, ...others} = state.counts;
		assert.equal(waiting + Object.values(others).reduce((sum, count) => sum + count, 0), state.total);
	});
}

test('a state that was handed in stays as it was', () => {
	const before = stateAfter(started(), repositoryStarted('a'));
	const plain = ({order, repositories, ...rest}: RunState) => ({
		...rest,
		repositories: [...repositories],
		order: Array.from({length: order.length}, (_, place) => order.at(place)),
	});
	const copy = structuredClone(plain(before));
	reduceRun(before, repositoryFinished('a', {problems: ['something is missing']}));
	reduceRun(before, quota());
	assert.deepEqual(plain(before), copy);
});

test('progress stands at its repository; that of the workspace apart, also under the name of a repository', () => {
	const progress = (repository: string, stage: 'git' | 'workspace', done: number): RunEvent => ({
		type: 'repository-progress',
		at: '2026-11-22T13:15:02.000Z',
		run,
		repository,
		stage,
		done,
		total: 10,
		unit: 'objects',
	});
	const state = stateAfter(
		started(),
		repositoryStarted('acme'),
		progress('acme', 'git', 4),
		progress('acme', 'workspace', 7),
		progress('unheard-of', 'git', 1),
	);
	assert.equal(state.repositories.get('acme')?.done, 4);
	assert.deepEqual(state.workspace, {stage: 'workspace', done: 7, total: 10, unit: 'objects'});
	assert.equal(state.repositories.size, 1);
});

test('quotas are kept by account and resource; a freeze is counted once', () => {
	const frozenUntil = '2026-11-22T13:20:00.000Z';
	const state = stateAfter(
		started(),
		quota({used: 1}),
		quota({resource: 'git', used: 5, limit: 60_000}),
		quota({used: 2, frozenUntil}),
		quota({used: 3, frozenUntil}),
		quota({used: 4}),
		quota({used: 5, frozenUntil}),
	);
	const [account] = state.accounts;
	assert.equal(account?.quotas.api?.used, 5);
	assert.equal(account?.quotas.git?.used, 5);
	assert.equal(account?.quotas.raw, undefined);
	assert.equal(state.throttled, 2);
});

test('an account that fails says why, also one that the run did not start with', () => {
	const failed = (account: string, label: string): RunEvent => ({
		type: 'account-failed',
		at: '2026-11-22T13:15:03.000Z',
		run,
		account,
		label,
		reason: 'the token was revoked',
		status: 401,
	});
	const state = stateAfter(started(), failed('{a}', 'primary'), failed('{z}', 'revoked'));
	assert.deepEqual(
		state.accounts.map(({label, failed: failure}) => [label, failure?.status]),
		[
			['primary', 401],
			['revoked', 401],
		],
	);
	assert.equal(state.problems[0]?.where, 'primary');
});

test('what many repositories say in the same words stands there once', () => {
	const problem = 'branch restrictions could not be read';
	const state = stateAfter(
		started(),
		repositoryFinished('a', {status: 'partial', problems: [problem]}),
		repositoryFinished('b', {status: 'partial', problems: [problem, 'webhooks could not be read']}),
		finished({
			status: 'partial',
			problems: [`${problem} (2 repositories)`, 'b: webhooks could not be read', 'members could not be read'],
		}),
	);
	assert.deepEqual(
		state.problems.map(({where, text, times}) => ({where, text, times})),
		[
			{where: 'a', text: problem, times: 2},
			{where: 'b', text: 'webhooks could not be read', times: 1},
			{where: 'acme', text: 'members could not be read', times: 1},
		],
	);
});

test('the end of the run has the last word on requests, bytes and accounts', () => {
	const running = stateAfter(started(), repositoryFinished('a'), repositoryFinished('b'));
	assert.equal(running.requests, 22);
	assert.equal(running.bytes, 2000);
	const ended = reduceRun(running, finished({requests: {total: 40, throttled: 2}}));
	assert.equal(ended.requests, 40);
	assert.equal(ended.throttled, 2);
	assert.equal(ended.status, 'succeeded');
	assert.deepEqual(ended.accounts[0]?.sent, {requests: {api: 12, git: 21}, throttled: 0});
});

test('only a run that is not over can be interrupted', () => {
	assert.equal(interruptRun(stateAfter(started())).status, 'interrupted');
	assert.equal(interruptRun(stateAfter(started(), finished())).status, 'succeeded');
});

test('the first and the last forecast are kept, and what the end says of the first wins', () => {
	const later = {...foretold.endsAt, likely: '2026-11-22T13:30:00.000Z'};
	const running = stateAfter(
		started(),
		forecast(),
		forecast({at: '2026-11-22T13:16:00.000Z', endsAt: later, accounts: 1}),
	);
	assert.deepEqual(running.firstForecast, {at: '2026-11-22T13:15:00.500Z', ...foretold});
	assert.deepEqual(running.forecast?.endsAt, later);
	assert.equal(running.forecast?.accounts, 1);
	assert.equal(running.forecast?.at, '2026-11-22T13:16:00.000Z');
	const ended = reduceRun(running, finished({forecast: {...foretold, accounts: 3}}));
	assert.equal(ended.firstForecast?.accounts, 3);
	assert.equal(ended.forecast?.accounts, 1);
});

test('a run of which nothing was foretold has no forecast', () => {
	const state = stateAfter(started(), finished());
	assert.equal(state.forecast, undefined);
	assert.equal(state.firstForecast, undefined);
});

test('an outage of Bitbucket is a problem of the run, said once however often it comes', () => {
	const outage = (since: string | null): RunEvent => ({
		type: 'outage',
		at: '2026-11-22T13:15:03.000Z',
		run,
		since,
	});
	const since = '2026-11-22T13:15:02.000Z';
	const state = stateAfter(started(), outage(since), outage(null), outage(since));
	assert.deepEqual(
		state.problems.map(({where, text, times}) => [where, text, times]),
		[['acme', 'Bitbucket gave no usable answer; the run waited for it', 2]],
	);
});

test('a quota that is left alone because the ledger was damaged is no answer 429', () => {
	const state = stateAfter(started(), quota({frozenUntil: '2026-11-22T13:20:00.000Z', ledgerLost: true}));
	assert.equal(state.throttled, 0);
	assert.equal(state.accounts[0]?.quotas.api?.ledgerLost, true);
});

test('problems of which each repository has one of its own do not pile up without end', () => {
	const names = Array.from({length: 1500}, (_, index) => `repository-${index}`);
	const state = stateAfter(
		started({repositories: names.length}),
		...names.map(name => repositoryFinished(name, {status: 'failed', problems: [`${name} is damaged`]})),
	);
	assert.equal(state.problems.length, 1001);
	assert.equal(state.problems[999]?.text, 'repository-999 is damaged');
	assert.deepEqual(
		[state.problems[1000]?.text, state.problems[1000]?.times],
		['further problems, which the journal of the run holds', 500],
	);
	assert.equal(state.counts.failed, 1500);
	const again = reduceRun(state, repositoryFinished('late', {problems: ['repository-3 is damaged']}));
	assert.equal(again.problems[3]?.times, 2, 'what is known is counted on');
});
