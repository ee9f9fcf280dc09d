import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {PlanForecast} from '../../source/actions/forecast-plan.ts';
import {forecastTexts} from '../../source/app/screens/plan/forecast-texts.ts';
import {entryOfPlan, planToForetell} from '../../source/app/screens/plan/plan-entry.ts';
import {type Plan, PlanSchema} from '../../source/model/plan.ts';
import {createFakeServices, now, planForecast, runEvents} from './fake-services.ts';
import {openApp} from './open-app.ts';
import {keys} from './terminal.ts';

const editPlan = {screen: 'plan', name: 'nightly'} as const;
const run = {screen: 'run', run: '20261122T115500.000Z-nightly'} as const;

const without = (
	part: 'oneFewer' | 'now' | 'repositories',
	more: Partial<PlanForecast> = {},
): PlanForecast => {
	const {[part]: _, ...rest} = {...planForecast, ...more};
	return {repositories: undefined, ...rest};
};

test('forecast texts: requests, a line for each number of accounts, and what it rests on', () => {
	assert.deepEqual(forecastTexts(planForecast), {
		headline: '398 repositories: about 3,420 api, 590 git requests',
		outlooks: [
			'with 4 accounts  25 min       1 min 28 s to 41 min, api quota',
			'with 5 accounts  1 min 50 s   1 min 28 s to 4 min 10 s',
			'with 3 accounts  1 h          25 min to 2 h 2 min, api quota',
		],
		basis: '3,299 to 5,693 requests, from earlier runs',
	});
});

test('forecast texts: until a run has seen them all, the repositories are those seen so far', () => {
	const {headline} = forecastTexts({...planForecast, hasSeenAll: false});
	assert.match(headline, /^398 repositories seen so far: about /);
});

test('forecast texts: with one account there is none fewer, without any there is no end', () => {
	assert.equal(forecastTexts(without('oneFewer')).outlooks.length, 2);
	assert.deepEqual(forecastTexts(without('now')).outlooks, ['none of its credentials signs in']);
	const texts = forecastTexts(without('repositories', {basis: 'nothing known'}));
	assert.match(texts.headline, /^about 3,420 api, 590 git requests for each repository/);
	assert.match(texts.outlooks.join(), /how many there are is not known/);
	assert.match(texts.basis, /little was measured/);
});

test('forecast: of the plan as it is saved, with the accounts as they are chosen', () => {
	const saved = PlanSchema.parse({name: 'nightly', organization: 'acme', advanced: {reservePercent: 20}});
	const entry = entryOfPlan(saved);
	assert.deepEqual(planToForetell(saved, entry), {plan: saved, isAsSaved: false});
	const advanced = {...entry.advanced, isEnabled: true, credentials: ['id-bot-1'], reservePercent: ''};
	// What is being typed need not make sense yet.
	const changed = planToForetell(saved, {...entry, include: 'web-*', keep: 'dai', advanced});
	assert.equal(changed.isAsSaved, true);
	assert.deepEqual(changed.plan.include, []);
	assert.deepEqual(changed.plan.advanced.additionalCredentials, {enabled: true, credentials: ['id-bot-1']});
	assert.equal(changed.plan.advanced.reservePercent, undefined);
});

/** Services that note which plans they are asked to foretell. */
function noteForecasts() {
	const asked: Plan[] = [];
	const services = createFakeServices({
		forecast: async plan => {
			asked.push(plan);
			return planForecast;
		},
	});
	return {services, asked};
}

test('plan screen: the forecast stands below the form, also on a small terminal, and follows the accounts', async context => {
	const {services, asked} = noteForecasts();
	const app = openApp(context, services, {columns: 80, rows: 24, startAt: editPlan});
	await app.waitFor('from earlier runs');
	assert.match(app.text(), /Forecast +398 repositories: about 3,420 api, 590 git requests\n/);
	assert.match(app.text(), /with 5 accounts +1 min 50 s/);
	app.type(keys.shiftTab);
	await app.waitFor('> Advanced settings');
	app.type(keys.enter);
	await app.waitFor('all requests go through primary');
	app.type(` ${keys.down} ${keys.save}`);
	await app.waitFor('changed, not saved');
	await app.waitFor('from earlier runs');
	await app.settled();
	assert.deepEqual(
		asked.map(({advanced}) => advanced.additionalCredentials),
		[
			{enabled: false, credentials: []},
			{enabled: true, credentials: ['id-bot-1']},
		],
	);
});

test('plan screen: while one types nothing is reckoned anew, and it is said what is foretold', async context => {
	const {services, asked} = noteForecasts();
	const app = openApp(context, services, {startAt: editPlan});
	await app.waitFor('from earlier runs');
	app.type(`${keys.tab}${keys.tab}web-*`);
	await app.waitFor('git requests, as saved');
	await app.settled();
	assert.equal(asked.length, 1);
});

test('plan screen: a new plan has no forecast, and one that cannot be made says why', async context => {
	const services = createFakeServices({
		forecast: async () => {
			throw new Error('The state database is busy.');
		},
	});
	const fresh = openApp(context, services, {startAt: {screen: 'plan'}});
	await fresh.waitFor('Advanced settings');
	await fresh.settled();
	assert.doesNotMatch(fresh.text(), /Forecast/);
	const app = openApp(context, services, {startAt: editPlan});
	await app.waitFor(/Forecast +The state database is busy\./);
});

test('live run: when it ends is what the run foretold last; a run of old foretold nothing', async context => {
	const old = runEvents.filter(({type}) => type !== 'forecast');
	const follow = (events: typeof runEvents, time: number) =>
		createFakeServices({
			now: () => time,
			followRun: async function* (_run, signal) {
				yield* events;
				await new Promise((_resolve, reject) => {
					signal.addEventListener('abort', () => reject(signal.reason));
				});
			},
		});
	const silent = openApp(context, follow(old, now), {startAt: run});
	await silent.waitFor('payments-core');
	await silent.waitFor('running 5 min 0 s');
	assert.doesNotMatch(silent.text(), /ends/);
	const told = openApp(context, follow(runEvents, now), {startAt: run});
	await told.waitFor(/running 5 min 0 s · ends about \d\d:\d\d\n/);
	const overdue = openApp(context, follow(runEvents, now + 900_000), {startAt: run});
	await overdue.waitFor('running 20 min 0 s · ends soon');
});
