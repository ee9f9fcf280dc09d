import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {RunReport} from '../../source/runs/events.ts';
import {
	isWorthALook,
	newsLines,
	noRepositoryProblems,
	type RunNews,
	withReport,
} from '../../source/runs/run-news.ts';
import {finished, repositoryFinished, run} from './events.ts';

type Outcome = RunNews['outcome'];

function news(outcome: Partial<Outcome> = {}, more: Partial<RunNews> = {}): RunNews {
	return {
		run,
		plan: 'nightly',
		organization: 'acme',
		outcome: {...(finished() as RunReport as Outcome), ...outcome},
		repositoryProblems: noRepositoryProblems,
		...more,
	};
}

for (const [name, given, isWorth] of [
	['succeeded', news(), false],
	['partial', news({status: 'partial'}), true],
	['failed', news({status: 'failed'}), true],
	['cancelled', news({status: 'cancelled'}), true],
	['throttled', news({requests: {total: 33, throttled: 1}}), true],
	['with a problem beside', news({problems: ['the credential "bot-1" expires tomorrow']}), true],
	['after one that broke off', news({}, {brokenBefore: '20261121T131500.123Z-nightly'}), true],
] as const) {
	test(`a run that ${name} is ${isWorth ? '' : 'not '}worth a look`, () => {
		assert.equal(isWorthALook(given), isWorth);
	});
}

test('what is told of a run: its end first, then what is missing, then where all of it stands', () => {
	const repositoryProblems = withReport(
		noRepositoryProblems,
		repositoryFinished('web-frontend', {
			status: 'partial',
			problems: ['2 LFS objects are missing upstream'],
		}) as RunReport,
	);
	assert.deepEqual(
		newsLines(
			news(
				{
					status: 'partial',
					repositories: {total: 3, backedUp: 1, unchanged: 1, partial: 1, failed: 0},
					requests: {total: 33, throttled: 2},
					accounts: [{account: '{a}', label: 'primary', requests: {api: 33}, throttled: 2}],
					problems: ['web-frontend: 2 LFS objects are missing upstream', 'the disk is nearly full'],
				},
				{repositoryProblems, brokenBefore: '20261121T131500.123Z-nightly'},
			),
		),
		[
			'Bucket Brigade: nightly finished, but some data is missing',
			'',
			'3 repositories of acme: 1 backed up, 1 unchanged, 1 partial',
			'33 requests, 3.00 kB, 1 min 0 s',
			'Asked to slow down (429): primary 2',
			'The run before, 20261121T131500.123Z-nightly, broke off: it was killed, or the machine went down.',
			'',
			'Problems:',
			'  the disk is nearly full',
			'  web-frontend: 2 LFS objects are missing upstream',
			'',
			`All of it: bucket-brigade watch ${run}`,
		],
	);
});

test('of many problems some are told and the others counted; no line is long, and none brings a terminal into disorder', () => {
	let repositoryProblems = noRepositoryProblems;
	for (let count = 0; count < 50; count += 1) {
		repositoryProblems = withReport(
			repositoryProblems,
			repositoryFinished(`repository-${count}`, {
				problems: [`\u001b[31m${count}\nSubject: another\u0007 ${'x'.repeat(1000)}`],
			}) as RunReport,
		);
	}

	const lines = newsLines(news({problems: ['one beside']}, {repositoryProblems}));
	assert.equal(lines.filter(line => line.startsWith('  ')).length, 21);
	assert.ok(lines.includes('  and 31 more'));
	assert.ok(lines.every(line => line.length < 410 && !/[\u0000-\u001f]/.test(line)));
});
