import assert from 'node:assert/strict';
import {DatabaseSync} from 'node:sqlite';
import {test} from 'node:test';
import fc from 'fast-check';
import {
	createLedger,
	type Ledger,
	type LedgerCandidate,
	type LedgerEntry,
} from '../../source/accounts/ledger.ts';
import {createFakeClock} from '../fake-clock.ts';

const windowMilliseconds = 10_000;

function candidate(account: string, requests: number, usable = requests): LedgerCandidate {
	return {account, limit: {requests, windowMilliseconds}, usable};
}

function charge(
	ledger: Ledger,
	candidates: readonly LedgerCandidate[],
	requests = 1,
): LedgerEntry | undefined {
	const result = ledger.charge('api', candidates, requests);
	return result.kind === 'charged' ? result.entry : undefined;
}

test('ledger: charges until the usable part is used up, then says when the first place frees', () => {
	const clock = createFakeClock();
	const ledger = createLedger(new DatabaseSync(':memory:'), clock);
	const start = clock.now();
	for (const _ of [1, 2, 3]) {
		const entry = charge(ledger, [candidate('a', 4, 3)]);
		assert.ok(entry);
		ledger.settle(entry);
		clock.jump(100);
	}

	const result = ledger.charge('api', [candidate('a', 4, 3)], 1);
	assert.equal(result.kind, 'exhausted');
	assert.ok(result.kind === 'exhausted' && result.retryAt !== null);
	const freed = result.retryAt;
	assert.ok(freed >= start + windowMilliseconds, 'not before one window after the answer');
	assert.ok(freed < start + windowMilliseconds + 200, 'and not much later');

	clock.jump(freed - clock.now());
	assert.ok(charge(ledger, [candidate('a', 4, 3)]));
});

test('ledger: a request without an answer counts longer than any answer can take', () => {
	const clock = createFakeClock();
	const ledger = createLedger(new DatabaseSync(':memory:'), clock);
	assert.ok(charge(ledger, [candidate('a', 1)]));
	clock.jump(windowMilliseconds * 2);
	assert.equal(charge(ledger, [candidate('a', 1)]), undefined);
	clock.jump(10 * 60_000);
	assert.ok(charge(ledger, [candidate('a', 1)]));
});

test('ledger: a refund frees at once, and another resource or account is not touched', () => {
	const clock = createFakeClock();
	const ledger = createLedger(new DatabaseSync(':memory:'), clock);
	const entry = charge(ledger, [candidate('a', 1)]);
	assert.ok(entry);
	assert.equal(charge(ledger, [candidate('a', 1)]), undefined);
	assert.equal(ledger.charge('git', [candidate('a', 1)], 1).kind, 'charged');
	assert.ok(charge(ledger, [candidate('b', 1)]));
	ledger.refund(entry);
	assert.ok(charge(ledger, [candidate('a', 1)]));
});

test('ledger: what was charged in one process is seen by another', () => {
	const clock = createFakeClock();
	const database = new DatabaseSync(':memory:');
	const first = createLedger(database, clock);
	const second = createLedger(database, clock);
	assert.ok(charge(first, [candidate('a', 1)]));
	assert.equal(charge(second, [candidate('a', 1)]), undefined);
});

test('ledger: several requests at once wait until all of them have room', () => {
	const clock = createFakeClock();
	const ledger = createLedger(new DatabaseSync(':memory:'), clock);
	for (const _ of [1, 2, 3]) {
		const entry = charge(ledger, [candidate('a', 4)]);
		assert.ok(entry);
		ledger.settle(entry);
		clock.jump(1000);
	}

	const result = ledger.charge('api', [candidate('a', 4)], 3);
	assert.ok(result.kind === 'exhausted' && result.retryAt !== null);
	// One place is free, two more free when the second entry ends.
	assert.ok(result.retryAt - clock.now() > windowMilliseconds - 2100);
	clock.jump(result.retryAt - clock.now());
	assert.ok(charge(ledger, [candidate('a', 4)], 3));
});

test('ledger: after a 429 the account rests, then one probe goes, and success ends it', () => {
	const clock = createFakeClock();
	const ledger = createLedger(new DatabaseSync(':memory:'), clock);
	const entry = charge(ledger, [candidate('a', 10)]);
	assert.ok(entry);
	const until = ledger.freeze(entry, undefined, 0);
	ledger.settle(entry);
	assert.equal(ledger.usage('a', 'api').frozenUntil, until);
	assert.equal(charge(ledger, [candidate('a', 10)]), undefined, 'frozen');

	clock.jump(until - clock.now());
	const probe = charge(ledger, [candidate('a', 10)]);
	assert.ok(probe?.isProbe);
	assert.equal(charge(ledger, [candidate('a', 10)]), undefined, 'one probe at a time');
	ledger.thaw('a', 'api');
	ledger.settle(probe);
	assert.ok(charge(ledger, [candidate('a', 10)]));
	assert.equal(ledger.usage('a', 'api').frozenUntil, null);
});

test('ledger: a second 429 in a row freezes for longer, a late one of the same burst does not', () => {
	const clock = createFakeClock();
	const ledger = createLedger(new DatabaseSync(':memory:'), clock);
	const first = charge(ledger, [candidate('a', 10)]);
	const second = charge(ledger, [candidate('a', 10)]);
	assert.ok(first && second);
	const start = clock.now();
	const until = ledger.freeze(first, undefined, 0);
	assert.equal(ledger.freeze(second, undefined, 0), until, 'the same burst');
	clock.jump(until - clock.now());
	const probe = charge(ledger, [candidate('a', 10)]);
	assert.ok(probe);
	const again = ledger.freeze(probe, undefined, 0);
	assert.equal(again - clock.now(), 2 * (until - start));
});

test('ledger: an unreasonable Retry-After is not honoured, a reasonable one is', () => {
	const clock = createFakeClock();
	const ledger = createLedger(new DatabaseSync(':memory:'), clock);
	const entry = charge(ledger, [candidate('a', 10)]);
	const other = charge(ledger, [candidate('b', 10)]);
	assert.ok(entry && other);
	assert.ok(ledger.freeze(entry, 86_400_000, 0) - clock.now() <= windowMilliseconds);
	assert.equal(ledger.freeze(other, 7000, 0) - clock.now(), 7000);
});

/** What the server sees: each request counts at some moment between its charge and its answer. */
test('ledger: for any arrivals, latencies and restarts no window at the server holds more than the limit', () => {
	const step = fc.record({
		wait: fc.integer({min: 0, max: 4000}),
		latency: fc.integer({min: 0, max: 3000}),
		countedAt: fc.double({min: 0, max: 1, noNaN: true}),
		restart: fc.boolean(),
	});
	fc.assert(
		fc.property(fc.integer({min: 1, max: 6}), fc.array(step, {maxLength: 120}), (limit, steps) => {
			const clock = createFakeClock();
			const database = new DatabaseSync(':memory:');
			let ledger = createLedger(database, clock);
			let answers: Array<{at: number; entry: LedgerEntry}> = [];
			const counted: number[] = [];

			for (const {wait, latency, countedAt, restart} of steps) {
				const until = clock.now() + wait;
				for (const answer of answers.filter(({at}) => at <= until).sort((a, b) => a.at - b.at)) {
					clock.jump(answer.at - clock.now());
					ledger.settle(answer.entry);
				}

				answers = answers.filter(({at}) => at > until);
				clock.jump(until - clock.now());
				if (restart) {
					// What was under way is never settled by the new process.
					answers = [];
					ledger = createLedger(database, clock);
				}

				const entry = charge(ledger, [candidate('a', limit)]);
				if (entry !== undefined) {
					counted.push(clock.now() + latency * countedAt);
					answers.push({at: clock.now() + latency, entry});
				}
			}

			for (const moment of counted) {
				const inWindow = counted.filter(other => other >= moment && other < moment + windowMilliseconds);
				assert.ok(inWindow.length <= limit, `${inWindow.length} of ${limit} in one window`);
			}
		}),
		{numRuns: 200},
	);
});

test('ledger: equal accounts are used equally', () => {
	fc.assert(
		fc.property(fc.integer({min: 2, max: 8}), fc.integer({min: 1, max: 200}), (accounts, requests) => {
			const clock = createFakeClock();
			const ledger = createLedger(new DatabaseSync(':memory:'), clock);
			const candidates = Array.from({length: accounts}, (_, index) => candidate(`account-${index}`, 1000));
			for (let sent = 0; sent < requests; sent += 1) {
				assert.ok(charge(ledger, candidates));
			}

			const used = candidates.map(({account}) => ledger.usage(account, 'api').used);
			assert.ok(Math.max(...used) - Math.min(...used) <= 1);
		}),
		{numRuns: 30},
	);
});
