import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setTimeout as delay} from 'node:timers/promises';
import type {Place} from '../../source/app/navigation.ts';
import {backupPlace, snapshots} from './fake-backups.ts';
import {createFakeServices} from './fake-services.ts';
import {openApp} from './open-app.ts';

const newestSnapshot = snapshots[0]?.id ?? '';
const oldestSnapshot = snapshots.at(-1)?.id ?? '';

const places: ReadonlyArray<readonly [string, Place, string | RegExp]> = [
	['DevOps', {screen: 'devops'}, 'web-frontend'],
	['Add organization', {screen: 'add-organization'}, 'Workspace'],
	[
		'Edit repository',
		{screen: 'repository', workspace: 'acme', repository: 'repository-0'},
		'Additional cred',
	],
	[
		'Additional credentials',
		{screen: 'credentials', workspace: 'acme', repository: 'repository-0'},
		'primary',
	],
	['Add new', {screen: 'credential', workspace: 'acme', repository: 'repository-0'}, 'Label'],
	['Snapshots', {screen: 'snapshots', workspace: 'acme', repository: 'repository-0'}, '2026-11-22'],
	['Snapshot', {screen: 'snapshot', ...backupPlace, snapshot: newestSnapshot}, 'Default branch'],
	[
		'Comparison',
		{screen: 'comparison', ...backupPlace, before: oldestSnapshot, after: newestSnapshot},
		'20261122T113000',
	],
	['Pull requests', {screen: 'pull-requests', ...backupPlace, snapshot: newestSnapshot}, '#42'],
	[
		'Pull request',
		{screen: 'pull-request', ...backupPlace, snapshot: newestSnapshot, number: 42},
		'Checkout',
	],
	['Workspace and snippets', {screen: 'workspace-backups', workspace: 'acme'}, 'workspace acme'],
	['Files', {screen: 'files', ...backupPlace, snapshot: newestSnapshot}, 'members'],
	['File', {screen: 'file', ...backupPlace, snapshot: newestSnapshot, path: 'members.json'}, '"file"'],
	['Restore', {screen: 'restore', ...backupPlace, snapshot: newestSnapshot}, 'Folder'],
	['Verify', {screen: 'verification', ...backupPlace}, 'Only verify'],
	['Forget', {screen: 'forget', ...backupPlace}, 'would go'],
	['Plans', {screen: 'plans'}, 'nightly'],
	['Edit plan', {screen: 'plan', name: 'nightly'}, 'Organization'],
	['Run', {screen: 'run', run: '20261122T115500.000Z-nightly'}, 'payments-core'],
	['Runs', {screen: 'runs'}, 'nightly'],
	['Settings', {screen: 'settings'}, 'vault'],
	['Passphrase', {screen: 'passphrase'}, 'Passphrase'],
	['Notifications', {screen: 'notifications'}, 'Command'],
];

const sizes = [
	[40, 12],
	[80, 24],
	[120, 40],
	[200, 60],
] as const;

for (const [name, place, content] of places) {
	for (const [columns, rows] of sizes) {
		test(`sizes: ${name} at ${columns}x${rows} is whole, from its title to its footer`, async context => {
			const app = openApp(context, createFakeServices(), {columns, rows, startAt: place});
			// On the smallest screens what is selected, or the first lines, must be there.
			await app.waitFor(rows < 20 && name === 'Run' ? 'primary' : content);
			await app.settled();
			const lines = app.rows();
			assert.match(lines[0] ?? '', /1 DevOps/);
			// Where one types on the smallest screen, Save and the way back are more than quitting.
			assert.match(
				lines[rows - 1] ?? '',
				columns < 60 ? /(\?|F1) help/ : /\? help {2}q quit|(Ctrl-S Save|Esc quit) .*F1 help/,
			);
			assert.ok(lines.every(line => !line.includes('\ufffd')));
		});
	}
}

test('sizes: the terminal may change at any time, down to nothing useful and back', async context => {
	const app = openApp(context, createFakeServices());
	await app.waitFor('web-frontend');
	for (const [columns, rows] of [
		[80, 24],
		[39, 11],
		[200, 60],
		[40, 12],
		[120, 40],
	] as const) {
		app.resize(columns, rows);
		await (columns < 40 ? app.waitFor('terminal too small') : app.waitFor(/(?:\?|F1) help/));
		await app.settled();
		const lines = app.rows();
		assert.equal(lines.length, rows);
		if (columns >= 40) {
			assert.match(lines[0] ?? '', /1 DevOps/);
			assert.match(lines[rows - 1] ?? '', columns < 60 ? /\? help/ : /q quit/);
		}
	}
});

test('sizes: drawn with ASCII alone where it is asked for', async context => {
	for (const [, place, content] of places.filter(([name]) =>
		['DevOps', 'Run', 'Additional credentials'].includes(name),
	)) {
		const app = openApp(context, createFakeServices({repositories: async () => []}), {
			ascii: true,
			startAt: place,
		});
		await app.waitFor(place.screen === 'devops' ? 'no repositories' : content);
		await app.settled();
		assert.match(app.text(), /^[\u0000-\u007f]*$/);
	}
});

test('sizes: nothing is written while nothing happens', async context => {
	const app = openApp(context, createFakeServices());
	await app.waitFor('web-frontend');
	await app.settled();
	const before = app.bytesWritten();
	// Twice as long as from one update of what moves by itself to the next.
	await delay(700);
	assert.equal(app.bytesWritten(), before);
});
