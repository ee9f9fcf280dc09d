import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {RunEvent} from '../../source/runs/events.ts';
import {plainLines} from '../../source/runs/plain-lines.ts';
import {initialRunState, reduceRun} from '../../source/runs/run-state.ts';
import {summarize, summaryLines} from '../../source/runs/summary.ts';
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

const lineCases: ReadonlyArray<{name: string; event: RunEvent; lines: readonly string[]}> = [
	{
		name: 'a run begins',
		event: started(),
		lines: ['13:15:00  nightly: backing up 3 repositories of acme with 1 account: primary'],
	},
	{
		name: 'a repository with a problem',
		event: repositoryFinished('web', {status: 'partial', problems: ['2 LFS objects are missing upstream']}),
		lines: [
			'13:15:09  web: PARTIAL (11 requests, 1.00 kB)',
			'13:15:09  web: 2 LFS objects are missing upstream',
		],
	},
	{name: 'quota with room', event: quota(), lines: []},
	{
		name: 'quota used up',
		event: quota({used: 950, remaining: 0}),
		lines: ['13:15:02  account primary, api: 950 of 1,000 used; next one free at 14:15:00'],
	},
	{
		name: 'quota frozen',
		event: quota({frozenUntil: '2026-11-22T13:20:00.000Z'}),
		lines: [
			'13:15:02  account primary, api: 12 of 1,000 used; Bitbucket asked to slow down, left alone until 13:20:00',
		],
	},
	{
		name: 'quota of which too little is known',
		event: quota({frozenUntil: '2026-11-22T13:20:00.000Z', ledgerLost: true}),
		lines: [
			'13:15:02  account primary, api: 12 of 1,000 used; not known what was sent before, as the ledger was damaged, left alone until 13:20:00',
		],
	},
	{
		name: 'an outage',
		event: {
			type: 'outage',
			at: '2026-11-22T13:15:03.000Z',
			run: '20261122T131500.123Z-nightly',
			since: '2026-11-22T13:15:00.000Z',
		},
		lines: ['13:15:03  Bitbucket gives no usable answer; the run waits for it, for up to 15 minutes'],
	},
	{
		name: 'a run that goes on for one that broke off',
		event: started({continues: {run: '20261122T120000.000Z-nightly', repositories: 5}}),
		lines: [
			'13:15:00  nightly: goes on where 20261122T120000.000Z-nightly broke off, which had finished 5 repositories within the last hour',
			'13:15:00  nightly: backing up 3 repositories of acme with 1 account: primary',
		],
	},
	{
		name: 'when it will end',
		event: forecast(),
		lines: [
			'13:15:00  ends about 13:27:10, in 12 min 10 s (13:20:00 to 13:40:00): 475 requests to go, as the quota of api allows',
		],
	},
	{
		name: 'when it will end, on another day',
		event: forecast({
			endsAt: {
				soonest: '2026-11-22T23:59:59.000Z',
				likely: '2026-11-23T01:15:00.500Z',
				latest: '2026-11-24T02:00:00.000Z',
			},
			requests: {api: {low: 1, likely: 1, high: 1}},
			decidedBy: 'pace',
		}),
		lines: [
			'13:15:00  ends about 2026-11-23 01:15:00, in 12 h 0 min (23:59:59 to 2026-11-24 02:00:00): 1 request to go',
		],
	},
	{
		name: 'the end',
		event: finished(),
		lines: ['13:16:00  succeeded after 1 min 0 s: 33 requests (primary: 12 api, 21 git)'],
	},
	{
		name: 'names that want to move the cursor',
		event: repositoryStarted('a\u001b[2J\nb'),
		lines: ['13:15:01  a b: started'],
	},
];

for (const {name, event, lines} of lineCases) {
	test(`plain lines: ${name}`, () => {
		assert.deepEqual(plainLines(event), lines);
	});
}

test('a summary says what became of repositories and how accounts shared the work', () => {
	const accounts = ['primary', 'bot-1'].map((label, index) => ({
		account: label,
		label,
		requests: {api: 30 - 20 * index},
		throttled: index,
	}));
	const state = [
		started({accounts: []}),
		repositoryFinished('a', {problems: ['x is missing'], status: 'partial'}),
		repositoryFinished('b', {problems: ['x is missing'], status: 'partial'}),
		finished({
			status: 'partial',
			repositories: {total: 3, backedUp: 1, unchanged: 0, partial: 2, failed: 0},
			requests: {total: 40, throttled: 1},
			accounts,
		}),
	].reduce(reduceRun, initialRunState(run));
	const summary = summarize(state);
	assert.deepEqual(summary.repositories, ['1 backed up', '2 partial']);
	assert.deepEqual(
		summary.accounts.map(({label, share, throttled}) => [label, share, throttled]),
		[
			['primary', 75, 0],
			['bot-1', 25, 1],
		],
	);
	assert.deepEqual(summary.problems, ['a and 1 more: x is missing']);
	const lines = summaryLines(summary);
	assert.match(
		lines[0] ?? '',
		/^nightly finished, but some data is missing: 3 repositories of acme, 40 requests/,
	);
	assert.ok(lines.includes('  bot-1    10 api    25 %   1'));
});

const forecastText = (...events: readonly RunEvent[]): string | undefined =>
	summarize([started(), ...events].reduce(reduceRun, initialRunState(run))).forecast;

test('a summary holds the first forecast against what happened', () => {
	const later = forecast({requests: {}, endsAt: {...foretold.endsAt, likely: '2026-11-22T13:50:00.000Z'}});
	const text = 'forecast 420 api, 60 git in 12 min 10 s; took 12 api, 21 git in 1 min 0 s';
	assert.equal(forecastText(forecast(), later, finished({forecast: foretold})), text);
	const lines = summaryLines(
		summarize([started(), finished({forecast: foretold})].reduce(reduceRun, initialRunState(run))),
	);
	assert.equal(lines[2], `  ${text}`);
});

test('a summary holds no forecast against a run that did not come to its end, was dry, or is of old', () => {
	assert.equal(forecastText(forecast(), finished({forecast: foretold, status: 'cancelled'})), undefined);
	assert.equal(forecastText(forecast(), finished({forecast: foretold, status: 'failed'})), undefined);
	assert.equal(forecastText(forecast()), undefined);
	assert.equal(forecastText(forecast(), finished()), undefined);
	assert.equal(forecastText(finished()), undefined);
});
