import assert from 'node:assert/strict';
import test from 'node:test';
import {isRunIdOf, makeRunId, planOfRun} from '../../source/actions/run-id.ts';
import {brokenOff, createOrderedReports} from '../../source/actions/run-report.ts';
import {PlanSchema} from '../../source/model/plan.ts';
import type {RunReport} from '../../source/runs/events.ts';

const plan = PlanSchema.parse({name: 'nightly', organization: 'acme'});

function ordered() {
	const written: RunReport[] = [];
	const reports = createOrderedReports({write: report => written.push(report), plan, pid: 7});
	return {...reports, types: () => written.map(({type}) => type), written};
}

const started: RunReport = {
	type: 'run-started',
	plan: 'nightly',
	organization: 'acme',
	repositories: 2,
	pid: 7,
	accounts: [],
};
const accountFailed: RunReport = {
	type: 'account-failed',
	account: 'a',
	label: 'a',
	reason: 'out',
	status: 401,
};
const end = (status: 'succeeded' | 'failed') =>
	brokenOff({status, problem: 'because', pool: undefined, durationMilliseconds: 5});

test('what is reported before the beginning stands after it', () => {
	const reports = ordered();
	reports.report(accountFailed);
	assert.deepEqual(reports.types(), []);
	reports.report(started);
	reports.report(end('succeeded'));
	assert.deepEqual(reports.types(), ['run-started', 'account-failed', 'run-finished']);
});

test('a run that breaks off before it began has a beginning and an end', () => {
	const reports = ordered();
	reports.report(accountFailed);
	reports.finish(end('failed'));
	assert.deepEqual(reports.types(), ['run-started', 'account-failed', 'run-finished']);
	assert.equal(reports.finished()?.status, 'failed');
	assert.deepEqual(reports.finished()?.problems, ['because']);
});

test('that it is paused before it began, and that it goes on, is told at once', () => {
	const reports = ordered();
	reports.report(accountFailed);
	reports.report({type: 'paused'});
	assert.deepEqual(reports.types(), ['account-failed', 'paused']);
	reports.report({type: 'resumed', pausedMs: 5});
	assert.deepEqual(reports.types(), ['account-failed', 'paused', 'resumed']);
});

test('nothing is written after the end, and there is one end', () => {
	const reports = ordered();
	reports.report(started);
	reports.report(end('succeeded'));
	reports.report(accountFailed);
	reports.finish(end('failed'));
	assert.deepEqual(reports.types(), ['run-started', 'run-finished']);
	assert.equal(reports.finished()?.status, 'succeeded');
});

test('where every account waits before the beginning, that is told at once', () => {
	const reports = ordered();
	const quota = (account: string, remaining: number): RunReport => ({
		type: 'quota',
		account,
		label: account,
		resource: 'api',
		limit: 10,
		windowMs: 1000,
		used: 10 - remaining,
		remaining,
		reserve: 0,
		resets: null,
		frozenUntil: null,
		source: 'estimate',
		perMinute: 0,
	});
	reports.report(quota('a', 0));
	assert.deepEqual(reports.types(), ['quota']);
	reports.report(quota('b', 1));
	assert.deepEqual(reports.types(), ['quota'], 'one that is free will go on');
	reports.report(quota('b', 0));
	assert.deepEqual(reports.types(), ['quota', 'quota', 'quota']);
	reports.report(started);
	reports.finish(end('failed'));
	assert.deepEqual(reports.types(), ['quota', 'quota', 'quota', 'run-started', 'run-finished']);
});

test('a run that breaks off tells what its accounts had sent', () => {
	const pool = {
		totals: () => [
			{account: 'a', label: 'a', requests: {api: 3, git: 2}, throttled: 1},
			{account: 'b', label: 'b', requests: {api: 4}, throttled: 0},
		],
	};
	const report = brokenOff({
		status: 'cancelled',
		problem: 'stopped',
		pool: pool as never,
		durationMilliseconds: 1234.5,
	});
	assert.deepEqual(report.requests, {total: 9, throttled: 1});
	assert.equal(report.accounts.length, 2);
	assert.equal(report.durationMs, 1235);
});

test('the id of a run tells its time and its plan', () => {
	const run = makeRunId(Date.UTC(2026, 10, 22, 13, 15, 0, 123), 'web-nightly');
	assert.equal(run, '20261122T131500.123Z-web-nightly');
	assert.equal(planOfRun(run), 'web-nightly');
	assert.ok(isRunIdOf(run, 'web-nightly'));
});

test('what is no id of a run of the plan does not pass for one', () => {
	for (const text of [
		'nightly',
		'../x-nightly',
		'20261122T131500.123Z-weekly',
		'20261122T131500.123Z-',
		'a/20261122T131500.123Z-nightly',
	]) {
		assert.equal(isRunIdOf(text, 'nightly'), false, text);
	}
});

test('an end that could not be written is none: the run did not succeed', () => {
	const written: string[] = [];
	const reports = createOrderedReports({
		write: ({type}) => {
			if (type === 'run-finished') {
				throw new Error('the disk is full');
			}

			written.push(type);
		},
		plan,
		pid: 7,
	});
	reports.report(started);
	assert.throws(() => reports.report(end('succeeded')), /the disk is full/);
	assert.equal(reports.finished(), undefined);
	assert.throws(() => reports.finish(end('failed')), /the disk is full/);
	assert.deepEqual(written, ['run-started']);
});
