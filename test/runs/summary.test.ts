import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {RunEvent} from '../../source/runs/events.ts';
import {plainLines} from '../../source/runs/plain-lines.ts';
import {initialRunState, reduceRun} from '../../source/runs/run-state.ts';
import {summarize, summaryLines} from '../../source/runs/summary.ts';
import {finished, quota, repositoryFinished, repositoryStarted, run, started} from './events.ts';

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
		lines: ['13:15:02  account primary, api: 950 of 1000 used; next one free at 14:15:00'],
	},
	{
		name: 'quota frozen',
		event: quota({frozenUntil: '2026-11-22T13:20:00.000Z'}),
		lines: [
			'13:15:02  account primary, api: 12 of 1000 used; Bitbucket asked to slow down, left alone until 13:20:00',
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
