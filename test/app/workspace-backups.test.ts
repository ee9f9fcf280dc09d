import assert from 'node:assert/strict';
import {test} from 'node:test';
import {snapshots, workspacePlace} from './fake-backups.ts';
import {createFakeServices} from './fake-services.ts';
import {openApp} from './open-app.ts';
import {keys} from './terminal.ts';

const snapshot = snapshots[0]?.id ?? '';
const sizes = [
	{columns: 40, rows: 12},
	{columns: 80, rows: 24},
	{columns: 120, rows: 40},
] as const;

for (const size of sizes) {
	test(`workspace and snippets at ${size.columns}x${size.rows}: from DevOps to the last line of a file, and back`, async context => {
		const app = openApp(context, createFakeServices(), size);
		await app.waitFor('web-frontend');
		app.type('w');
		await app.waitFor(/> workspace acme/);
		assert.match(app.text(), /snippet kMB7x/);
		app.type(keys.enter);
		await app.waitFor(/Snapshots/);
		await app.waitFor('2026-11-22');
		app.type(keys.enter);
		await app.waitFor(/Snapshot +20261122T113000/);
		// It has no Git, and nothing to count of it.
		assert.doesNotMatch(app.text(), /Default branch|LFS|pull requests/);
		app.type('f');
		await app.waitFor(/> members/);
		app.type(`/permissions web${keys.enter}`);
		await app.waitFor(/> permissions of/);
		app.type(keys.enter);
		await app.waitFor('"file":');
		app.type('G');
		await app.waitFor('"the last"');
		app.type(`g/member-41${keys.enter}`);
		await app.waitFor(/^> +"member-41"/m);
		app.type(keys.escape + keys.escape);
		await app.waitFor(/> permissions of/);
		app.type(keys.escape + keys.escape);
		await app.waitFor(/Snapshot +20261122T113000/);
		app.type(keys.escape + keys.escape);
		await app.waitFor(/> workspace acme/);
		app.type(keys.escape);
		await app.waitFor('web-frontend');
	});
}

test('a snippet has Git, and is restored like a repository; it is filtered by its title', async context => {
	const services = createFakeServices();
	const app = openApp(context, services, {
		columns: 120,
		rows: 40,
		startAt: {screen: 'workspace-backups', workspace: 'acme'},
	});
	await app.waitFor('deploy.sh: how we deploy');
	app.type(`/how we${keys.enter}`);
	await app.waitFor(/> snippet kMB7x/);
	app.type(keys.enter);
	await app.waitFor('snippet kMB7x › Snapshots');
	app.type(keys.enter);
	await app.waitFor('Default branch');
	assert.doesNotMatch(app.text(), /LFS objects +3/);
	app.type('r');
	await app.waitFor('working copy');
});

test('the workspace is restored to a folder of files: nothing else is to choose, and it is said before it is done', async context => {
	const services = createFakeServices();
	const app = openApp(context, services, {
		columns: 80,
		rows: 24,
		startAt: {screen: 'restore', ...workspacePlace, snapshot},
	});
	await app.waitFor('Folder');
	assert.doesNotMatch(app.text(), /Metadata|LFS|working copy|push/);
	app.type(`${keys.tab}/tmp/acme`);
	await app.waitFor('The files of workspace acme of 2026-11-22');
	app.type(keys.save);
	await app.waitFor('> Cancel');
	assert.match(app.text(), /go into[\s│]+\/tmp\/acme/);
	app.type(keys.right + keys.enter);
	await app.waitFor('Lies in');
	const [call] = services.calls.filter(({name}) => name === 'restore');
	assert.deepEqual(call?.arguments[0], {
		plan: 'nightly',
		folder: 'workspace.git',
		snapshot,
		form: 'bare',
		to: '/tmp/acme',
		withMetadata: false,
		withLfs: true,
		force: false,
	});
});

test('none, being read, and what cannot be read', async context => {
	for (const [workspaceBackups, expected] of [
		[async () => [], 'There is no backup of the workspace or its snippets yet'],
		[async () => new Promise<never>(() => undefined), 'reading the backups'],
		[
			async () => {
				throw new Error('/srv/backup cannot be read: EACCES.');
			},
			'✗ /srv/backup cannot be read: EACCES.',
		],
	] as const) {
		const app = openApp(context, createFakeServices({workspaceBackups}), {
			startAt: {screen: 'workspace-backups', workspace: 'acme'},
		});
		await app.waitFor(expected);
		app.type(keys.enter);
		await app.settled();
		assert.match(app.text(), /Workspace and snippets/);
	}
});
