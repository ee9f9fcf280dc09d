import assert from 'node:assert/strict';
import {test} from 'node:test';
import {settlementMargin} from '../../source/accounts/ledger.ts';
import {createOutage, outagePatienceMilliseconds} from '../../source/accounts/outage.ts';
import {createPause, type PauseSwitch} from '../../source/accounts/pause.ts';
import {createQuotaGate} from '../../source/accounts/quota-gate.ts';
import {createFakeClock} from '../fake-clock.ts';
import {createBench, opened, type Told} from './fake-bitbucket.ts';
import {candidate, createLedgerBench, windowMilliseconds} from './ledger-bench.ts';

const fine: Told = {status: 200, body: {fine: true}};

/** A pool that can be paused. Time stands still in its clock until a test moves it. */
async function createPausedBench(options: Partial<Parameters<typeof createBench>[0]> = {}) {
	let now = 0;
	const pause: PauseSwitch = createPause({elapsed: () => now});
	const bench = await createBench({
		credentials: [opened('a'), opened('b')],
		answer: () => fine,
		...options,
		pool: {...options.pool, pause},
	});
	const elapse = (milliseconds: number): void => {
		now += milliseconds;
	};
	return {...bench, pause, elapse};
}

const get = (url: string) => ({url: `/repositories/acme/${url}`, repository: url});

test('pause: what asks passes at once, or when it is resumed, in the order in which it asked', async () => {
	const pause = createPause(createFakeClock());
	const passed: string[] = [];
	await pause.passed();
	assert.equal(pause.set(true), true);
	assert.equal(pause.set(true), false, 'it is paused already');
	const waiting = ['first', 'second'].map(async name => {
		await pause.passed();
		passed.push(name);
	});
	await new Promise(resolve => {
		setImmediate(resolve);
	});
	assert.deepEqual(passed, []);
	assert.equal(pause.set(false), true);
	await Promise.all(waiting);
	assert.deepEqual(passed, ['first', 'second']);
});

test('pause: who waits is let go with the reason of the signal, and everyone is told of each change once', async () => {
	const pause = createPause(createFakeClock());
	const told: boolean[] = [];
	pause.onChange(() => told.push(pause.isPaused()));
	pause.set(true);
	const end = new AbortController();
	const waiting = pause.passed(end.signal);
	end.abort(new Error('cancelled'));
	await assert.rejects(waiting, /cancelled/);
	await assert.rejects(pause.passed(end.signal), /cancelled/);
	pause.set(true);
	pause.set(false);
	pause.set(false);
	assert.deepEqual(told, [true, false]);
});

test('pause: working time stands still', async () => {
	const clock = createFakeClock();
	const pause = createPause(clock);
	const begun = pause.workingTime();
	const worked = (): number => pause.workingTime() - begun;
	await clock.advance(1000);
	assert.equal(worked(), 1000);
	pause.set(true);
	await clock.advance(60_000);
	assert.equal(worked(), 1000);
	pause.set(false);
	await clock.advance(500);
	assert.equal(worked(), 1500);
	pause.set(true);
	await clock.advance(60_000);
	pause.set(false);
	assert.equal(worked(), 1500);
});

test('paused pool: no request begins, those that wait go out once it is resumed', async () => {
	const {pool, pause, asked, finish, clock} = await createPausedBench();
	await finish(pool.get(get('one')));
	pause.set(true);
	const work = Promise.all(['two', 'three', 'four'].map(async name => pool.get(get(name))));
	await clock.advance(3_600_000);
	assert.equal(asked.length, 1);
	pause.set(false);
	await finish(work);
	assert.deepEqual(asked.map(({url}) => url.split('/').at(-1)).sort(), ['four', 'one', 'three', 'two']);
});

test('paused pool: what is under way ends, and what has to be tried again for it waits', async () => {
	const {pool, pause, asked, finish, clock} = await createPausedBench({
		answer: ({url}) => {
			if (url.endsWith('/paused-meanwhile')) {
				pauseNow();
				return fine;
			}

			return asked.length === 1 ? fine : {status: 503};
		},
	});
	const pauseNow = (): void => {
		pause.set(true);
	};
	await finish(pool.get(get('paused-meanwhile')));
	assert.equal(asked.length, 1, 'it was answered');
	pause.set(false);
	const failing = pool.get(get('failing'));
	failing.catch(() => undefined);
	while (asked.length < 2) {
		await clock.advance(0);
	}

	pause.set(true);
	await clock.advance(600_000);
	assert.equal(asked.length, 2, 'the failed one is not sent again');
	pause.set(false);
	await assert.rejects(finish(failing), /503/);
	assert.ok(asked.length > 2);
});

for (const firstAlone of [false, true]) {
	test(`paused pool: a request that was charged and not sent gives its place back${firstAlone ? ', also the first of its kind' : ''}`, async () => {
		const {pool, pause, asked, finish, ledger} = await createPausedBench({
			credentials: [opened('a')],
			pool: {requestsPerSecond: 1},
		});
		const account = pool.accounts()[0]?.id ?? '';
		const request = firstAlone ? {...get('two'), firstAlone} : get('two');
		const work = Promise.all([pool.get({url: '/user'}), pool.get(request)]);
		// The second one is charged, and held back by the throttle, when the first one is answered.
		while (asked.length < 1 || ledger.usage(account, 'api').used < 2) {
			await new Promise(resolve => {
				setImmediate(resolve);
			});
		}

		pause.set(true);
		while (ledger.usage(account, 'api').used > 1) {
			await new Promise(resolve => {
				setImmediate(resolve);
			});
		}

		assert.equal(asked.length, 1);
		pause.set(false);
		await finish(work);
		assert.equal(asked.length, 2);
	});
}

test('paused pool: a cancelled run lets go of all that waits', async () => {
	const {pool, pause, abort, asked} = await createPausedBench();
	pause.set(true);
	const work = [pool.get(get('one')), pool.withGit({repository: 'two', requests: 2}, async () => 'fetched')];
	abort.abort(new Error('cancelled'));
	for (const result of await Promise.allSettled(work)) {
		assert.match(String(result.status === 'rejected' && result.reason), /cancelled/);
	}

	assert.equal(asked.length, 0);
});

test('paused pool: git is not lent an account, and the work that has one goes on', async () => {
	const {pool, pause, finish, clock} = await createPausedBench();
	const fetched: string[] = [];
	let finishFirst: (() => void) | undefined;
	const first = pool.withGit({repository: 'one', requests: 2}, async () => {
		await new Promise<void>(resolve => {
			finishFirst = resolve;
		});
		fetched.push('one');
	});
	while (finishFirst === undefined) {
		await clock.advance(0);
	}

	pause.set(true);
	const second = pool.withGit({repository: 'two', requests: 2}, async () => {
		fetched.push('two');
	});
	finishFirst();
	await first;
	await clock.advance(60_000);
	assert.deepEqual(fetched, ['one']);
	pause.set(false);
	await finish(second);
	assert.deepEqual(fetched, ['one', 'two']);
});

test('paused pool: an outage is not waited for any longer because the run was paused in it', async () => {
	let isDown = true;
	const bench = await createPausedBench({answer: () => (isDown ? {status: 503} : fine)});
	const {pool, pause, elapse, finish, clock, changes, asked} = bench;
	const work = Promise.allSettled(['one', 'two', 'three', 'four'].map(async name => pool.get(get(name))));
	while (!changes.some(({type}) => type === 'outage')) {
		await clock.advance(1000);
		elapse(1000);
	}

	pause.set(true);
	const before = asked.length;
	elapse(outagePatienceMilliseconds * 4);
	await clock.advance(outagePatienceMilliseconds * 4);
	assert.ok(asked.length <= before + 1, 'nobody asks whether it works again, but for one who was about to');
	isDown = false;
	pause.set(false);
	while (!changes.some(change => change.type === 'outage' && change.since === null)) {
		elapse(1000);
		await clock.advance(1000);
	}

	const results = await finish(work);
	assert.deepEqual(
		results.filter(({status}) => status === 'rejected'),
		[],
	);
});

test('paused outage: who waits for its end does not look again and again meanwhile', async () => {
	const clock = createFakeClock();
	const pause = createPause(clock);
	const {signal} = new AbortController();
	let waits = 0;
	const counting = {
		...clock,
		wait: async (milliseconds: number, end?: AbortSignal) => {
			waits += 1;
			return clock.wait(milliseconds, end);
		},
	};
	const outage = createOutage({clock: counting, random: () => 0, signal, pause, onChange: () => undefined});
	for (const url of ['one', 'two', 'three']) {
		outage.failed(url);
	}

	let entered = 0;
	for (let count = 0; count < 3; count += 1) {
		outage.enter().then(
			() => {
				entered += 1;
			},
			() => undefined,
		);
	}

	await clock.advance(1);
	pause.set(true);
	await clock.advance(3_600_000);
	assert.equal(entered, 0);
	assert.ok(waits <= 6, `${waits} waits`);
	pause.set(false);
	await clock.advance(600_000);
	assert.ok(entered > 0);
});

test('paused gate: another pool that waits for the same account has all of it meanwhile', async () => {
	const {clock, open} = createLedgerBench();
	const abort = new AbortController();
	const served: string[] = [];
	const gateOf = (owner: string, pause: PauseSwitch) => {
		const ledger = open({isAlive: () => true});
		const gate = createQuotaGate({ledger, clock, signal: abort.signal, owner, pause});
		const ask = (): void => {
			gate.acquire({resource: 'api', requests: 1, queue: '', candidates: () => [candidate('a', 2)]}).then(
				entry => {
					served.push(owner);
					ledger.settle(entry);
				},
				() => undefined,
			);
		};
		return {ask, wake: gate.wake};
	};
	const pause = createPause(clock);
	const paused = gateOf('paused', pause);
	const other = gateOf('other', createPause(clock));
	for (let count = 0; count < 6; count += 1) {
		paused.ask();
		other.ask();
	}

	await clock.advance(1);
	assert.equal(served.length, 2, 'the quota is used up, and both wait');
	pause.set(true);
	const before = served.filter(name => name === 'paused').length;
	const turnover = windowMilliseconds + settlementMargin(windowMilliseconds);
	await clock.advance(turnover * 3);
	assert.equal(served.filter(name => name === 'paused').length, before);
	assert.equal(served.filter(name => name === 'other').length, 6);
	await clock.advance(turnover);
	paused.wake();
	await clock.advance(0);
	assert.equal(served.filter(name => name === 'paused').length, before, 'also when it is told to look');
	pause.set(false);
	await clock.advance(turnover * 4);
	assert.equal(served.filter(name => name === 'paused').length, 6);
	abort.abort(new Error('over'));
});
