import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createAccount, type LimitSettings} from '../../source/accounts/account.ts';
import type {Ledger} from '../../source/accounts/ledger.ts';
import {usableRequests} from '../../source/accounts/limits.ts';
import type {Session} from '../../source/accounts/session.ts';
import {createLedgerBench} from './ledger-bench.ts';

const session: Session = {
	label: 'ci',
	credentialId: 'id-ci',
	kind: 'workspace-access-token',
	authorization: async () => 'Bearer secret',
	git: async () => ({username: 'x-token-auth', password: 'secret'}),
	accepted: () => undefined,
	renew: () => false,
};

function account(ledger: Ledger, settings: Partial<LimitSettings> = {}) {
	return createAccount({
		id: 'ci',
		sessions: [session],
		settings: {overrides: {}, reservePercent: 5, requestsPerSecond: 10, ...settings},
		ledger,
		signal: new AbortController().signal,
	});
}

test('account: what may be used is the limit less the reserve, and always something', () => {
	for (const [limit, reserve, usable] of [
		[1000, 5, 950],
		[1000, 0, 1000],
		[1000, 90, 100],
		[1000, 2.5, 975],
		[7, 5, 6],
		[1, 5, 1],
		[1, 90, 1],
	] as const) {
		assert.equal(usableRequests(limit, reserve), usable, `${limit} less ${reserve} %`);
	}
});

test('account: the documented limits, until the server says otherwise, raised or lowered', () => {
	const {ledger} = createLedgerBench();
	const ci = account(ledger);
	assert.deepEqual(ci.limit('api'), {
		limit: {requests: 1000, windowMilliseconds: 3_600_000},
		source: 'estimate',
	});
	assert.equal(ci.limit('git').limit.requests, 60_000);
	ci.learn('api', {requests: 2500, nearLimit: false});
	assert.equal(ci.limit('api').limit.requests, 2500);
	assert.equal(ci.limit('api').source, 'server');
	assert.equal(ci.candidate('api').usable, 2375);
	ci.learn('api', {requests: 800, nearLimit: false});
	assert.equal(ci.limit('api').limit.requests, 800);
	ci.learn('api', {nearLimit: true});
	assert.equal(ci.limit('api').limit.requests, 800);
	assert.equal(ci.limit('raw').source, 'estimate');
});

test('account: what the server said is known to the next run', () => {
	const {ledger, open} = createLedgerBench();
	account(ledger).learn('api', {requests: 2500, nearLimit: false});
	assert.equal(account(open()).limit('api').limit.requests, 2500);
});

test('account: a person’s word bounds the server’s, a lower one of the server counts', () => {
	const {ledger} = createLedgerBench();
	const ci = account(ledger, {overrides: {api: {requests: 500, windowMilliseconds: 60_000}}});
	ci.learn('api', {requests: 2500, nearLimit: false});
	assert.deepEqual(ci.limit('api'), {
		limit: {requests: 500, windowMilliseconds: 60_000},
		source: 'estimate',
	});
	ci.learn('api', {requests: 100, nearLimit: false});
	assert.deepEqual(ci.limit('api'), {
		limit: {requests: 100, windowMilliseconds: 60_000},
		source: 'server',
	});
});

test('account: bursts are spread, so that no second begins more requests than the plan allows', async context => {
	context.mock.timers.enable({apis: ['setTimeout', 'Date'], now: 1_000_000});
	const {ledger} = createLedgerBench();
	const perSecond = 4;
	const ci = account(ledger, {requestsPerSecond: perSecond});
	const begun: number[] = [];
	const all = Promise.all(
		Array.from({length: 2 * perSecond + 1}, async () => {
			await ci.smooth();
			begun.push(Date.now());
		}),
	);
	for (let count = 0; begun.length < 2 * perSecond + 1 && count < 500; count += 1) {
		await new Promise(setImmediate);
		context.mock.timers.tick(10);
	}

	await all;
	for (const moment of begun) {
		const inSecond = begun.filter(other => other >= moment && other < moment + 990).length;
		assert.ok(inSecond <= perSecond, begun.join(' '));
	}
});
