import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Place} from '../../source/app/navigation.ts';
import {backupPlace, snapshots, workspacePlace} from './fake-backups.ts';
import {createFakeServices} from './fake-services.ts';
import {openApp} from './open-app.ts';
import {keys} from './terminal.ts';

const snapshot = snapshots[0]?.id ?? '';
const before = snapshots[1]?.id ?? '';
const repository = {workspace: 'acme', repository: 'repository-0'} as const;

/** On the smallest screen: a place, what is there once it is, and what is done there. */
const places: ReadonlyArray<readonly [place: Place, content: string | RegExp, actions: readonly string[]]> = [
	[{screen: 'devops'}, 'web-frontend', ['e Edit', 'Enter open']],
	[{screen: 'repository', ...repository}, 'Additional', ['Enter open', 'Esc back']],
	[{screen: 'credentials', ...repository}, 'primary', ['a Add new', 'Esc back']],
	[{screen: 'credential', ...repository}, 'Label', ['Ctrl-S Save', 'Esc back']],
	[{screen: 'add-organization'}, 'Workspace', ['Ctrl-S Save', 'Esc back']],
	[{screen: 'plans'}, 'nightly', ['a Add plan', 'r Run now']],
	[{screen: 'plan', name: 'nightly'}, 'Organization', ['Ctrl-S Save', 'Esc back']],
	[{screen: 'run', run: '20261122T115500.000Z-nightly'}, 'primary', ['p pause', 'x cancel', 'Esc back']],
	[{screen: 'runs'}, 'nightly', ['Enter open']],
	[{screen: 'settings'}, 'vault', ['e notifications']],
	[{screen: 'snapshots', ...repository}, '2026-11-22', ['Enter open', 'Esc back']],
	[{screen: 'snapshot', ...backupPlace, snapshot}, 'Snapshot', ['r Restore', 'Esc back']],
	[{screen: 'comparison', ...backupPlace, before, after: snapshot}, '20261122T', ['/ search', 'Esc back']],
	[{screen: 'pull-requests', ...backupPlace, snapshot}, '#42', ['Enter open', 'Esc back']],
	[{screen: 'pull-request', ...backupPlace, snapshot, number: 42}, 'Checkout', ['/ search', 'Esc back']],
	[{screen: 'workspace-backups', workspace: 'acme'}, 'workspace acme', ['Enter Snapshots', 'Esc back']],
	[{screen: 'files', ...workspacePlace, snapshot}, 'members', ['Enter read', 'Esc back']],
	[{screen: 'restore', ...backupPlace, snapshot}, 'Folder', ['Ctrl-S Restore', 'Esc back']],
	[{screen: 'verification', ...backupPlace}, 'Only verify', ['Enter start', 'Esc back']],
	[{screen: 'forget', ...backupPlace}, 'would go', ['d Forget', 'Esc back']],
];

for (const [place, content, actions] of places) {
	test(`footer at 40x12 of ${place.screen}: what is done there, the way back and help`, async context => {
		const app = openApp(context, createFakeServices(), {columns: 40, rows: 12, startAt: place});
		await app.waitFor(content);
		await app.settled();
		const footer = app.rows().at(-1) ?? '';
		for (const action of actions) {
			assert.ok(footer.includes(action), `${action}: ${footer}`);
		}

		assert.match(footer, /(\?|F1) help/);
	});
}

test('footer at 40x12 of a question: how to choose, to answer, and to leave it', async context => {
	const app = openApp(context, createFakeServices(), {columns: 40, rows: 12, startAt: {screen: 'plans'}});
	await app.waitFor('nightly');
	app.type('d');
	await app.waitFor('> Cancel');
	assert.match(app.rows().at(-1) ?? '', /← choose {2}Enter answer {2}Esc cancel/);
	app.type(keys.escape);
});
