import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {AppServices} from '../../source/app/services.ts';
import {createFakeServices} from './fake-services.ts';
import {openApp} from './open-app.ts';
import {keys} from './terminal.ts';

const off: Partial<AppServices> = {notifications: async () => 'off'};

test('notifications: set in Settings, as words that are given to the program as they are', async context => {
	const services = createFakeServices(off);
	const app = openApp(context, services, {startAt: {screen: 'settings'}});
	await app.waitFor('vault.age');
	app.type('t');
	await app.waitFor('Nobody is told of runs yet.');
	app.type('e');
	await app.waitFor('› Notifications');
	app.type(`${keys.right}${keys.tab}`);
	app.type("mail -s 'Backup of");
	await app.waitFor('a quote is not closed');
	app.type(keys.save);
	await app.waitFor('! a quote is not closed');
	assert.deepEqual(services.calls, []);
	app.type(" $HOME' root");
	app.type(keys.save);
	await app.waitFor('The notifications are saved; t tries them.');
	assert.deepEqual(services.calls, [
		{
			name: 'setNotifications',
			arguments: [{when: 'always', command: ['mail', '-s', 'Backup of $HOME', 'root']}],
		},
	]);
});

test('notifications: the form begins with what is set, and asks before changes are dropped', async context => {
	const app = openApp(context, createFakeServices(), {startAt: {screen: 'notifications'}});
	await app.waitFor("mail -s 'Backup of Bitbucket' admin@acme.example");
	app.type(keys.escape);
	await app.waitFor('vault.age');
	app.type('e');
	await app.waitFor('Command');
	app.type(`${keys.tab}x`);
	await app.waitFor('admin@acme.examplex');
	app.type(keys.escape);
	await app.waitFor('Drop the changes?');
	app.type(keys.right + keys.enter);
	await app.waitFor('vault.age');
});

test('notifications: why they cannot be saved is said, and nothing of the entry is lost', async context => {
	const services = createFakeServices({
		...off,
		setNotifications: async () => {
			throw new Error('There is no program "mial".');
		},
	});
	const app = openApp(context, services, {startAt: {screen: 'notifications'}});
	await app.waitFor('Told of');
	app.type(`${keys.tab}mial root${keys.save}`);
	await app.waitFor('✗ There is no program "mial".');
	assert.match(app.text(), /mial root/);
});

test('notifications: tried, with what came of it', async context => {
	let answer: () => void = () => undefined;
	const answered = new Promise<void>(resolve => {
		answer = resolve;
	});
	const app = openApp(
		context,
		createFakeServices({
			testNotifications: async () => {
				await answered;
				return {output: '', problem: 'The notification command "mail" failed with exit code 1: no route.'};
			},
		}),
		{startAt: {screen: 'settings'}},
	);
	await app.waitFor('Command');
	app.type('t');
	await app.waitFor('sending a test notification');
	answer();
	await app.waitFor('✗ The notification command "mail" failed with exit code 1: no route.');
});

test('notifications: switched off after a question, whose safe answer is in focus', async context => {
	const services = createFakeServices();
	const app = openApp(context, services, {startAt: {screen: 'settings'}});
	await app.waitFor('Command');
	app.type('d');
	await app.waitFor('Tell nobody of runs any more?');
	app.type(keys.enter);
	await app.waitFor('vault.age');
	assert.deepEqual(services.calls, []);
	app.type('d');
	await app.waitFor('Tell nobody of runs any more?');
	app.type(keys.right + keys.enter);
	await app.waitFor('Nobody is told of runs any more.');
	assert.deepEqual(
		services.calls.map(({name}) => name),
		['forgetNotifications'],
	);
});

test('notifications: where one only looks, none is tried, changed or switched off', async context => {
	const app = openApp(context, createFakeServices(), {startAt: {screen: 'settings'}, readOnly: true});
	await app.waitFor('Command');
	app.type('t');
	app.type('d');
	await app.settled();
	assert.doesNotMatch(app.text(), /Tell nobody|The command ended|t test|d off/);
});
