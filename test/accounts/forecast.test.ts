import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {pick, sumDemand, sumRequests, wholeDemand} from '../../source/accounts/demand.ts';
import {forecastEnd, withOneFewer, withOneMore} from '../../source/accounts/forecast.ts';
import {correctedPace, expectedPace, measurePace} from '../../source/accounts/pace.ts';
import type {QuotaSupply} from '../../source/accounts/quota-supply.ts';

const hour = 3_600_000;

function supply(part: Partial<QuotaSupply> = {}): QuotaSupply {
	return {
		account: 'a',
		label: 'a',
		usable: 1000,
		free: 1000,
		openings: [],
		turnoverMilliseconds: hour,
		...part,
	};
}

const fresh = (count: number, usable: number, turnoverMilliseconds = hour): readonly QuotaSupply[] =>
	Array.from({length: count}, (_, index) =>
		supply({account: String(index), usable, free: usable, turnoverMilliseconds}),
	);

const exactly = (count: number) => ({low: count, likely: count, high: count});
const steady = (perSecond: number) => ({slowest: perSecond, likely: perSecond, fastest: perSecond});
const endless = Number.POSITIVE_INFINITY;

/** When `api` requests are all sent, in milliseconds, at a pace that never changes. */
function endOfApi(requests: number, api: readonly QuotaSupply[], perSecond = endless): number | undefined {
	return forecastEnd({
		requests: {api: exactly(requests)},
		supplies: {api},
		pace: steady(perSecond),
		requestsPerSecond: endless,
	})?.likely.inMilliseconds;
}

test('forecast: fresh equal accounts end at the bound of their quotas', () => {
	fc.assert(
		fc.property(
			fc.integer({min: 1, max: 1_000_000}),
			fc.integer({min: 1, max: 20}),
			fc.integer({min: 1, max: 2000}),
			fc.integer({min: 1, max: hour}),
			(requests, accounts, limit, window) => {
				assert.equal(
					endOfApi(requests, fresh(accounts, limit, window)),
					Math.floor((requests - 1) / (accounts * limit)) * window,
				);
			},
		),
	);
});

const quotaCases: ReadonlyArray<
	readonly [name: string, requests: number, api: readonly QuotaSupply[], end: number]
> = [
	['nothing to send', 0, fresh(1, 10), 0],
	['all free', 10, fresh(1, 10), 0],
	['one too many', 11, fresh(1, 10), hour],
	['one more account', 11, fresh(2, 10), 0],
	[
		'used a while ago',
		3,
		[supply({usable: 10, free: 2, openings: [{inMilliseconds: 600_000, places: 8}]})],
		600_000,
	],
	[
		'what is free now is free again before all of the rest',
		13,
		[supply({usable: 10, free: 2, openings: [{inMilliseconds: 600_000, places: 8}]})],
		hour + 600_000,
	],
	[
		'frozen for longer than a window',
		1,
		[supply({usable: 1, free: 0, openings: [{inMilliseconds: 2 * hour, places: 1}]})],
		2 * hour,
	],
	[
		'the one that is not frozen goes on alone',
		5,
		[
			supply({usable: 1, free: 0, openings: [{inMilliseconds: 10 * hour, places: 1}]}),
			supply({usable: 1, free: 1}),
		],
		4 * hour,
	],
];

for (const [name, requests, api, end] of quotaCases) {
	test(`forecast: ${name}`, () => {
		assert.equal(endOfApi(requests, api), end);
	});
}

/** Takes the place that opens soonest, one request after another. */
function simulate(requests: number, supplies: readonly QuotaSupply[], millisecondsEach: number): number {
	const places = supplies.flatMap(({free, openings, turnoverMilliseconds}) =>
		[{inMilliseconds: 0, places: free}, ...openings].flatMap(({inMilliseconds, places: count}) =>
			Array.from({length: count}, () => ({opensAt: inMilliseconds, turnoverMilliseconds})),
		),
	);
	let start = Number.NEGATIVE_INFINITY;
	for (let sent = 0; sent < requests; sent += 1) {
		const next = places.reduce((soonest, place) => (place.opensAt < soonest.opensAt ? place : soonest));
		start = Math.max(next.opensAt, start + millisecondsEach);
		next.opensAt = start + next.turnoverMilliseconds;
	}

	return requests === 0 ? 0 : start + millisecondsEach;
}

/** Accounts in the middle of their windows; no place is taken for longer than a turnover. */
const someSupplies = (turnover: fc.Arbitrary<number>): fc.Arbitrary<readonly QuotaSupply[]> =>
	turnover.chain(turnoverMilliseconds =>
		fc.array(
			fc
				.tuple(
					fc.nat({max: 5}),
					fc.array(
						fc.record({
							inMilliseconds: fc.integer({min: 1, max: turnoverMilliseconds}),
							places: fc.integer({min: 1, max: 4}),
						}),
						{maxLength: 5},
					),
				)
				.map(([free, openings]) =>
					supply({
						free,
						openings: [...openings].sort((one, other) => one.inMilliseconds - other.inMilliseconds),
						usable: openings.reduce((sum, {places}) => sum + places, free),
						turnoverMilliseconds,
					}),
				),
			{minLength: 1, maxLength: 4},
		),
	);

const hasPlaces = (supplies: readonly QuotaSupply[]): boolean => supplies.some(({usable}) => usable > 0);
const oneTurnover = someSupplies(fc.integer({min: 1, max: 500}));

test('forecast: quotas are reckoned as if every place were stepped through, also of unequal windows', () => {
	const supplies = fc
		.tuple(oneTurnover, oneTurnover)
		.map(([some, others]) => [...some, ...others])
		.filter(hasPlaces);
	fc.assert(
		fc.property(supplies, fc.nat({max: 300}), (some, requests) => {
			assert.equal(endOfApi(requests, some), simulate(requests, some, 0));
		}),
		{numRuns: 500},
	);
});

test('forecast: the pace of the work and the quota together, as if every place were stepped through', () => {
	fc.assert(
		fc.property(
			oneTurnover.filter(hasPlaces),
			fc.nat({max: 300}),
			fc.integer({min: 1, max: 100}),
			(some, requests, millisecondsEach) => {
				const end = endOfApi(requests, some, 1000 / millisecondsEach) ?? Number.NaN;
				const expected = simulate(requests, some, millisecondsEach);
				assert.ok(Math.abs(end - expected) < 1e-6, `${end} is not ${expected}`);
			},
		),
		{numRuns: 500},
	);
});

test('forecast: a place that opens for the first time when others open again decides too', () => {
	const api = [
		supply({
			usable: 4,
			free: 0,
			openings: [
				{inMilliseconds: 1, places: 2},
				{inMilliseconds: 357, places: 2},
			],
			turnoverMilliseconds: 357,
		}),
	];
	assert.equal(endOfApi(11, api, 1000 / 90), 357 + 9 * 90);
});

test('forecast: what decides is named, and each resource has its own quota', () => {
	const requests = {api: {low: 10, likely: 20, high: 1500}, git: exactly(300)};
	const forecast = forecastEnd({
		requests,
		supplies: {api: fresh(1, 1000), git: fresh(1, 60_000)},
		pace: {slowest: 1, likely: 10, fastest: 20},
		requestsPerSecond: 10,
	});
	assert.deepEqual(forecast, {
		// Twenty a second is more than one account starts.
		soonest: {inMilliseconds: 31_000, decidedBy: 'pace', resource: 'git'},
		likely: {inMilliseconds: 32_000, decidedBy: 'pace', resource: 'git'},
		// 500 of 1500 are left when the window turns: a third of the 1800 seconds of work.
		latest: {inMilliseconds: hour + 600_000, decidedBy: 'quota', resource: 'api'},
	});
});

test('forecast: an account more begins fresh, one fewer is the last one', () => {
	const used = supply({usable: 10, free: 0, openings: [{inMilliseconds: 600_000, places: 10}]});
	const second = supply({account: 'b', usable: 5, free: 5});
	const supplies = {api: [used, second]};
	assert.deepEqual(withOneMore(supplies).api?.slice(0, 2), supplies.api);
	assert.equal(endOfApi(15, withOneMore(supplies).api ?? []), 0);
	assert.equal(endOfApi(16, withOneMore(supplies).api ?? []), 600_000);
	assert.deepEqual(withOneFewer(supplies), {api: [used]});
	assert.equal(withOneFewer({api: [used]}), undefined);
});

test('forecast: without an account that could send there is no end', () => {
	assert.equal(endOfApi(1, []), undefined);
	assert.equal(endOfApi(1, [supply({usable: 0, free: 0})]), undefined);
	assert.equal(endOfApi(0, []), 0);
});

test('pace: the forecast read backwards, also through waits for quota', () => {
	fc.assert(
		fc.property(
			oneTurnover.filter(hasPlaces),
			fc.integer({min: 1, max: 300}),
			fc.integer({min: 1, max: 100}),
			(some, requests, millisecondsEach) => {
				const end = simulate(requests, some, millisecondsEach);
				const measured = measurePace({api: requests}, {api: some}, end);
				// Where the end came just as the quota ran out, nothing is told.
				const again = endOfApi(requests, some, measured ?? endless) ?? Number.NaN;
				assert.ok(measured === undefined || Math.abs(again - end) < 1e-6, `${again} is not ${end}`);
			},
		),
		{numRuns: 500},
	);
	assert.equal(measurePace({api: 100}, {api: fresh(1, 1000)}, 10_000), 10);
	assert.equal(measurePace({api: 75, git: 25}, {}, 10_000), 10);
	// 500 of 1500 in the 100 seconds after the window turned.
	assert.equal(measurePace({api: 1500}, {api: fresh(1, 1000)}, hour + 100_000), 5);
});

test('pace: work that stands still tells nothing', () => {
	assert.equal(measurePace({api: 1000}, {api: fresh(1, 1000)}, 200_000), undefined);
	assert.equal(measurePace({}, {api: fresh(1, 1000)}, 200_000), undefined);
});

test('pace: what earlier runs measured, else a wide guess by how much is done at once', () => {
	assert.deepEqual(expectedPace([4, 2, 9], 8), {slowest: 2, likely: 4, fastest: 9});
	assert.deepEqual(expectedPace([], 8), {slowest: 8, likely: 24, fastest: 80});
});

test('pace: the more it was measured with, the more a measurement is believed', () => {
	const believed = {slowest: 1, likely: 4, fastest: 16};
	const some = correctedPace(believed, 4, 100);
	assert.deepEqual(some, {slowest: 2, likely: 4, fastest: 8});
	const many = correctedPace(believed, 4, 1_000_000);
	assert.ok(many.slowest > 3.9 && many.fastest < 4.1);
});

test('demand: ranges and requests add up by resource, and are told in whole requests', () => {
	const sum = sumDemand([
		{api: {low: 1.2, likely: 2.5, high: 3.1}, raw: {low: 0, likely: 0.2, high: 0}},
		{api: {low: 1, likely: 2, high: 3}},
	]);
	assert.deepEqual(wholeDemand(sum), {api: {low: 2, likely: 5, high: 7}});
	assert.deepEqual(pick(sum, 'high'), {api: 6.1, raw: 0});
	assert.deepEqual(sumRequests([{api: 1, git: 2}, {api: 3}]), {api: 4, git: 2});
});
