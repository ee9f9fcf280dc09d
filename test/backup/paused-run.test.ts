import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createPause} from '../../source/accounts/pause.ts';
import {createRunForecast, type ForecastReport, noEarlierRuns} from '../../source/backup/run-forecast.ts';
import {tellForecasts} from '../../source/backup/tell-forecasts.ts';
import {createTransferSlots} from '../../source/backup/transfer-slots.ts';
import {PlanSchema} from '../../source/model/plan.ts';
import {createFakeClock} from '../fake-clock.ts';
import {waitUntil} from '../system/wait-until.ts';
import {makeSmallWorkspace} from './small-workspace.ts';

const plan = PlanSchema.parse({name: 'nightly', organization: 'acme', data: ['git', 'pull-requests']});
const exactly = (count: number) => ({low: count, likely: count, high: count});

/** A run that sends so many requests a second of a quota that never ends, as far as it is not paused. */
function createRun() {
	const clock = createFakeClock();
	const pause = createPause(clock);
	let sent = 0;
	const forecast = createRunForecast({
		plan,
		expectations: new Map([['one', {basis: 'earlier runs', requests: {api: exactly(10_000)}}]]),
		earlier: noEarlierRuns,
		pool: {
			supplies: () => [
				{
					account: 'a',
					label: 'a',
					usable: 100_000,
					free: 100_000,
					openings: [],
					turnoverMilliseconds: 3_600_000,
				},
			],
			requestsOf: () => ({api: sent}),
			totals: () => [{account: 'a', label: 'a', requests: {api: sent}, throttled: 0}],
		},
		clock,
		pause,
	});
	forecast.heard({type: 'repository-started', repository: 'one'});
	return {
		clock,
		pause,
		forecast,
		work: async (seconds: number, perSecond = 10) => {
			sent += seconds * perSecond;
			await clock.advance(seconds * 1000);
		},
	};
}

test('paused run: what it is paused is no work: the pace is that of the time in which it worked', async () => {
	const {forecast, pause, clock, work} = createRun();
	await work(60);
	pause.set(true);
	await clock.advance(3_600_000);
	assert.equal(forecast.learned().pace, 10, 'while it is paused');
	pause.set(false);
	await work(10);
	assert.equal(forecast.learned().pace, 10, 'the stretch with more requests is believed');
	await work(120, 20);
	const {pace = 0} = forecast.learned();
	assert.ok(Math.abs(pace - 2500 / 130) < 0.01, `${pace}`);
});

test('paused run: the end is as far away when it is resumed as when it was paused', async () => {
	const {forecast, pause, clock, work} = createRun();
	await work(60);
	const left = (): number => Date.parse(forecast.look()?.endsAt.likely ?? '') - clock.now();
	const before = left();
	pause.set(true);
	await clock.advance(3_600_000);
	pause.set(false);
	assert.ok(Math.abs(left() - before) < 1000, `${left()} and ${before}`);
});

test('paused run: nothing is foretold until it is resumed, and then at once', async () => {
	const clock = createFakeClock();
	const pause = createPause(clock);
	const told: number[] = [];
	const endsAt = (milliseconds: number): string => new Date(clock.now() + milliseconds).toISOString();
	const telling = tellForecasts({
		forecast: {
			look: (): ForecastReport => ({
				type: 'forecast',
				sent: {},
				requests: {api: exactly(100)},
				endsAt: {soonest: endsAt(60_000), likely: endsAt(90_000), latest: endsAt(120_000)},
				decidedBy: 'pace',
				resource: 'api',
				accounts: 1,
				basis: 'nothing known',
			}),
		},
		report: () => told.push(clock.now()),
		clock,
		pause,
	});
	assert.equal(told.length, 1);
	pause.set(true);
	await clock.advance(600_000);
	assert.equal(told.length, 1);
	pause.set(false);
	assert.deepEqual(told.slice(1), [clock.now()]);
	await telling.end();
	pause.set(true);
	pause.set(false);
	assert.equal(told.length, 2, 'nothing is told of a run that has ended');
});

test('paused run: large files that are under way come to their end, no other is begun', async () => {
	const pause = createPause(createFakeClock());
	const end = new AbortController();
	const slots = createTransferSlots(1, async () => pause.passed(end.signal));
	const done: string[] = [];
	let finish = (): void => undefined;
	const first = slots.use(async () => {
		await new Promise<void>(resolve => {
			finish = resolve;
		});
		done.push('first');
	});
	await Promise.resolve();
	pause.set(true);
	const second = slots.use(async () => done.push('second'));
	const third = slots.use(async () => done.push('third'));
	await new Promise(resolve => {
		setImmediate(resolve);
	});
	finish();
	await first;
	await new Promise(resolve => {
		setImmediate(resolve);
	});
	assert.deepEqual(done, ['first']);
	pause.set(false);
	await second;
	await third;
	assert.deepEqual(done, ['first', 'second', 'third']);
	pause.set(true);
	const fourth = slots.use(async () => done.push('fourth'));
	end.abort(new Error('cancelled'));
	await assert.rejects(fourth, /cancelled/);
});

test('paused run: no repository is begun, and a cancelled one ends', async context => {
	const workspace = await makeSmallWorkspace();
	context.after(workspace.close);
	workspace.web.commit('main', {'readme.md': 'web'});
	workspace.api.commit('main', {'readme.md': 'api'});
	for (const isCancelled of [true, false]) {
		const pause = createPause(workspace.clock);
		const end = new AbortController();
		const types: string[] = [];
		const running = workspace.run(['git'], {
			pause,
			signal: end.signal,
			report: report => {
				types.push(report.type);
				if (report.type === 'run-started') {
					pause.set(true);
				}
			},
		});
		await waitUntil(() => pause.isPaused());
		for (let turn = 0; turn < 100; turn += 1) {
			await new Promise(resolve => {
				setImmediate(resolve);
			});
		}

		assert.ok(!types.includes('repository-started'), types.join());
		if (isCancelled) {
			end.abort(new Error('cancelled'));
			assert.equal((await running).outcome.status, 'cancelled');
		} else {
			pause.set(false);
			assert.equal((await running).outcome.status, 'succeeded');
		}
	}
});
