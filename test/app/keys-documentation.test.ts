import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {type TestContext, test} from 'node:test';
import {describeKeys} from '../../scripts/keys/describe-keys.ts';
import {type CommandId, commandTable, describe} from '../../source/app/input/commands.ts';
import {commonCommands, screenCommands} from '../../source/app/input/screen-commands.ts';
import type {Place} from '../../source/app/navigation.ts';
import {backupPlace, snapshots} from './fake-backups.ts';
import {createFakeServices} from './fake-services.ts';
import {type OpenApp, openApp} from './open-app.ts';
import {keys} from './terminal.ts';

const root = new URL('../../', import.meta.url);

test('keys documentation: the page of keys and the table of the README are what the program does', async () => {
	for (const {path, contents} of await describeKeys()) {
		assert.equal(
			await readFile(new URL(path, root), 'utf8'),
			contents,
			`${path} is out of date: look at it, then make it anew with npm run pictures`,
		);
	}
});

test('keys documentation: every command of the table belongs to a screen', () => {
	const known = new Set([...commonCommands, ...screenCommands.flatMap(({commands}) => commands)]);
	assert.deepEqual(
		(Object.keys(commandTable) as CommandId[]).filter(id => !known.has(id)),
		[],
	);
});

const snapshot = snapshots[0]?.id ?? '';
const repository = {workspace: 'acme', repository: 'repository-0'} as const;

/** Every screen, what shows that it is there, and what to press to come into its other states. */
const screens: ReadonlyArray<
	readonly [name: string, place: Place, content: string, states: readonly string[]]
> = [
	['DevOps', {screen: 'devops'}, 'web-frontend', ['']],
	['Edit repository', {screen: 'repository', ...repository}, 'Verified', ['']],
	['Additional credentials', {screen: 'credentials', ...repository}, 'bot-1', ['']],
	['Add new, Edit credential', {screen: 'credential', ...repository}, 'Label', ['', keys.tab]],
	['Add organization', {screen: 'add-organization'}, 'Workspace', ['', keys.tab]],
	['Snapshots', {screen: 'snapshots', ...repository}, '2026-11-22', ['', 'm']],
	['Snapshot', {screen: 'snapshot', ...backupPlace, snapshot}, 'Default branch', ['', `/e${keys.enter}`]],
	['Pull requests', {screen: 'pull-requests', ...backupPlace, snapshot}, '#42', ['']],
	['Workspace and snippets', {screen: 'workspace-backups', workspace: 'acme'}, 'workspace acme', ['']],
	['Files', {screen: 'files', ...backupPlace, snapshot}, 'members', ['']],
	['File', {screen: 'file', ...backupPlace, snapshot, path: 'x'}, '"file"', ['', '/', `e${keys.enter}`]],
	['Plans', {screen: 'plans'}, 'nightly', ['']],
	['Edit backup plan', {screen: 'plan', name: 'nightly'}, 'Destination', ['', keys.up]],
	['Advanced settings', {screen: 'plan', name: 'nightly'}, 'Destination', [keys.up + keys.enter, ' ']],
	[
		'Run',
		{screen: 'run', run: '20261122T115500.000Z-nightly'},
		'payments-core',
		['', '/', `${keys.escape}${keys.enter}`],
	],
	['Runs', {screen: 'runs'}, 'nightly', ['']],
	['Settings', {screen: 'settings'}, 'vault', ['']],
	['Passphrase', {screen: 'passphrase'}, 'locked with a passphrase', ['']],
	['Notifications', {screen: 'notifications'}, 'Command', ['', keys.tab]],
];

for (const [name, place, content, states] of screens) {
	test(`keys documentation: what the help of ${name} shows is what is documented of it`, async context => {
		const documented = screenCommands.find(screen => screen.name === name)?.commands ?? [];
		const allowed = new Set([...documented, ...commonCommands].map(id => describe(id).description));
		const all = new Set(Object.values(commandTable).map(({description}) => description as string));
		const app = await openAt(context, place, content);
		for (const state of states) {
			app.type(state);
			await app.settled();
			app.type('\u001bOP');
			await app.waitFor('Keys of this screen');
			const text = app.text();
			const shown = [...all].filter(description => text.includes(description));
			assert.ok(shown.length > commonCommands.length / 2, text);
			assert.deepEqual(
				shown.filter(description => !allowed.has(description)),
				[],
			);
			app.type(keys.escape);
			await app.settled();
		}
	});
}

async function openAt(context: TestContext, place: Place, content: string): Promise<OpenApp> {
	const app = openApp(context, createFakeServices(), {columns: 160, rows: 60, startAt: place});
	await app.waitFor(content);
	return app;
}
