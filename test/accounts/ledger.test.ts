import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {settlementMargin} from '../../source/accounts/ledger.ts';
import {successesForTrust} from '../../source/accounts/trust.ts';
import {candidate, charge, createLedgerBench, retryAt, windowMilliseconds} from './ledger-bench.ts';

test('ledger: charges until the usable part is used up, then says when the first place frees', () => {
	const {clock, ledger} = createLedgerBench();
	const start = clock.elapsed();
	for (const _ of [1, 2, 3]) {
		const entry = charge(ledger, [candidate('a', 4, 3)]);
		assert.ok(entry);
		ledger.settle(entry);
		clock.jump(100);
	}

	const freed = retryAt(ledger, [candidate('a', 4, 3)]);
	assert.equal(freed, start + windowMilliseconds + settlementMargin(windowMilliseconds));
	clock.jump(freed - 1 - clock.elapsed());
	assert.equal(charge(ledger, [candidate('a', 4, 3)]), undefined);
	clock.jump(1);
	assert.ok(charge(ledger, [candidate('a', 4, 3)]));
	assert.equal(charge(ledger, [candidate('a', 4, 3)]), undefined, 'one place, not more');
});

test('ledger: a request without an answer counts longer than any answer can take', () => {
	const {clock, ledger} = createLedgerBench();
	assert.ok(charge(ledger, [candidate('a', 1)]));
	clock.jump(windowMilliseconds * 2);
	assert.equal(charge(ledger, [candidate('a', 1)]), undefined);
	clock.jump(10 * 60_000);
	assert.ok(charge(ledger, [candidate('a', 1)]));
});

test('ledger: a refund frees at once, and another resource or account is not touched', () => {
	const {ledger} = createLedgerBench();
	const entry = charge(ledger, [candidate('a', 1)]);
	assert.ok(entry);
	assert.equal(charge(ledger, [candidate('a', 1)]), undefined);
	assert.ok(charge(ledger, [candidate('a', 1)], {resource: 'git'}));
	assert.ok(charge(ledger, [candidate('b', 1)]));
	ledger.refund(entry);
	assert.ok(charge(ledger, [candidate('a', 1)]));
});

test('ledger: what was charged in one process is seen by another', () => {
	const {ledger, open} = createLedgerBench();
	const other = open({processId: 2, isAlive: () => true});
	assert.ok(charge(ledger, [candidate('a', 1)]));
	assert.equal(charge(other, [candidate('a', 1)]), undefined);
});

test('ledger: several requests at once wait until all of them have room', () => {
	const {clock, ledger} = createLedgerBench();
	for (const _ of [1, 2, 3]) {
		const entry = charge(ledger, [candidate('a', 4)]);
		assert.ok(entry);
		ledger.settle(entry);
		clock.jump(1000);
	}

	// One place is free, two more free when the second entry ends.
	const freed = retryAt(ledger, [candidate('a', 4)], {requests: 3}) ?? 0;
	assert.ok(freed - clock.elapsed() > windowMilliseconds - 2100);
	clock.jump(freed - clock.elapsed());
	assert.ok(charge(ledger, [candidate('a', 4)], {requests: 3}));
});

test('ledger: more at once than the whole quota is charged as all of it', () => {
	const {ledger} = createLedgerBench();
	assert.ok(charge(ledger, [candidate('a', 4)], {requests: 9}));
	assert.equal(ledger.usage('a', 'api').used, 4);
});

test('ledger: after a 429 the account rests, then requests go one by one until trust is back', () => {
	const {clock, ledger} = createLedgerBench();
	const entry = charge(ledger, [candidate('a', 100)]);
	assert.ok(entry);
	ledger.throttled(entry, undefined, 0);
	ledger.settle(entry);
	const {frozenUntil, used, foreign} = ledger.usage('a', 'api');
	assert.ok(frozenUntil !== null);
	assert.equal(used, 100, 'the window is taken for full');
	assert.equal(foreign, 99);
	assert.equal(charge(ledger, [candidate('a', 100)]), undefined, 'frozen');

	clock.jump(frozenUntil - clock.now());
	for (let count = 0; count < successesForTrust; count += 1) {
		const probe = charge(ledger, [candidate('a', 100)]);
		assert.ok(probe?.isProbe, `request ${count}`);
		assert.equal(charge(ledger, [candidate('a', 100)]), undefined, 'one at a time');
		assert.equal(retryAt(ledger, [candidate('a', 100)]), null, 'only its answer can tell');
		ledger.succeeded(probe);
		ledger.settle(probe);
	}

	assert.equal(ledger.usage('a', 'api').frozenUntil, null);
	// By count the window is still full of what others sent: one by one until that cannot be any more.
	assert.ok(charge(ledger, [candidate('a', 100)])?.isProbe);
	clock.jump(windowMilliseconds);
	assert.ok(charge(ledger, [candidate('a', 100)])?.isProbe === false);
	assert.ok(charge(ledger, [candidate('a', 100)])?.isProbe === false);
});

test('ledger: a probe that nobody answers for is given up, so that another can go', () => {
	const {clock, ledger} = createLedgerBench();
	const entry = charge(ledger, [candidate('a', 10)]);
	assert.ok(entry);
	ledger.throttled(entry, undefined, 0);
	ledger.settle(entry);
	clock.jump(5000);
	assert.ok(charge(ledger, [candidate('a', 10)])?.isProbe);
	assert.equal(charge(ledger, [candidate('a', 10)]), undefined);
	clock.jump(60_001);
	assert.ok(charge(ledger, [candidate('a', 10)]));
});

test('ledger: an unreasonable Retry-After is not honoured, a reasonable one is', () => {
	const {clock, ledger} = createLedgerBench();
	const entry = charge(ledger, [candidate('a', 10)]);
	const other = charge(ledger, [candidate('b', 10)]);
	assert.ok(entry && other);
	ledger.throttled(entry, 86_400_000, 0);
	ledger.throttled(other, 7000, 0);
	assert.ok((ledger.usage('a', 'api').frozenUntil ?? 0) - clock.now() <= windowMilliseconds);
	assert.equal((ledger.usage('b', 'api').frozenUntil ?? 0) - clock.now(), 7000);
});

test('ledger: a warning of the server makes the account the last choice', () => {
	const {ledger} = createLedgerBench();
	const candidates = [candidate('a', 100), candidate('b', 100)];
	const entry = charge(ledger, candidates);
	assert.equal(entry?.account, 'a');
	ledger.succeeded(entry, {nearLimit: true});
	assert.equal(ledger.usage('a', 'api').used, 80);
	for (let count = 0; count < 80; count += 1) {
		assert.equal(charge(ledger, candidates)?.account, 'b', `request ${count}`);
	}

	assert.equal(charge(ledger, candidates)?.account, 'a');
});

test('ledger: what the server told of a limit is known after a restart', () => {
	const {ledger, open} = createLedgerBench();
	assert.equal(ledger.told('a', 'api'), undefined);
	ledger.tell('a', 'api', 2500);
	assert.equal(open().told('a', 'api'), 2500);
	assert.equal(open().told('a', 'raw'), undefined);
});

test('ledger: equal accounts are used equally', () => {
	fc.assert(
		fc.property(fc.integer({min: 2, max: 8}), fc.integer({min: 1, max: 200}), (accounts, requests) => {
			const {ledger} = createLedgerBench();
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

test('ledger: requests under way when their process was killed count for one window, those of a living one longer', () => {
	const {clock, ledger, open} = createLedgerBench({processId: 1, isAlive: () => true});
	assert.ok(charge(ledger, [candidate('a', 2)]));
	const living = open({processId: 2});
	assert.ok(charge(living, [candidate('a', 2)]));
	clock.jump(2000);
	const next = open({processId: 3, isAlive: id => id === 2});
	assert.equal(charge(next, [candidate('a', 2)]), undefined);
	// What the killed one sent may have reached the server a little later than it died.
	clock.jump(windowMilliseconds + 10_000 + settlementMargin(windowMilliseconds));
	assert.ok(charge(next, [candidate('a', 2)]));
	assert.equal(charge(next, [candidate('a', 2)]), undefined, 'the living one’s still counts');
});

test('ledger: requests of a git whose parent was killed count on, for it may live', () => {
	const {clock, ledger, open} = createLedgerBench({processId: 1});
	assert.ok(charge(ledger, [candidate('a', 1)], {resource: 'git'}));
	const next = open({processId: 2, isAlive: () => false});
	clock.jump(windowMilliseconds + 60_000);
	assert.equal(charge(next, [candidate('a', 1)], {resource: 'git'}), undefined);
});

test('ledger: whoever sets the clock changes nothing', () => {
	for (const set of [-86_400_000, -3_600_000, 3_600_000, 86_400_000 * 400]) {
		const {clock, ledger} = createLedgerBench();
		const entry = charge(ledger, [candidate('a', 1)]);
		assert.ok(entry);
		ledger.settle(entry);
		clock.setBy(set);
		assert.equal(charge(ledger, [candidate('a', 1)]), undefined);
		clock.jump(windowMilliseconds);
		assert.equal(charge(ledger, [candidate('a', 1)]), undefined);
		clock.jump(settlementMargin(windowMilliseconds));
		assert.ok(charge(ledger, [candidate('a', 1)]), 'and it frees when it should');
		const frees = ledger.usage('a', 'api').freesAt ?? 0;
		assert.ok(frees > clock.now(), 'times for people are those of the clock as it is now');
	}
});

test('ledger: a machine that was off carries its entries over, less the time it was off', () => {
	const {clock, ledger, open} = createLedgerBench();
	const entry = charge(ledger, [candidate('a', 1)]);
	assert.ok(entry);
	ledger.settle(entry);
	clock.reboot(4000);
	const next = open({processId: 99, isAlive: () => false});
	clock.jump(windowMilliseconds - 4100);
	assert.equal(charge(next, [candidate('a', 1)]), undefined);
	clock.jump(100 + settlementMargin(windowMilliseconds));
	assert.ok(charge(next, [candidate('a', 1)]));
});

test('ledger: a machine that was off, and comes back with its clock set back, frees nothing early', () => {
	const {clock, ledger, open} = createLedgerBench();
	const entry = charge(ledger, [candidate('a', 1)]);
	assert.ok(entry);
	ledger.settle(entry);
	clock.reboot(4000);
	clock.setBy(-86_400_000);
	const next = open({processId: 99, isAlive: () => false});
	clock.jump(windowMilliseconds - 1);
	assert.equal(charge(next, [candidate('a', 1)]), undefined);
	clock.jump(1 + settlementMargin(windowMilliseconds));
	assert.ok(charge(next, [candidate('a', 1)]));
});

test('ledger: a freeze and what others sent survive a restart of the machine', () => {
	const {clock, ledger, open} = createLedgerBench();
	const entry = charge(ledger, [candidate('a', 10)]);
	assert.ok(entry);
	ledger.throttled(entry, 8000, 0);
	ledger.settle(entry);
	clock.reboot(3000);
	const next = open({processId: 99, isAlive: () => false});
	assert.equal((next.usage('a', 'api').frozenUntil ?? 0) - clock.now(), 5000);
	assert.equal(next.usage('a', 'api').used, 10);
});

test('ledger: after its database was lost nothing is sent until what was sent cannot count any more', () => {
	const {clock, open} = createLedgerBench();
	const ledger = open();
	const begun = createLedgerBench({lostAt: clock.now() - 2000});
	assert.equal(begun.clock.now(), clock.now());
	assert.ok(charge(ledger, [candidate('a', 10)]));
	assert.equal(charge(begun.ledger, [candidate('a', 10)]), undefined);
	assert.notEqual(begun.ledger.usage('a', 'api', windowMilliseconds).frozenUntil, null);
	const left = windowMilliseconds + settlementMargin(windowMilliseconds) - 2000;
	begun.clock.jump(left - 1);
	assert.equal(charge(begun.ledger, [candidate('a', 10)]), undefined);
	assert.equal(charge(begun.open(), [candidate('a', 10)]), undefined, 'nor after a restart');
	begun.clock.jump(1);
	assert.ok(charge(begun.ledger, [candidate('a', 10)]));
});

test('ledger: tables that nobody can read are begun anew, and treated as lost', () => {
	const {clock, database, ledger, open} = createLedgerBench();
	assert.ok(charge(ledger, [candidate('a', 10)]));
	database.exec('DROP TABLE quota_entries; CREATE TABLE quota_entries (rubbish TEXT)');
	const next = open();
	assert.equal(charge(next, [candidate('a', 10)]), undefined);
	clock.jump(windowMilliseconds + settlementMargin(windowMilliseconds));
	assert.ok(charge(next, [candidate('a', 10)]));
});

test('ledger: sums that do not agree with the entries are put right, entries from nowhere end in time', () => {
	const {clock, database, ledger, open} = createLedgerBench();
	for (const _ of [1, 2, 3]) {
		assert.ok(charge(ledger, [candidate('a', 3)]));
	}

	database.exec(
		`UPDATE quotas SET used = -1000000; UPDATE quota_entries SET counts_until = ${2 ** 52} WHERE id = 1`,
	);
	const next = open();
	assert.equal(next.usage('a', 'api').used, 3);
	assert.equal(charge(next, [candidate('a', 3)]), undefined);
	const longest = 10 * 60_000 + windowMilliseconds * 2;
	clock.jump(longest);
	assert.equal(next.usage('a', 'api').used, 1, 'one that would count for ever');
	assert.ok((retryAt(next, [candidate('a', 1)]) ?? 0) <= clock.elapsed() + longest);
	clock.jump(longest);
	assert.ok(charge(next, [candidate('a', 1)]), 'does not');
});

test('ledger: rests that would never end do, whatever the database says', () => {
	for (const column of ['frozen_until', 'foreign_until', 'probing_until', 'remembered_until']) {
		const {clock, database, ledger, open} = createLedgerBench();
		const entry = charge(ledger, [candidate('a', 3)]);
		assert.ok(entry);
		ledger.throttled(entry, undefined, 0);
		ledger.settle(entry);
		database.exec(`UPDATE quotas SET foreign_requests = 1000000, ${column} = ${2 ** 52}`);
		const next = open();
		clock.jump(2 * 86_400_000 + 1000);
		assert.ok(charge(next, [candidate('a', 3)]), column);
	}
});

test('ledger: says when places open, in few words', () => {
	const {clock, ledger} = createLedgerBench();
	for (let second = 0; second < 4; second += 1) {
		const entry = charge(ledger, [candidate('a', 10, 8)]);
		assert.ok(entry);
		ledger.settle(entry);
		clock.jump(1000);
	}

	const supply = ledger.supply(candidate('a', 10, 8), 'api');
	assert.equal(supply.usable, 8);
	assert.equal(supply.free, 4);
	assert.equal(supply.turnoverMilliseconds, windowMilliseconds + settlementMargin(windowMilliseconds));
	assert.equal(
		supply.openings.reduce((sum, {places}) => sum + places, 0),
		4,
	);
	for (const [index, {inMilliseconds}] of supply.openings.entries()) {
		const exact = windowMilliseconds + settlementMargin(windowMilliseconds) - 4000 + index * 1000;
		assert.ok(inMilliseconds >= exact && inMilliseconds < exact + 50);
	}

	const frozen = charge(ledger, [candidate('a', 10, 8)]);
	assert.ok(frozen);
	ledger.throttled(frozen, 3000, 0);
	const later = ledger.supply(candidate('a', 10, 8), 'api');
	assert.equal(later.free, 0);
	assert.ok(later.openings.every(({inMilliseconds}) => inMilliseconds >= 3000));
	assert.equal(
		later.openings.reduce((sum, {places}) => sum + places, 0),
		8,
	);
});

test('ledger: a clock that is set shortly before the machine is switched off frees nothing early', () => {
	const {clock, ledger, open} = createLedgerBench();
	const entry = charge(ledger, [candidate('a', 1)]);
	assert.ok(entry);
	ledger.settle(entry);
	clock.setBy(3_600_000);
	assert.equal(charge(ledger, [candidate('a', 1)]), undefined);
	clock.reboot(1000);
	const next = open({processId: 99, isAlive: () => false});
	assert.equal(charge(next, [candidate('a', 1)]), undefined);
	clock.jump(windowMilliseconds - 1100);
	assert.equal(charge(next, [candidate('a', 1)]), undefined);
});

test('ledger: thousands of entries are told as a short list of openings', () => {
	const {clock, ledger} = createLedgerBench();
	for (let n = 0; n < 1000; n += 1) {
		const entry = charge(ledger, [candidate('a', 1000)]);
		assert.ok(entry);
		ledger.settle(entry);
		clock.jump(9);
	}

	const {openings} = ledger.supply(candidate('a', 1000), 'api');
	assert.ok(openings.length <= 242, `${openings.length}`);
	assert.equal(
		openings.reduce((sum, {places}) => sum + places, 0),
		1000,
	);
});
