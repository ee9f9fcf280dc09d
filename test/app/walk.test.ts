import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type Calls, createFakeServices} from './fake-services.ts';
import {openApp} from './open-app.ts';
import {keys} from './terminal.ts';

function argumentsOf(call: Calls[number] | undefined): readonly unknown[] {
	assert.ok(call, 'the services were not called');
	return call.arguments;
}

test('app: DevOps → Edit → Additional credentials → Add new → Save, and plans are offered', async context => {
	const services = createFakeServices();
	const app = openApp(context, services);
	await app.waitFor('web-frontend');
	app.type('e');
	await app.waitFor('Additional credentials (4)');
	app.type(keys.enter);
	await app.waitFor('same as bot-1');
	assert.match(app.text(), /bot-3.*401 refused/);
	app.type('a');
	await app.waitFor('› Add new');
	app.type(keys.tab);
	await app.waitFor('what you call it');
	// All in one piece, as over a slow line.
	app.type(`bot-4${keys.tab}bot-4@acme.example${keys.tab}ATATT3xSecret`);
	await app.waitFor('13 characters');
	assert.match(app.text(), /Label +bot-4\n/);
	assert.match(app.text(), /E-mail +bot-4@acme\.example\n/);
	assert.ok(!app.text().includes('ATATT3xSecret'), 'masked while it is typed');
	app.type(keys.save);
	await app.waitFor('Open the plans?');
	assert.deepEqual(services.calls.at(-1), {
		name: 'addCredential',
		arguments: [
			'acme',
			{
				kind: 'api-token',
				label: 'bot-4',
				username: 'bot-4@acme.example',
				secret: 'ATATT3xSecret',
				expiresAt: undefined,
				check: true,
			},
		],
	});
	app.type(keys.right + keys.enter);
	await app.waitFor(/Plan +Organization/);
});

test('app: what is missing in a form is said, and nothing is lost when saving fails', async context => {
	const services = createFakeServices({
		addCredential: async () => {
			throw new Error('Bitbucket refused the credential "bot-4" (401): Token is invalid.');
		},
	});
	const app = openApp(context, services, {
		startAt: {screen: 'credential', workspace: 'acme', repository: 'web-frontend'},
	});
	await app.waitFor('Scopes');
	app.type(keys.save);
	await app.waitFor('a label is needed');
	app.type(`bot-4${keys.tab}bot-4@acme.example${keys.tab}wrong`);
	await app.waitFor('5 characters');
	app.type(keys.save);
	await app.waitFor('Token is invalid');
	assert.match(app.text(), /Label +bot-4\n/);
	app.type(keys.escape);
	await app.waitFor('Drop the changes?');
	assert.match(app.text(), /> Cancel/, 'the safe answer is in focus');
	app.type(keys.escape);
	await app.waitFor('Token is invalid');
});

test('app: a pasted token goes in whole, without its newline', async context => {
	const services = createFakeServices();
	const app = openApp(context, services, {
		startAt: {screen: 'credential', workspace: 'acme', repository: 'web-frontend'},
	});
	await app.waitFor('Scopes');
	app.type(`${keys.tab}bot-4${keys.tab}b@acme.example${keys.tab}`);
	await app.waitFor('paste it');
	app.type(`\u001b[200~ATATT3x${'q?1/'.repeat(40)}\n\u001b[201~`);
	await app.waitFor('167 characters');
	app.type(keys.save);
	await app.waitFor('Open the plans?');
	const [, draft] = argumentsOf(services.calls.at(-1)) as [string, {secret: string}];
	assert.equal(draft.secret, `ATATT3x${'q?1/'.repeat(40)}`);
});

test('app: Plans → Edit plan → Advanced settings → switches → Save → Save', async context => {
	const services = createFakeServices();
	const app = openApp(context, services);
	await app.waitFor('web-frontend');
	app.type('2');
	await app.waitFor('nightly');
	app.type('e');
	await app.waitFor('Advanced settings');
	app.type(keys.shiftTab);
	await app.waitFor('> Advanced settings');
	app.type(keys.enter);
	await app.waitFor('all requests go through primary');
	app.type(' ');
	await app.waitFor('spread over the accounts that are on');
	app.type(`${keys.down} ${keys.down}${keys.down} `);
	await app.waitFor(/ci-token +\[ on \]/);
	assert.match(app.text(), /bot-1 +\[ on \]/);
	assert.match(app.text(), /bot-1-second +\[ off\] +.*adds no quota/);
	app.type(keys.save);
	await app.waitFor('changed, not saved');
	assert.equal(services.calls.length, 0, 'the plan is saved with its own Save');
	app.type(keys.save);
	await app.waitFor('The plan nightly is saved');
	const [call] = services.calls;
	assert.equal(call?.name, 'editPlan');
	const [, changes] = argumentsOf(call) as [string, {advanced: {additionalCredentials: unknown}}];
	assert.deepEqual(changes.advanced.additionalCredentials, {
		enabled: true,
		credentials: ['id-bot-1', 'id-ci-token'],
	});
	app.type('r');
	await app.waitFor('used/limit');
	assert.deepEqual(services.calls.at(-1), {name: 'startRun', arguments: ['nightly']});
});

test('app: the same walk with every key in one burst, and byte by byte', async context => {
	const steps = `2e${keys.shiftTab}${keys.enter} ${keys.down} ${keys.save}${keys.save}`;
	for (const send of ['burst', 'bytewise'] as const) {
		const services = createFakeServices();
		const app = openApp(context, services);
		await app.waitFor('web-frontend');
		// What the plan is made of is read once before, so that no key comes before its form.
		app.type('2');
		await app.waitFor('nightly');
		app.type(`e`);
		await app.waitFor('Advanced settings');
		app.type(keys.escape);
		await app.waitFor('Add plan');
		if (send === 'burst') {
			app.type(steps);
		} else {
			await app.typeBytewise(steps);
		}

		await app.waitFor('The plan nightly is saved');
		const [, changes] = argumentsOf(services.calls[0]) as [
			string,
			{advanced: {additionalCredentials: unknown}},
		];
		assert.deepEqual(
			changes.advanced.additionalCredentials,
			{enabled: true, credentials: ['id-bot-1']},
			send,
		);
	}
});

test('app: the live run shows a bar for each account, and asks before it cancels', async context => {
	const services = createFakeServices();
	const app = openApp(context, services, {startAt: {screen: 'run', run: '20261122T115500.000Z-nightly'}});
	await app.waitFor('payments-core');
	assert.match(app.text(), /primary +api +▕█+░+▒+▏ +812\/1,000/);
	assert.match(app.text(), /bot-1 \+1 +api/);
	assert.match(app.text(), /bot-2 .*950\/1,000 +waits 2:10/);
	assert.match(app.text(), /ci-token .*310\/3,500 ✓/);
	assert.match(app.text(), /bot-3 +✗ failed/);
	assert.match(app.text(), /Repositories {2}4 of 14/);
	assert.match(app.text(), /✗ payments-core +failed: fetch: the connection was reset/);
	app.type(keys.tab);
	await app.waitFor(/Problems {2}3/);
	app.type('x');
	await app.waitFor('Cancel the run?');
	app.type(keys.enter);
	await app.waitFor(/Problems {2}3/);
	assert.equal(services.calls.length, 0);
	app.type('x');
	await app.waitFor('Cancel the run?');
	app.type(keys.tab + keys.enter);
	await app.waitFor('is being cancelled');
	assert.equal(services.calls.at(-1)?.name, 'cancelRun');
	app.type('d');
	await app.waitFor('The run goes on by itself');
});

test('app: read-only hides what changes something', async context => {
	const services = createFakeServices();
	const app = openApp(context, services, {readOnly: true});
	await app.waitFor('web-frontend');
	assert.match(app.text(), /read-only/);
	app.type('2');
	await app.waitFor('nightly');
	assert.doesNotMatch(app.text(), /Add plan|Run now|remove/);
	app.type('r');
	await app.settled();
	assert.equal(services.calls.length, 0);
});

test('app: help is made of the same keys, and can be filtered', async context => {
	const app = openApp(context, createFakeServices());
	await app.waitFor('web-frontend');
	app.type('?');
	await app.waitFor('Keys of this screen');
	assert.match(app.text(), /o +organization|o +Connect a Bitbucket workspace/);
	app.type('/quit');
	await app.waitFor('filter: quit');
	assert.match(app.text(), /q Ctrl-C +Quit/);
	assert.doesNotMatch(app.text(), /Connect a Bitbucket/);
	app.type(keys.escape);
	await app.waitFor('Connect a Bitbucket');
	app.type(keys.escape);
	await app.waitFor('[Edit]');
});

test('app: the filter of tiles takes letters that are commands elsewhere, and Escape clears it', async context => {
	const app = openApp(context, createFakeServices());
	await app.waitFor('web-frontend');
	app.type('/erq');
	await app.waitFor('nothing contains "erq"');
	app.type(keys.backspace);
	await app.waitFor('legacy-erp');
	assert.doesNotMatch(app.text(), /web-frontend/);
	app.type(keys.escape);
	await app.waitFor('web-frontend');
});

test('app: Escape never quits, q does, and the terminal is given back', async context => {
	const app = openApp(context, createFakeServices());
	await app.waitFor('web-frontend');
	app.type(keys.escape + keys.escape);
	await app.settled();
	assert.match(app.text(), /web-frontend/);
	app.type('q');
	await app.ended;
	await app.settled();
	assert.equal(app.model.buffer.active.type, 'normal', 'the alternate screen is left');
});
