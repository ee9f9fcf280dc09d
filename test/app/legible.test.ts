import assert from 'node:assert/strict';
import {test} from 'node:test';
import {unicodeSigns} from '../../source/app/theme.ts';
import type {RunEvent} from '../../source/runs/events.ts';
import {createFakeServices, now, quota, runEnd, runEvents} from './fake-services.ts';
import {openApp} from './open-app.ts';
import {keys} from './terminal.ts';

/* What a person must be able to read to its end, also on a small screen. */

const run = {screen: 'run', run: '20261122T115500.000Z-nightly'} as const;
const small = {columns: 40, rows: 12} as const;

test('legible: the clocks of a live run go on while nothing is heard of it', async context => {
	let time = now;
	const app = openApp(context, createFakeServices({now: () => time}), {startAt: run});
	await app.waitFor(/bot-2 .*waits 2:10/);
	await app.waitFor('running 5 min 0 s');
	time += 60_000;
	await app.waitFor(/bot-2 .*waits 1:10/);
	await app.waitFor('running 6 min 0 s');
});

test('legible: what was at work when a run ended stands still and says that it was not finished', async context => {
	const ended = createFakeServices({
		followRun: async function* () {
			yield* [...runEvents, runEnd];
		},
	});
	const broken = createFakeServices({
		followRun: async function* () {
			yield* runEvents;
		},
	});
	for (const [services, state] of [
		[ended, '3,420 requests'],
		[broken, 'interrupted'],
	] as const) {
		const app = openApp(context, services, {startAt: run});
		await app.waitFor(state);
		await app.waitFor(/– data-lake +not finished/);
		assert.ok(unicodeSigns.spinner.every(sign => !app.text().includes(sign)));
	}
});

test('legible: an error that is longer than a line is there to its end, and goes with the next key', async context => {
	const message =
		'The plan "nightly" is running already: the run 20261122T140200.000Z-nightly, process 4242, works on it. Watch it with: bucket-brigade watch nightly';
	const services = createFakeServices({
		startRun: async () => {
			throw new Error(message);
		},
	});
	const app = openApp(context, services, {columns: 80, rows: 24, startAt: {screen: 'plans'}});
	await app.waitFor('nightly');
	app.type('r');
	await app.waitFor('watch nightly');
	assert.ok(app.text().replaceAll(/\s+/g, ' ').includes(message));
	assert.match(app.rows().at(-1) ?? '', /q quit/);
	app.type('j');
	await app.settled();
	assert.ok(!app.text().includes('running already'));
});

test('legible: a text that is longer than its field shows the end that is typed', async context => {
	const app = openApp(context, createFakeServices(), {
		columns: 80,
		rows: 24,
		startAt: {screen: 'credential', workspace: 'acme', repository: 'repository-0'},
	});
	await app.waitFor('Label');
	app.type(`${keys.tab}bot${keys.tab}${'abcdefghij'.repeat(9)}@END`);
	await app.waitFor(/E-mail +[a-j]+@END/);
	app.type(keys.backspace.repeat(64));
	await app.waitFor(/E-mail +(?:abcdefghij){3}\n/);
});

test('legible: a problem of a run opens and can be read to its end', async context => {
	const app = openApp(context, createFakeServices(), {...small, startAt: run});
	await app.waitFor('web-frontend');
	app.type(keys.tab);
	await app.waitFor(/Problems +3/);
	app.type(keys.down + keys.down + keys.enter);
	await app.waitFor('› Problem');
	assert.match(
		app.text().replaceAll(/\s+/g, ' '),
		/Where payments-core .*fetch: the connection was reset, tried 5 times/,
	);
	app.type(keys.escape);
	await app.waitFor(/Problems +3/);
});

test('legible: a repository keeps its sections in sight on the smallest screen', async context => {
	const app = openApp(context, createFakeServices(), {
		...small,
		startAt: {screen: 'repository', workspace: 'acme', repository: 'repository-0'},
	});
	await app.waitFor(/> Additional credentials \(4\) +\[Edit\]/);
	await app.waitFor(/Plans \(1\) +\[Edit\]/);
});

test('legible: states have their words on the smallest screen', async context => {
	const app = openApp(context, createFakeServices(), {...small, startAt: {screen: 'runs'}});
	await app.waitFor('! partial');
	app.type('2');
	await app.waitFor('never');
	const credentials = openApp(context, createFakeServices(), {
		...small,
		startAt: {screen: 'credentials', workspace: 'acme', repository: 'repository-0'},
	});
	await credentials.waitFor('all it can');
});

test('legible: a question is whole on the smallest screen, also below a long message', async context => {
	const app = openApp(context, createFakeServices(), {
		...small,
		startAt: {screen: 'credentials', workspace: 'acme', repository: 'repository-0'},
	});
	await app.waitFor('primary');
	app.type('jd');
	await app.waitFor('Remove bot-1?');
	assert.match(app.text().replaceAll(/[│\s]+/g, ' '), /These plans use it and go on without it: nightly\./);
	assert.match(app.text(), /> Cancel +Remove/);
});

test('legible: the bar of an account says why it is not used as fast as its quota allows', async context => {
	for (const [more, text] of [
		[{others: 212, oneByOne: true}, /bot-2 .*others 212/],
		[{others: 0, oneByOne: true}, /bot-2 .*one by one/],
		[{frozenUntil: new Date(now + 90_000).toISOString()}, /bot-2 .*429 1:30/],
		[{frozenUntil: new Date(now + 90_000).toISOString(), ledgerLost: true}, /bot-2 .*waits 1:30/],
	] as const) {
		const services = createFakeServices({
			followRun: async function* () {
				yield* runEvents;
				const event = quota('user:{3}', 'bot-2', 400, more);
				yield {...event, at: new Date(now).toISOString(), run: run.run} as RunEvent;
				await new Promise(() => undefined);
			},
		});
		const app = openApp(context, services, {startAt: run});
		await app.waitFor(text);
	}
});
