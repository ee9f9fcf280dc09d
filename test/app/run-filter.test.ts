import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createFakeServices, now, runEnd, runEvents} from './fake-services.ts';
import {openApp} from './open-app.ts';
import {
	begun,
	createScriptedRun,
	finish,
	scriptedRunId,
	tenThousandListed,
	tenThousandNames,
} from './scripted-run.ts';
import {keys} from './terminal.ts';

const place = {screen: 'run', run: scriptedRunId} as const;

for (const isPast of [false, true]) {
	test(`the repositories of a ${isPast ? 'past' : 'live'} run: / filters by name as one types, Enter goes to the list, Esc clears it and only then goes back`, async context => {
		const run = createScriptedRun(isPast ? [...runEvents, runEnd] : runEvents);
		const app = openApp(context, createFakeServices({...run.services, now: () => now}), {
			startAt: place,
			columns: 120,
			rows: 40,
		});
		await app.waitFor('developer-tools');
		app.type('/');
		await app.waitFor(/F1 help/);
		assert.doesNotMatch(app.rows().at(-1) ?? '', /pause|detach|filter/);
		// Letters are text, also those that are keys of the run.
		app.type('SHOP-pdx');
		await app.waitFor('nothing contains "SHOP-pdx"');
		assert.match(app.text(), /Repositories {2}\d+ of 14 · 0 found/);
		app.type(keys.backspace.repeat(3));
		await app.waitFor('2 found');
		assert.match(app.text(), /shop-backend/);
		assert.doesNotMatch(app.text(), /web-frontend|paused|Cancel the run/);
		app.type(keys.enter + keys.down);
		await app.waitFor(/> . shop-frontend/);
		app.type(keys.enter);
		await app.waitFor(/Repository +shop-frontend/);
		app.type(keys.escape);
		await app.waitFor(/> . shop-frontend/);
		assert.match(app.text(), /2 found/);
		app.type(keys.escape);
		await app.waitFor('developer-tools');
		assert.match(app.text(), /> . shop-frontend/, 'the cursor stays with its repository');
		assert.doesNotMatch(app.text(), /found/);
		app.type(keys.escape);
		await app.waitFor(/ Runs/);
		await app.waitFor('Plan');
	});
}

test('a filter of a live run keeps what it takes as the run goes on, and follows what is at work of it', async context => {
	const run = createScriptedRun(runEvents);
	const app = openApp(context, createFakeServices({...run.services, now: () => now}), {startAt: place});
	await app.waitFor('web-frontend');
	app.type(`/shop${keys.enter}`);
	await app.waitFor('2 found');
	run.write(begun('shop-frontend'));
	await app.waitFor(/> . shop-frontend +starting/);
	run.write(finish('web-frontend'), finish('shop-frontend', 'failed'), begun('shop-backend'));
	await app.waitFor(/✗ shop-frontend/);
	await app.waitFor(/> . shop-backend +starting/);
	assert.doesNotMatch(app.text(), /web-frontend/);
});

test('the problems of a run have a filter of their own, over where they are and what they say', async context => {
	const run = createScriptedRun([...runEvents, runEnd]);
	const app = openApp(context, createFakeServices({...run.services, now: () => now}), {startAt: place});
	await app.waitFor('developer-tools');
	app.type(`/shop${keys.enter}`);
	await app.waitFor('2 found');
	app.type(keys.tab);
	await app.waitFor(/Problems {2}\d/);
	assert.doesNotMatch(app.text(), /found/);
	app.type(`/connection${keys.enter}`);
	await app.waitFor('1 found');
	app.type(keys.enter);
	await app.waitFor(/Where +payments-core/);
	app.type(keys.escape + keys.tab);
	await app.waitFor('2 found');
	assert.match(app.text(), /shop-backend/);
});

test('ten thousand repositories: what a filter takes is there at once, any place of it a key away', async context => {
	const run = createScriptedRun(runEvents.slice(0, 1));
	run.write(
		{...runEvents[0], repositories: 10_000},
		...tenThousandListed,
		...tenThousandNames.slice(0, 3000).flatMap(one => [begun(one), finish(one, 'unchanged')]),
	);
	for (const [columns, rows] of [
		[40, 12],
		[80, 24],
	] as const) {
		const app = openApp(context, createFakeServices({...run.services, now: () => now}), {
			startAt: place,
			columns,
			rows,
		});
		await app.waitFor('of 10,000');
		app.type(`/77${keys.enter}G${keys.enter}`);
		await app.waitFor(/Repository +repository-9977/);
		app.type(`${keys.escape}g${keys.enter}`);
		await app.waitFor(/Repository +repository-2977/);
		app.type(keys.escape);
		await app.waitFor(/^ \/ 77/m);
		await app.waitFor(columns < 80 ? '10,000  280 f' : '280 found');
	}
});
