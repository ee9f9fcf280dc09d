import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {createLimiter, documentedLimits} from '../../source/sandbox/limiter.ts';
import type {SandboxAccount, SandboxLimits} from '../../source/sandbox/service-types.ts';

const limits: SandboxLimits = {api: {requests: 3, windowMilliseconds: 1000}};

function account(id: string): SandboxAccount {
	const credential = {label: id, kind: 'api-token', secret: id, account: id, scopes: []} as const;
	return {id, displayName: `Account ${id}`, kind: 'user', credential};
}

function setUp(options: {countThrottled?: boolean; retryAfter?: boolean} = {}) {
	const clock = {time: 0};
	const limiter = createLimiter({limits, now: () => clock.time, ...options});
	const allowedAt = (time: number, id = 'one') => {
		clock.time = time;
		return limiter.charge(account(id), 'api').allowed;
	};

	return {limiter, allowedAt, clock};
}

test('lets as many through as the window holds, and more when the first leave it', () => {
	const {allowedAt} = setUp();
	assert.deepEqual(
		[0, 400, 800, 900, 999, 1000, 1001, 1400, 1799, 1800].map(time => allowedAt(time)),
		[true, true, true, false, false, true, false, true, false, true],
	);
});

test('what was refused uses nothing, unless asked to', () => {
	const times = [0, 0, 0, 500, 500, 500, 1000];
	const kind = setUp();
	assert.equal(times.map(time => kind.allowedAt(time)).at(-1), true);
	const strict = setUp({countThrottled: true});
	assert.equal(times.map(time => strict.allowedAt(time)).at(-1), false);
});

test('accounts and resources have windows of their own', () => {
	const {limiter, allowedAt} = setUp();
	assert.deepEqual([allowedAt(0), allowedAt(0), allowedAt(0), allowedAt(0)], [true, true, true, false]);
	assert.equal(allowedAt(0, 'other'), true);
	const git = limiter.charge(account('one'), 'git');
	assert.deepEqual(git, {
		allowed: true,
		limit: documentedLimits.git.requests,
		remaining: documentedLimits.git.requests - 1,
		windowMilliseconds: 3_600_000,
	});
});

test('statistics count what was sent and what of it was refused', () => {
	const {limiter, allowedAt} = setUp();
	for (const time of [0, 1, 2, 3, 4]) {
		allowedAt(time);
	}

	limiter.charge(account('other'), 'raw');
	assert.deepEqual(limiter.statistics(), [
		{id: 'one', account: 'Account one', resource: 'api', requests: 5, throttled: 2},
		{id: 'other', account: 'Account other', resource: 'raw', requests: 1, throttled: 0},
	]);
});

test('another tool takes what is free, and stands in no statistics', () => {
	const {limiter, allowedAt} = setUp();
	limiter.burst(account('one'), 'api', 100);
	assert.equal(allowedAt(999), false);
	assert.equal(allowedAt(1000), true);
	assert.equal(limiter.statistics()[0]?.requests, 2);
});

test('tells when to come back only if asked to', () => {
	const silent = setUp();
	[0, 0, 0].map(time => silent.allowedAt(time));
	assert.equal(silent.limiter.charge(account('one'), 'api').retryAfterSeconds, undefined);
	const talking = setUp({retryAfter: true});
	[0, 0, 0].map(time => talking.allowedAt(time));
	assert.equal(talking.limiter.charge(account('one'), 'api').retryAfterSeconds, 1);
});

test('strangers have sixty an hour by address', () => {
	const {limiter} = setUp();
	const answers = Array.from({length: 61}, () => limiter.chargeAnonymous('192.0.2.1').allowed);
	assert.deepEqual(answers.indexOf(false), 60);
	assert.equal(limiter.chargeAnonymous('192.0.2.2').allowed, true);
});

test('no window ever lets more through than its limit, for any arrivals', () => {
	fc.assert(
		fc.property(fc.array(fc.nat(600), {maxLength: 200}), pauses => {
			const {allowedAt} = setUp();
			const allowed: number[] = [];
			let time = 0;
			for (const pause of pauses) {
				time += pause;
				if (allowedAt(time)) {
					allowed.push(time);
				}
			}

			for (const end of allowed) {
				assert.ok(allowed.filter(moment => moment <= end && moment > end - 1000).length <= 3);
			}
		}),
	);
});
