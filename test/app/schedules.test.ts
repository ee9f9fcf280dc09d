import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {PlanSummary} from '../../source/actions/plans.ts';
import {scheduleHint} from '../../source/app/screens/plan/schedule-hint.ts';
import {PlanSchema} from '../../source/model/plan.ts';
import {createFakeServices, now, plans} from './fake-services.ts';
import {openApp} from './open-app.ts';

const unheeded = {schedules: async () => ({plans: ['nightly'], isHeeded: false, unreadable: []})};
const [nightly] = plans;
assert.ok(nightly);

function planOf(schedule: string | undefined): PlanSummary['plan'] {
	return PlanSchema.parse({
		name: 'a-plan',
		organization: 'acme',
		...(schedule === undefined ? {} : {schedule}),
	});
}

for (const [columns, rows] of [
	[80, 24],
	[120, 40],
] as const) {
	test(`schedules: Plans says when each is due next, at ${columns}x${rows}`, async context => {
		const {nextRunAt: _never, ...unscheduled} = nightly;
		const byHand: PlanSummary = {...unscheduled, name: 'by-hand', plan: planOf(undefined)};
		const broken: PlanSummary = {...byHand, name: 'broken', plan: planOf('at noon')};
		const services = createFakeServices({plans: async () => [nightly, byHand, broken]});
		const app = openApp(context, services, {columns, rows, startAt: {screen: 'plans'}});
		await app.waitFor('broken');
		assert.match(app.text(), /Last run +Next run/);
		assert.match(app.text(), /nightly .* (0?\d|1\d|2\d):00 today|nightly .*2\d Nov \d\d:00/);
		assert.match(app.text(), /by-hand .*never +–/);
		assert.match(app.text(), /broken .*✗ unreadable/);
		assert.doesNotMatch(app.text(), /Nothing starts/);
	});
}

for (const [columns, rows] of [
	[40, 12],
	[80, 24],
] as const) {
	test(`schedules: that nobody looks at them stands at the head of Plans, at ${columns}x${rows}`, async context => {
		const app = openApp(context, createFakeServices(unheeded), {columns, rows, startAt: {screen: 'plans'}});
		await app.waitFor('! Nothing starts the plan nightly');
		await app.waitFor('> nightly');
	});
}

test('schedules: what one means is said while it is typed', async context => {
	const app = openApp(context, createFakeServices(), {
		columns: 100,
		rows: 30,
		startAt: {screen: 'plan', name: 'nightly'},
	});
	await app.waitFor('Schedule');
	app.type('\t'.repeat(5));
	await app.waitFor(/next .*, then .*; bucket-brigade scheduler starts it/);
	app.type('\u007f'.repeat(9));
	await app.waitFor('cron, for example 0 2 * * * (daily at 02:00); empty: started by hand');
	app.type('0 25 * * *\t');
	await app.waitFor('is no schedule (invalid value for hour: 25)');
});

test('schedules: the hint of one', () => {
	assert.match(scheduleHint('', now), /^cron, for example/);
	assert.match(scheduleHint('0 25', now), /^cron, for example/);
	assert.match(scheduleHint('30 2 * * *', now), /^next (02:30 today|23 Nov 02:30), then 2[34] Nov 02:30; /);
});
