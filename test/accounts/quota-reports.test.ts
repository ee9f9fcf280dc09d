import assert from 'node:assert/strict';
import {test} from 'node:test';
import {isNews} from '../../source/accounts/quota-reporter.ts';
import type {QuotaReport} from '../../source/accounts/reports.ts';
import {type Bench, createBench, opened} from './fake-bitbucket.ts';

/* What the quota bars show. */

function reportsOf({changes}: Bench, label: string): readonly QuotaReport[] {
	return changes.flatMap(change => (change.type === 'quota' && change.label === label ? [change] : []));
}

async function ask({pool, finish}: Bench, times: number): Promise<void> {
	await finish(Promise.all(Array.from({length: times}, async (_, n) => pool.get({url: `/user?n=${n}`}))));
}

test('quota reports: used, limit, reserve, what is left, when the next place frees, requests a minute', async () => {
	const bench = await createBench({
		credentials: [opened('a')],
		apiLimit: '20/10s',
		reservePercent: 10,
		answer: () => ({status: 200}),
	});
	await ask(bench, 4);
	bench.pool.close();
	const {resets, ...report} = reportsOf(bench, 'a').at(-1) ?? {};
	assert.deepEqual(report, {
		type: 'quota',
		account: bench.pool.accounts()[0]?.id,
		label: 'a',
		resource: 'api',
		limit: 20,
		windowMs: 10_000,
		used: 4,
		others: 0,
		remaining: 14,
		reserve: 2,
		frozenUntil: null,
		ledgerLost: false,
		oneByOne: false,
		failed: null,
		source: 'estimate',
		perMinute: 4,
		sent: 4,
	});
	const wait = Date.parse(resets ?? '') - bench.clock.now();
	assert.ok(wait > 0 && wait <= 10_027, `${wait}`);
});

test('quota reports: a limit that the server told says so', async () => {
	const bench = await createBench({
		credentials: [opened('a')],
		answer: () => ({status: 200, headers: {'x-ratelimit-limit': '2500'}}),
	});
	await ask(bench, 1);
	bench.pool.close();
	const report = reportsOf(bench, 'a').at(-1);
	assert.deepEqual([report?.limit, report?.source], [2500, 'server']);
});

test('quota reports: after a 429 until when it rests, what others are believed to have used, and that it goes one by one', async () => {
	const bench = await createBench({
		credentials: [opened('a'), opened('b')],
		apiLimit: '20/10s',
		answer: ({who}) => ({status: who === 'a' ? 429 : 200}),
	});
	await ask(bench, 1);
	bench.pool.close();
	const report = reportsOf(bench, 'a').at(-1);
	assert.ok(report !== undefined && report.frozenUntil !== null);
	assert.deepEqual([report.used, report.others, report.remaining, report.oneByOne], [20, 19, 0, true]);
});

test('quota reports: an account that is out says why', async () => {
	const bench = await createBench({
		credentials: [opened('a'), opened('b')],
		answer: ({who}) => (who === 'a' ? {status: 401, body: 'Token is expired'} : {status: 200}),
	});
	await ask(bench, 2);
	bench.pool.close();
	const report = reportsOf(bench, 'a').at(-1);
	assert.match(report?.failed ?? '', /Token is expired/);
	assert.equal(report?.remaining, 0);
});

test('quota reports: at most one a second for each account, and none while nothing changes', async () => {
	const bench = await createBench({credentials: [opened('a')], answer: () => ({status: 200})});
	for (let n = 0; n < 20; n += 1) {
		await ask(bench, 3);
	}

	const begun = bench.clock.elapsed();
	await bench.clock.advance(5000);
	const seconds = bench.clock.elapsed() - begun;
	assert.equal(seconds, 5000);
	const busy = reportsOf(bench, 'a').length;
	// One when the pool was opened, one for each second since.
	assert.ok(busy <= 7, `${busy} reports`);
	await bench.clock.advance(20_000);
	assert.equal(reportsOf(bench, 'a').length, busy);
});

test('quota reports: a moment that is told a little sooner or later is no news, any other difference is', () => {
	const moment = Date.parse('2026-11-22T12:00:00.000Z');
	const iso = (milliseconds: number): string => new Date(moment + milliseconds).toISOString();
	const report: QuotaReport = {
		type: 'quota',
		account: 'a',
		label: 'a',
		resource: 'api',
		limit: 1000,
		windowMs: 3_600_000,
		used: 5,
		others: 0,
		remaining: 945,
		reserve: 50,
		resets: iso(0),
		frozenUntil: null,
		ledgerLost: false,
		oneByOne: false,
		failed: null,
		source: 'estimate',
		perMinute: 3,
		sent: 5,
	};
	const news: ReadonlyArray<readonly [Partial<QuotaReport>, boolean]> = [
		[{}, false],
		[{resets: iso(1)}, false],
		[{resets: iso(-999)}, false],
		[{resets: iso(1000)}, true],
		[{resets: null}, true],
		[{frozenUntil: iso(5)}, true],
		[{perMinute: 2}, true],
		[{sent: 6}, true],
		[{failed: 'revoked'}, true],
	];
	assert.equal(isNews(undefined, report), true);
	for (const [change, expected] of news) {
		assert.equal(isNews(report, {...report, ...change}), expected, JSON.stringify(change));
	}
});
