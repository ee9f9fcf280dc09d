import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import type {Ledger, LedgerEntry} from '../../source/accounts/ledger.ts';
import {candidate, charge, createLedgerBench, windowMilliseconds} from './ledger-bench.ts';

/*
A world in which several processes charge the same ledger, stall, are killed and started again, while somebody sets the
machine's clock, and the machine sleeps and is switched off. What counts is what the server sees: each request at some moment
between its charge and its answer, in time that nobody can set.
*/

type Process = {id: number; ledger: Ledger; underWay: Array<{entry: LedgerEntry; answerAt: number}>};

const stepArbitrary = fc.record({
	process: fc.nat(2),
	/** Time passes: requests are answered late where a process stalls or the machine sleeps. */
	wait: fc.oneof(fc.integer({min: 0, max: 800}), fc.integer({min: 0, max: 15_000})),
	latency: fc.integer({min: 0, max: 3000}),
	countedAt: fc.double({min: 0, max: 1, noNaN: true}),
	requests: fc.constantFrom(1, 1, 1, 3),
	happens: fc.oneof(
		{weight: 8, arbitrary: fc.constant('nothing' as const)},
		{weight: 1, arbitrary: fc.constantFrom('kill', 'set the clock', 'reboot', 'refund', 'answer late')},
	),
	set: fc.integer({min: -90_000_000, max: 90_000_000}),
});

test('ledger: for any arrivals, stalls, kills, restarts, clock jumps and processes no window at the server holds more than the limit', () => {
	fc.assert(
		fc.property(
			fc.array(fc.integer({min: 1, max: 6}), {minLength: 1, maxLength: 3}),
			fc.array(stepArbitrary, {maxLength: 120}),
			(limits, steps) => {
				const bench = createLedgerBench();
				const {clock} = bench;
				const candidates = limits.map((limit, index) => candidate(`account ${index}`, limit));
				const living = new Set<number>();
				let lastId = 0;
				/** True time: what neither a set clock nor a restart changes. */
				let passed = 0;
				const counted: Array<{account: string; at: number}> = [];

				const start = (): Process => {
					lastId += 1;
					living.add(lastId);
					const isAlive = (id: number): boolean => living.has(id);
					return {id: lastId, ledger: bench.open({processId: lastId, isAlive}), underWay: []};
				};

				const processes = [start(), start(), start()];
				const answerUntil = (moment: number): void => {
					const due = processes
						.flatMap(process => process.underWay.map(request => ({process, request})))
						.filter(({request}) => request.answerAt <= moment)
						.sort((left, right) => left.request.answerAt - right.request.answerAt);
					for (const {process, request} of due) {
						clock.jump(Math.max(0, request.answerAt - passed));
						passed = Math.max(passed, request.answerAt);
						process.ledger.settle(request.entry);
						process.underWay = process.underWay.filter(other => other !== request);
					}

					clock.jump(moment - passed);
					passed = moment;
				};

				for (const {process: index, wait, latency, countedAt, requests, happens, set} of steps) {
					answerUntil(passed + wait);
					const process = processes[index] as Process;
					if (happens === 'kill') {
						living.delete(process.id);
						processes[index] = start();
						continue;
					}

					if (happens === 'reboot') {
						living.clear();
						clock.reboot(wait);
						passed += wait;
						processes.splice(0, 3, start(), start(), start());
						continue;
					}

					if (happens === 'set the clock') {
						clock.setBy(set);
					}

					const entry = charge(process.ledger, candidates, {requests, owner: `pool ${process.id}`});
					if (entry === undefined) {
						continue;
					}

					if (happens === 'refund') {
						process.ledger.refund(entry);
						continue;
					}

					const {usable = 1} = candidates.find(({account}) => account === entry.account) ?? {};
					for (let count = 0; count < Math.min(requests, usable); count += 1) {
						counted.push({account: entry.account, at: passed + latency * countedAt});
					}

					const answerAt = passed + (happens === 'answer late' ? 60_000 : latency);
					process.underWay.push({entry, answerAt});
				}

				for (const {account, limit} of candidates) {
					const moments = counted.filter(one => one.account === account).map(({at}) => at);
					for (const moment of moments) {
						const inWindow = moments.filter(at => at >= moment && at < moment + windowMilliseconds).length;
						assert.ok(inWindow <= limit.requests, `${inWindow} of ${limit.requests} in one window`);
					}
				}
			},
		),
		{numRuns: 400},
	);
});
