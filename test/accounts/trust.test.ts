import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
	afterNearLimit,
	afterSuccess,
	afterThrottle,
	fullTrust,
	isCareful,
	successesForTrust,
	type Trust,
	type TrustContext,
	trustAt,
} from '../../source/accounts/trust.ts';

const hour = 3_600_000;

function at(now: number, used = 0): TrustContext {
	return {now, used, limit: 1000, windowMilliseconds: hour};
}

function throttle(before: Trust, now: number, {used = 0, chargedAt = now - 100} = {}): Trust {
	return afterThrottle(before, at(now, used), {chargedAt, retryAfterMilliseconds: undefined, random: 0});
}

function succeed(before: Trust, times: number, now: number, used = 0): Trust {
	let trust = before;
	for (let count = 0; count < times; count += 1) {
		trust = afterSuccess(trust, at(now, used));
	}

	return trust;
}

test('trust: a 429 freezes, and takes what our own count does not explain for others’', () => {
	const trust = throttle(fullTrust, 10_000, {used: 300});
	assert.equal(trust.frozenUntil, 10_000 + 15_000);
	assert.equal(trust.foreign, 700);
	assert.equal(trust.foreignUntil, 10_000 + hour);
	assert.ok(isCareful(trust));
});

test('trust: with our own count at the limit nobody else is blamed', () => {
	assert.equal(throttle(fullTrust, 10_000, {used: 1000}).foreign, 0);
});

test('trust: requests that were on the way when a 429 came say nothing new', () => {
	const first = throttle(fullTrust, 10_000);
	assert.equal(throttle(first, 10_050), first, 'while it is frozen');
	const late = first.frozenUntil + 1000;
	assert.equal(throttle(first, late, {chargedAt: 9000}), first, 'a slow answer after the freeze');
	assert.notEqual(throttle(first, late), first);
});

test('trust: each refused probe doubles the freeze, up to the window', () => {
	let trust = fullTrust;
	let now = 10_000;
	const waits: number[] = [];
	for (let step = 0; step < 11; step += 1) {
		trust = throttle(trust, now);
		waits.push((trust.frozenUntil - now) / 1000);
		now = trust.frozenUntil + 200;
	}

	assert.deepEqual(waits, [15, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
});

test('trust: a freeze after which much was answered is kept or halved, not doubled', () => {
	const first = throttle(fullTrust, 10_000);
	const second = throttle(first, first.frozenUntil + 200);
	assert.equal(second.step, 1);
	const now = second.frozenUntil + 200;
	assert.equal(throttle(succeed(second, successesForTrust - 1, now), now).step, 2);
	assert.equal(throttle(succeed(second, successesForTrust, now), now).step, 1);
	assert.equal(throttle(succeed(second, 64, now), now).step, 0);
});

test('trust: comes back after some answers one by one, and not by those sent before the freeze', () => {
	const frozen = throttle(fullTrust, 10_000);
	assert.equal(succeed(frozen, 20, 10_100), frozen, 'answers that come while it is frozen');
	const now = frozen.frozenUntil + 200;
	assert.ok(isCareful(succeed(frozen, successesForTrust - 1, now)));
	assert.ok(!isCareful(succeed(frozen, successesForTrust, now)));
});

test('trust: an answer proves that others have not used more than is left', () => {
	const frozen = throttle(fullTrust, 10_000, {used: 300});
	const now = frozen.frozenUntil + 200;
	assert.equal(afterSuccess(frozen, at(now, 301)).foreign, 699);
	assert.equal(afterSuccess(frozen, at(now, 40)).foreign, 700, 'our own that stopped counting prove nothing');
});

test('trust: a warning that the limit is near counts what our own requests do not explain', () => {
	const warned = afterNearLimit(fullTrust, at(5000, 100));
	assert.equal(warned.foreign, 700);
	assert.ok(!isCareful(warned));
	assert.equal(afterNearLimit(fullTrust, at(5000, 850)), fullTrust, 'our own 850 explain it');
	assert.equal(afterNearLimit(throttle(fullTrust, 4000, {used: 100}), at(5000, 100)).foreign, 900);
});

test('trust: everything is forgotten in time', () => {
	const trust = throttle(fullTrust, 10_000, {used: 300});
	assert.equal(trustAt(trust, 10_000 + hour - 1).foreign, 700);
	assert.equal(trustAt(trust, 10_000 + hour).foreign, 0);
	assert.ok(isCareful(trustAt(trust, trust.rememberedUntil - 1)));
	assert.deepEqual(trustAt(trust, trust.rememberedUntil), {
		...fullTrust,
		frozenUntil: trust.frozenUntil,
		rememberedUntil: trust.rememberedUntil,
	});
	assert.equal(throttle(trust, trust.rememberedUntil).step, 0);
});
