import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {settlementMargin} from '../../source/accounts/ledger.ts';
import {createPause} from '../../source/accounts/pause.ts';
import {createQuotaGate, type QuotaGate} from '../../source/accounts/quota-gate.ts';
import type {Clock} from '../../source/system/clock.ts';
import {candidate, createLedgerBench, type LedgerBench, windowMilliseconds} from './ledger-bench.ts';

const turnover = windowMilliseconds + settlementMargin(windowMilliseconds);

type Served = {readonly pool: string; readonly queue: string; readonly account: string; readonly at: number};

type GateBench = LedgerBench & {
	readonly served: readonly Served[];
	/** How many wait now. */
	readonly waiting: () => number;
	/** A pool of its own process. A delay makes its timers late, as a busy event loop does. */
	readonly gate: (pool: string, delay?: () => number) => QuotaGate;
	/** Asks so many times for one of the accounts; what is let through is answered at once. */
	readonly ask: (
		pool: string,
		gate: QuotaGate,
		options: {accounts: readonly string[]; limit: number; queue?: string; times?: number},
	) => void;
	/** Lets time run, to the next moment at which somebody looks, with all that look at that moment. */
	readonly step: () => Promise<boolean>;
};

function createGateBench(): GateBench {
	const bench = createLedgerBench();
	const {clock} = bench;
	const abort = new AbortController();
	const served: Served[] = [];
	let waiting = 0;
	let processes = 100;
	return {
		...bench,
		served,
		waiting: () => waiting,
		gate: (pool, delay = () => 0) => {
			processes += 1;
			const late: Clock = {
				...clock,
				wait: async (milliseconds, signal) => clock.wait(milliseconds + delay(), signal),
			};
			const ledger = bench.open({processId: processes, isAlive: () => true});
			return createQuotaGate({
				ledger,
				clock: late,
				signal: abort.signal,
				owner: pool,
				pause: createPause(clock),
			});
		},
		ask: (pool, gate, {accounts, limit, queue = '', times = 1}) => {
			for (let count = 0; count < times; count += 1) {
				waiting += 1;
				gate
					.acquire({
						resource: 'api',
						requests: 1,
						queue,
						candidates: () => accounts.map(account => candidate(account, limit)),
					})
					.then(
						entry => {
							waiting -= 1;
							served.push({pool, queue, account: entry.account, at: clock.elapsed()});
							bench.ledger.settle(entry);
						},
						() => undefined,
					);
			}
		},
		step: async () => {
			const moved = await clock.advanceToNext();
			await clock.advance(0);
			return moved;
		},
	};
}

async function finish(bench: GateBench): Promise<void> {
	while (bench.waiting() > 0 && (await bench.step())) {
		// Time runs.
	}
}

test('gate: waits exactly until the first place frees', async () => {
	const bench = createGateBench();
	const gate = bench.gate('a');
	const start = bench.clock.elapsed();
	bench.ask('a', gate, {accounts: ['x', 'y'], limit: 2, times: 10});
	await finish(bench);
	assert.deepEqual(
		bench.served.map(({at}) => at - start),
		[0, 0, 0, 0, turnover, turnover, turnover, turnover, 2 * turnover, 2 * turnover],
	);
});

test('gate: queues take turns, and each is served in its order', async () => {
	const bench = createGateBench();
	const gate = bench.gate('a');
	bench.ask('a', gate, {accounts: ['x'], limit: 2, times: 2, queue: 'first'});
	for (const queue of ['one', 'two', 'three']) {
		bench.ask('a', gate, {accounts: ['x'], limit: 2, times: 4, queue});
	}

	await finish(bench);
	const order = bench.served.slice(2).map(({queue}) => queue);
	for (let served = 1; served <= order.length; served += 1) {
		const counts = ['one', 'two', 'three'].map(
			queue => order.slice(0, served).filter(other => other === queue).length,
		);
		assert.ok(Math.max(...counts) - Math.min(...counts) <= 1, order.join(' '));
	}
});

test('gate: one who waits for an account of its own holds up nobody behind it', async () => {
	const bench = createGateBench();
	const gate = bench.gate('a');
	bench.ask('a', gate, {accounts: ['x'], limit: 1, times: 3, queue: 'same'});
	bench.ask('a', gate, {accounts: ['y'], limit: 1, queue: 'same'});
	await bench.clock.advance(0);
	assert.deepEqual(
		bench.served.map(({account}) => account),
		['x', 'y'],
	);
	await finish(bench);
});

test('gate: who wants several places gets them, though others take them one by one', async () => {
	const bench = createGateBench();
	const gate = bench.gate('a');
	const candidates = () => [candidate('x', 3)];
	bench.ask('a', gate, {accounts: ['x'], limit: 3, times: 2, queue: 'small'});
	await bench.clock.advance(1000);
	bench.ask('a', gate, {accounts: ['x'], limit: 3, queue: 'small'});
	let isServed = false;
	gate.acquire({resource: 'api', requests: 3, queue: 'large', candidates}).then(
		() => {
			isServed = true;
		},
		() => undefined,
	);
	bench.ask('a', gate, {accounts: ['x'], limit: 3, times: 40, queue: 'small'});
	while (!isServed) {
		assert.ok(bench.served.length < 12, 'starved');
		await bench.step();
	}
});

test('gate: a request whose accounts are all gone is told so while it waits', async () => {
	const bench = createGateBench();
	const gate = bench.gate('a');
	let isGone = false;
	bench.ask('a', gate, {accounts: ['x'], limit: 1});
	const waiting = gate.acquire({
		resource: 'api',
		requests: 1,
		queue: '',
		candidates: () => {
			if (isGone) {
				throw new Error('nobody is left');
			}

			return [candidate('x', 1)];
		},
	});
	isGone = true;
	gate.wake();
	await assert.rejects(waiting, /nobody is left/);
});

test('gate: pools of several processes that wait for one account get equal parts of it', async () => {
	for (const delays of [
		[0, 0],
		[0, 7, 3],
	]) {
		const bench = createGateBench();
		const pools = delays.map((delay, index) => ({
			name: `pool ${index}`,
			gate: bench.gate(`pool ${index}`, () => delay),
		}));
		bench.ask('before', bench.gate('before'), {accounts: ['x'], limit: 6, times: 6});
		for (const {name, gate} of pools) {
			bench.ask(name, gate, {accounts: ['x'], limit: 6, times: 24});
		}

		const counts = (): number[] =>
			pools.map(({name}) => bench.served.filter(({pool}) => pool === name).length);
		while (Math.max(...counts()) < 24) {
			await bench.step();
			assert.ok(Math.max(...counts()) - Math.min(...counts()) <= 1, counts().join(' '));
		}
	}
});

test('gate: who waits and stands still holds the others up for a moment only', async () => {
	const bench = createGateBench();
	const standsStill = bench.gate('stopped', () => 1_000_000);
	const works = bench.gate('working');
	bench.ask('before', bench.gate('before'), {accounts: ['x'], limit: 3, times: 3});
	bench.ask('stopped', standsStill, {accounts: ['x'], limit: 3, times: 3});
	bench.ask('working', works, {accounts: ['x'], limit: 3, times: 6});
	const start = bench.clock.elapsed();
	while (bench.served.filter(({pool}) => pool === 'working').length < 6) {
		await bench.step();
	}

	assert.ok(bench.clock.elapsed() - start <= 2 * turnover + 200);
});

test('gate: for any arrivals nobody waits while an account that could serve it has room', async () => {
	const arrival = fc.record({
		wait: fc.constantFrom(0, 0, 0, 40, 700, 5000, 11_000),
		pool: fc.nat(2),
		queue: fc.constantFrom('one', 'two', 'three'),
		accounts: fc.subarray(['x', 'y', 'z'], {minLength: 1}),
		times: fc.integer({min: 1, max: 5}),
	});
	await fc.assert(
		fc.asyncProperty(
			fc.integer({min: 1, max: 4}),
			fc.array(arrival, {minLength: 1, maxLength: 12}),
			async (limit, arrivals) => {
				const bench = createGateBench();
				const gates = [0, 1, 2].map(index => bench.gate(`pool ${index}`));
				const wanted: Array<{readonly accounts: readonly string[]; readonly served: () => boolean}> = [];
				/** Room is left to a pool whose turn it is for 50 ms at most, asked for every 20 ms. */
				let roomSince: number | undefined;
				const assertNobodyWaitsForNothing = (): void => {
					const hasRoom = wanted.some(
						({accounts, served}) =>
							!served() &&
							accounts.some(account => bench.ledger.supply(candidate(account, limit), 'api').free > 0),
					);
					roomSince = hasRoom ? (roomSince ?? bench.clock.elapsed()) : undefined;
					assert.ok(roomSince === undefined || bench.clock.elapsed() - roomSince <= 70, 'idle with room');
				};

				for (const {wait, pool, queue, accounts, times} of arrivals) {
					await bench.clock.advance(wait);
					for (let count = 0; count < times; count += 1) {
						let isServed = false;
						wanted.push({accounts, served: () => isServed});
						(gates[pool] as QuotaGate)
							.acquire({
								resource: 'api',
								requests: 1,
								queue,
								candidates: () => accounts.map(account => candidate(account, limit)),
							})
							.then(
								entry => {
									isServed = true;
									bench.ledger.settle(entry);
								},
								() => undefined,
							);
					}

					await bench.clock.advance(0);
					assertNobodyWaitsForNothing();
				}

				while (wanted.some(({served}) => !served())) {
					await bench.step();
					assertNobodyWaitsForNothing();
				}
			},
		),
		{numRuns: 25},
	);
});
