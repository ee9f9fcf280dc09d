import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createFakeServices} from './fake-services.ts';
import {openApp} from './open-app.ts';
import {keys} from './terminal.ts';

const startAt = {screen: 'passphrase'} as const;

test('passphrase: asked for first, masked; a wrong one is said, and the right one opens the app', async context => {
	const services = createFakeServices();
	const app = openApp(context, services, {startAt});
	await app.waitFor('The vault is locked with a passphrase');
	app.type(keys.enter);
	await app.waitFor('Type the passphrase first.');
	app.type('battery 123');
	await app.waitFor('•••••••••••');
	assert.doesNotMatch(app.text(), /battery/);
	app.type(keys.enter);
	await app.waitFor('✗ That is not the passphrase.');
	assert.doesNotMatch(app.text(), /battery|•/);
	app.type(`correct horse${keys.enter}`);
	await app.waitFor('web-frontend');
	assert.deepEqual(
		services.calls.filter(({name}) => name === 'unlock').map(call => call.arguments),
		[['battery 123'], ['correct horse']],
	);
});

for (const [name, key] of [
	['Escape', keys.escape],
	['Ctrl-C', keys.interrupt],
] as const) {
	test(`passphrase: ${name} leaves the app, whatever was typed`, async context => {
		const app = openApp(context, createFakeServices(), {startAt, columns: 40, rows: 12});
		await app.waitFor('Passphrase');
		app.type('half 1 2');
		await app.waitFor('••••');
		app.type(key);
		assert.deepEqual(await app.ended, {});
	});
}

test('passphrase: it is needed also to only look', async context => {
	const app = openApp(context, createFakeServices(), {startAt, readOnly: true});
	await app.waitFor('locked with a passphrase');
	app.type(`correct horse${keys.enter}`);
	await app.waitFor('web-frontend');
});
