import assert from 'node:assert/strict';
import {test} from 'node:test';
import {backupPlace, pullRequestPage, snapshots} from './fake-backups.ts';
import {createFakeServices} from './fake-services.ts';
import {openApp} from './open-app.ts';
import {keys} from './terminal.ts';

const snapshot = snapshots[0]?.id ?? '';
const place = {screen: 'pull-requests', ...backupPlace, snapshot} as const;
const sizes = [
	{columns: 80, rows: 24},
	{columns: 40, rows: 12},
] as const;

for (const size of sizes) {
	const at = `at ${size.columns}x${size.rows}`;

	test(`pull requests: from a snapshot to the end of the page of one, ${at}`, async context => {
		const app = openApp(context, createFakeServices(), {
			...size,
			startAt: {screen: 'snapshot', ...backupPlace, snapshot},
		});
		await app.waitFor('Default branch');
		app.type('p');
		await app.waitFor(/> #42 +OPEN +Change number 42/);
		app.type(keys.enter);
		await app.waitFor('# #42 Checkout in one step');
		app.type('G');
		await app.waitFor('show the-end');
		app.type('g');
		await app.waitFor('# #42 Checkout in one step');
		app.type(keys.escape);
		await app.waitFor(/> #42/);
		app.type(keys.escape);
		await app.waitFor('Default branch');
	});

	test(`pull requests: nothing of a page is lost or cut, and quotes stay quotes, ${at}`, async context => {
		const app = openApp(context, createFakeServices(), {
			...size,
			startAt: {screen: 'pull-request', ...backupPlace, snapshot, number: 42},
		});
		await app.waitFor('# #42');
		const seen: string[] = [];
		for (let page = 0; page < 10; page += 1) {
			await app.settled();
			const body = app.rows().slice(2, -2);
			seen.push(...body.filter(line => !seen.includes(line) || line.trim() === ''));
			app.type(keys.pageDown);
		}

		const letters = (text: string): string => text.replaceAll(/[\s>]+/g, '');
		for (const line of pullRequestPage.split('\n')) {
			assert.ok(letters(seen.join('\n')).includes(letters(line)), `missing: ${line}`);
		}

		assert.match(seen.join('\n'), /^ > A description .*\n > /m);
		assert.ok(seen.every(line => !line.includes('…')));
	});

	test(`pull requests: the filter takes number, state, title and author, and Escape clears it, ${at}`, async context => {
		const app = openApp(context, createFakeServices(), {...size, startAt: place});
		await app.waitFor(/> #42/);
		app.type('/grace');
		await app.waitFor(/> #41/);
		assert.doesNotMatch(app.text(), /#42/);
		app.type(`${keys.backspace.repeat(5)}no such one`);
		await app.waitFor('nothing contains "no such');
		app.type(`${keys.backspace.repeat(11)}#7 decl`);
		await app.waitFor(/> #7 +DECLINED/);
		app.type(keys.enter + keys.enter);
		await app.waitFor('Checkout in one step');
		app.type(keys.escape);
		await app.waitFor(/> #7 /);
		app.type(keys.escape);
		await app.waitFor(/> #42/);
	});
}

test('pull requests: being read, none, and one that cannot be read', async context => {
	for (const [parts, expected] of [
		[{pullRequests: async () => new Promise<never>(() => undefined)}, 'reading the pull requests'],
		[
			{pullRequests: async () => ({repository: 'web', snapshot, pullRequests: []})},
			'There are no pull requests in this snapshot.',
		],
		[
			{
				pullRequests: async () => {
					throw new Error('The snapshot is not there any more.');
				},
			},
			'✗ The snapshot is not there any more.',
		],
	] as const) {
		const app = openApp(context, createFakeServices(parts), {...sizes[0], startAt: place});
		await app.waitFor(expected);
	}
});

test('pull requests: what came from outside cannot act on the terminal', async context => {
	const services = createFakeServices({
		pullRequests: async () => ({
			repository: 'web',
			snapshot,
			pullRequests: [
				{
					number: 1,
					state: 'OPEN',
					title: '\u001b]0;owned\u0007\u001b[2Jclean\u202e title',
					author: null,
					created: null,
					updated: null,
				},
			],
		}),
		pullRequest: async () => '# a\u001b[2J page\r\nwith \u202e marks\n',
	});
	const app = openApp(context, services, {...sizes[0], startAt: place});
	await app.waitFor(/> #1 +OPEN +clean title/);
	app.type(keys.enter);
	await app.waitFor('# a page');
	await app.waitFor('with  marks');
});
