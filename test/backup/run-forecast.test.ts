import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Demand, Requests} from '../../source/accounts/demand.ts';
import type {QuotaSupply} from '../../source/accounts/quota-supply.ts';
import {createRunDemand} from '../../source/backup/run-demand.ts';
import {createRunForecast, type EarlierRuns, type ForecastReport} from '../../source/backup/run-forecast.ts';
import {hasMoved, tellForecasts} from '../../source/backup/tell-forecasts.ts';
import {DataKindSchema} from '../../source/model/data-kind.ts';
import {PlanSchema} from '../../source/model/plan.ts';
import type {Resource} from '../../source/model/quota-limit.ts';
import type {RunReport} from '../../source/runs/events.ts';
import {createFakeClock} from '../fake-clock.ts';
import {createFakePool} from './fake-pool.ts';
import {makeSmallWorkspace} from './small-workspace.ts';

const exactly = (count: number) => ({low: count, likely: count, high: count});
const started = (repository: string): RunReport => ({type: 'repository-started', repository});
const finished = (repository: string): RunReport => ({
	type: 'repository-finished',
	repository,
	status: 'backed-up',
	snapshot: null,
	requests: {},
	bytes: 0,
	problems: [],
});
const progress = (
	repository: string,
	stage: 'pull-requests' | 'settings' | 'downloads' | 'snapshot' | 'workspace',
	done: number,
	total: number,
	unit?: string,
): RunReport => ({
	type: 'repository-progress',
	repository,
	stage,
	done,
	total,
	...(unit === undefined ? {} : {unit}),
});

const supply = (free: number, account = 'a'): QuotaSupply => ({
	account,
	label: account,
	usable: 1000,
	free,
	openings: free === 1000 ? [] : [{inMilliseconds: 600_000, places: 1000 - free}],
	turnoverMilliseconds: 3_600_000,
});

/** A pool that has sent what a test says. */
function pretendPool(supplies: readonly QuotaSupply[] = [supply(1000)]) {
	const byRepository = new Map<string, Requests>();
	let beside: Requests = {};
	const ofAll = (resource: Resource): number =>
		[beside, ...byRepository.values()].reduce((sum, requests) => sum + (requests[resource] ?? 0), 0);
	return {
		send: (repository: string | undefined, requests: Requests) => {
			if (repository === undefined) {
				beside = requests;
			} else {
				byRepository.set(repository, requests);
			}
		},
		requestsOf: (repository: string) => byRepository.get(repository) ?? {},
		totals: () => [
			{account: 'a', label: 'a', requests: {api: ofAll('api'), git: ofAll('git')}, throttled: 0},
		],
		supplies: () => supplies,
	};
}

const demandOf = (pool: ReturnType<typeof pretendPool>, each: Demand, names: readonly string[], parts = 0) =>
	createRunDemand({
		expectations: new Map(names.map(name => [name, each])),
		beside: {requests: parts === 0 ? {} : {api: exactly(10)}, parts},
		pool,
	});

test('demand of a run: what waits, what is left of those that run, nothing of those that are finished', () => {
	const pool = pretendPool();
	const demand = demandOf(pool, {api: exactly(10)}, ['a', 'b', 'c']);
	assert.deepEqual(demand.left(), {api: exactly(30)});
	demand.heard(started('a'));
	pool.send('a', {api: 4});
	assert.deepEqual(demand.left(), {api: exactly(26)});
	pool.send('a', {api: 10});
	demand.heard(finished('a'));
	assert.deepEqual(demand.left(), {api: exactly(20)});
	demand.heard(finished('b'));
	demand.heard(started('c'));
	demand.heard(finished('c'));
	assert.deepEqual(demand.left(), {});
});

test('demand of a run: repositories that take more than expected say so for the others', () => {
	const pool = pretendPool();
	const names = Array.from({length: 100}, (_, index) => `r${index}`);
	const demand = demandOf(pool, {api: {low: 0, likely: 10, high: 200}}, names);
	const width = (): number => {
		const {api = exactly(0)} = demand.left();
		return (api.high - api.low) / api.likely;
	};
	const before = width();
	for (const name of names.slice(0, 50)) {
		demand.heard(started(name));
		pool.send(name, {api: 20});
		demand.heard(finished(name));
	}

	const likely = demand.left().api?.likely ?? 0;
	assert.ok(likely > 950 && likely < 1000, `${likely} is not near 50 times 20`);
	assert.ok(width() < before / 5, 'the range became narrower');
});

test('demand of a run: one that runs and has taken more already counts too, for small ones are finished first', () => {
	const pool = pretendPool();
	const demand = demandOf(pool, {api: exactly(10)}, ['a', 'b', 'c']);
	demand.heard(started('a'));
	pool.send('a', {api: 40});
	assert.ok((demand.left().api?.likely ?? 0) > 20);
});

test('demand of a run: beside the repositories, until every part is finished', () => {
	const pool = pretendPool();
	pool.send(undefined, {api: 3});
	const demand = demandOf(pool, {}, ['a'], 2);
	assert.deepEqual(demand.left(), {api: exactly(10)});
	pool.send(undefined, {api: 7});
	assert.deepEqual(demand.left(), {api: exactly(6)});
	demand.besideFinished();
	assert.deepEqual(demand.left(), {api: exactly(6)});
	demand.besideFinished();
	assert.deepEqual(demand.left(), {});
	assert.deepEqual(demand.sentBeside(), {api: 7, git: 0});
});

test('demand of a run: how many pull requests there are is known when they are read', () => {
	const pool = pretendPool();
	const demand = demandOf(pool, {api: {low: 5, likely: 60, high: 700}, git: exactly(4)}, ['a']);
	demand.heard(started('a'));
	pool.send('a', {api: 40, git: 4});
	demand.heard(progress('a', 'pull-requests', 0, 0));
	assert.deepEqual(demand.left().api?.likely, 20);
	demand.heard(progress('a', 'pull-requests', 1, 1001));
	assert.deepEqual(demand.left().api, {low: 1000, likely: 2000, high: 4000}, 'two each, as is usual');
	pool.send('a', {api: 340, git: 4});
	demand.heard(progress('a', 'pull-requests', 101, 1001));
	assert.deepEqual(demand.left().api, {low: 1350, likely: 2700, high: 5400}, 'three each, as it was here');
});

test('demand of a run: after the pull requests, little is left, and nothing once all is read', () => {
	const pool = pretendPool();
	const demand = demandOf(pool, {api: {low: 5, likely: 60, high: 700}}, ['a']);
	demand.heard(started('a'));
	demand.heard(progress('a', 'settings', 15, 17, 'kinds'));
	assert.deepEqual(demand.left().api, {low: 2, likely: 3, high: 12});
	demand.heard(progress('a', 'downloads', 1, 4, 'files'));
	assert.deepEqual(demand.left(), {raw: {low: 0, likely: 3, high: 3}});
	demand.heard(progress('a', 'snapshot', 0, 1));
	assert.deepEqual(demand.left(), {});
});

test('demand of a run: a workspace of the same name as a repository is not that repository', () => {
	const pool = pretendPool();
	const demand = demandOf(pool, {api: exactly(10)}, ['acme']);
	demand.heard(started('acme'));
	demand.heard(progress('acme', 'snapshot', 0, 1));
	demand.heard(progress('acme', 'workspace', 1, 7));
	assert.deepEqual(demand.left(), {});
});

const plan = PlanSchema.parse({
	name: 'nightly',
	organization: 'acme',
	data: ['git', 'pull-requests'],
	advanced: {requestsPerSecond: 10},
});

function forecastOf(options: {
	readonly pool: ReturnType<typeof pretendPool>;
	readonly repositories: number;
	readonly each: Demand;
	readonly earlier?: EarlierRuns;
}) {
	const clock = createFakeClock(Date.parse('2026-11-22T12:00:00.000Z'));
	const forecast = createRunForecast({
		plan,
		pool: options.pool,
		clock,
		earlier: options.earlier ?? {paces: [5], beside: [{}]},
		expectations: new Map(
			Array.from({length: options.repositories}, (_, index) => [
				`r${index}`,
				{requests: options.each, basis: 'earlier runs'} as const,
			]),
		),
	});
	return {clock, forecast};
}

test('run forecast: the end by the pace of earlier runs, and by the quotas of the accounts', () => {
	const pool = pretendPool([supply(1000), supply(0, 'b')]);
	pool.send(undefined, {api: 2});
	const {forecast} = forecastOf({pool, repositories: 10, each: {api: exactly(50)}});
	assert.deepEqual(forecast.look(), {
		type: 'forecast',
		sent: {api: 2, git: 0},
		requests: {api: exactly(500)},
		endsAt: {
			soonest: '2026-11-22T12:01:40.000Z',
			likely: '2026-11-22T12:01:40.000Z',
			latest: '2026-11-22T12:01:40.000Z',
		},
		decidedBy: 'pace',
		resource: 'api',
		accounts: 2,
		basis: 'earlier runs',
	} satisfies ForecastReport);
	const more = forecastOf({
		pool,
		repositories: 10,
		each: {api: exactly(150)},
		earlier: {paces: [50], beside: [{}]},
	});
	const {endsAt, decidedBy} = more.forecast.look() ?? {};
	// 1,000 at once; a third of 1,500 at twenty a second, which is what two accounts start, once the others open.
	assert.deepEqual([endsAt?.likely, decidedBy], ['2026-11-22T12:10:25.000Z', 'quota']);
});

test('run forecast: the pace of the run itself is believed more and more, and is what later runs learn', async () => {
	const pool = pretendPool();
	const {clock, forecast} = forecastOf({pool, repositories: 100, each: {api: exactly(9)}});
	assert.equal(forecast.look()?.endsAt.likely, '2026-11-22T12:03:00.000Z');
	for (let index = 0; index < 50; index += 1) {
		forecast.heard(started(`r${index}`));
		pool.send(`r${index}`, {api: 9});
		forecast.heard(finished(`r${index}`));
	}

	await clock.advance(450_000);
	// One a second: 450 are left, and 7.5 minutes would be more if the five a second of before were forgotten at once.
	const left = Date.parse(forecast.look()?.endsAt.likely ?? '') - clock.now();
	assert.ok(left > 250_000 && left < 450_000, `${left}`);
	assert.deepEqual(forecast.learned(), {beside: {api: 0, git: 0}, pace: 1});
});

test('run forecast: a wait for quota is not taken for a slow pace', async () => {
	const pool = pretendPool();
	const {clock, forecast} = forecastOf({pool, repositories: 1, each: {api: exactly(2000)}});
	forecast.heard(started('r0'));
	pool.send('r0', {api: 1000});
	await clock.advance(100_000);
	forecast.look();
	await clock.advance(1_000_000);
	assert.equal(forecast.learned().pace, undefined);
});

test('run forecast: nothing is foretold where nobody is left to send, or nothing is left', () => {
	const nobody = forecastOf({pool: pretendPool([]), repositories: 1, each: {api: exactly(5)}});
	assert.equal(nobody.forecast.look(), undefined);
	const {forecast} = forecastOf({pool: pretendPool(), repositories: 0, each: {}});
	assert.equal(forecast.look(), undefined);
});

const foretold = (likely: string, part: Partial<ForecastReport> = {}): ForecastReport => ({
	type: 'forecast',
	sent: {},
	requests: {api: exactly(5)},
	endsAt: {soonest: likely, likely, latest: likely},
	decidedBy: 'pace',
	resource: 'api',
	accounts: 2,
	basis: 'earlier runs',
	...part,
});

const noon = Date.parse('2026-11-22T12:00:00.000Z');
const inSeconds = (seconds: number): string => new Date(noon + seconds * 1000).toISOString();

const movements: ReadonlyArray<
	readonly [name: string, before: ForecastReport, next: ForecastReport, boolean]
> = [
	['the same', foretold(inSeconds(600)), foretold(inSeconds(600)), false],
	['a little later', foretold(inSeconds(600)), foretold(inSeconds(625)), false],
	['later', foretold(inSeconds(600)), foretold(inSeconds(640)), true],
	['sooner', foretold(inSeconds(600)), foretold(inSeconds(560)), true],
	['seconds, shortly before the end', foretold(inSeconds(5)), foretold(inSeconds(8)), true],
	['another reason', foretold(inSeconds(600)), foretold(inSeconds(600), {decidedBy: 'quota'}), true],
	['one account fewer', foretold(inSeconds(600)), foretold(inSeconds(600), {accounts: 1}), true],
	[
		'fewer left, as was foretold',
		foretold(inSeconds(600)),
		foretold(inSeconds(600), {requests: {api: exactly(1)}}),
		false,
	],
];

for (const [name, before, next, expected] of movements) {
	test(`a forecast has${expected ? '' : ' not'} moved: ${name}`, () => {
		assert.equal(hasMoved(before, next, noon), expected);
	});
}

test('telling: at once, then at most once in 15 seconds and only what has moved, until the end', async () => {
	const clock = createFakeClock(noon);
	const told: string[] = [];
	let end = 600;
	const telling = tellForecasts({
		forecast: {look: () => foretold(inSeconds(end))},
		report: ({endsAt}) => told.push(endsAt.likely),
		clock,
	});
	assert.deepEqual(told, [inSeconds(600)]);
	await clock.advance(60_000);
	assert.equal(told.length, 1);
	end = 700;
	await clock.advance(14_000);
	assert.equal(told.length, 1);
	await clock.advance(1000);
	assert.deepEqual(told, [inSeconds(600), inSeconds(700)]);
	await telling.end();
	assert.deepEqual(telling.first?.endsAt.likely, inSeconds(600));
	assert.equal(await clock.advanceToNext(), false, 'nothing waits any more');
});

test('telling: what cannot be foretold now is tried again', async () => {
	const clock = createFakeClock(noon);
	let tries = 0;
	const told: ForecastReport[] = [];
	const telling = tellForecasts({
		forecast: {
			look: () => {
				tries += 1;
				if (tries === 1) {
					throw new Error('the database is busy');
				}

				return foretold(inSeconds(600));
			},
		},
		report: report => told.push(report),
		clock,
	});
	assert.equal(telling.first, undefined);
	await clock.advance(15_000);
	assert.equal(told.length, 1);
	await telling.end();
});

test('a run tells its forecast after the list, keeps the first one, and remembers what each repository took', async context => {
	const workspace = await makeSmallWorkspace();
	context.after(workspace.close);
	workspace.web.commit('main', {'readme.md': 'web'});
	workspace.api.commit('main', {'readme.md': 'api'});
	const fake = createFakePool({
		origin: workspace.server.origin,
		answers: path => workspace.answers.get(path.replace(/\?.*/, '')),
	});
	const pool = {
		...fake,
		supplies: () => [supply(1000)],
		requestsOf: (slug: string) => (slug === 'web' ? {api: 7, git: 4} : {api: 3, git: 4}),
		totals: () => [{account: 'a', label: 'a', requests: {api: 12, git: 8}, throttled: 0}],
	};
	const data = DataKindSchema.array().parse(['git', 'pull-requests']);
	const first = await workspace.run(data, {pool});
	const types = first.reports.map(({type}) => type).filter(type => type !== 'repository-progress');
	assert.deepEqual(types.slice(0, 4), [
		'run-started',
		'repositories-listed',
		'forecast',
		'repository-started',
	]);
	const [told] = first.reports.filter(report => report.type === 'forecast');
	assert.equal(told?.basis, 'nothing known');
	const {type: _, ...rest} = told ?? foretold('');
	assert.deepEqual(first.outcome.forecast, rest);
	assert.deepEqual(first.outcome.beside, {api: 2, git: 0});
	const costsOf = (slug: string) =>
		[...workspace.memory.values()].find(entry => entry.slug === slug)?.costs?.['nightly'];
	assert.deepEqual(costsOf('web')?.first, {api: 7, git: 4});
	assert.deepEqual(costsOf('api')?.first, {api: 3, git: 4});
	assert.ok([...workspace.memory.values()].every(({turnTakenAt}) => turnTakenAt !== undefined));

	const second = await workspace.run(data, {pool, earlier: {paces: [2], beside: [{api: 12}]}});
	assert.deepEqual(costsOf('web')?.unchanged, {api: 7, git: 4});
	assert.equal(costsOf('web')?.changedShare, 0.35);
	assert.equal(second.outcome.repositories.unchanged, 2);
});

test('a dry run says what is to be expected, and leaves no forecast to be compared', async context => {
	const workspace = await makeSmallWorkspace();
	context.after(workspace.close);
	const fake = createFakePool({
		origin: workspace.server.origin,
		answers: path => workspace.answers.get(path.replace(/\?.*/, '')),
	});
	const {reports, outcome} = await workspace.run(['git'], {
		pool: {...fake, supplies: () => [supply(1000)]},
		dryRun: true,
	});
	assert.deepEqual(
		reports.map(({type}) => type),
		['run-started', 'repositories-listed', 'forecast', 'run-finished'],
	);
	assert.equal(outcome.forecast, undefined);
	assert.equal(outcome.beside, undefined);
});
