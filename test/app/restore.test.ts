import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {RestoreRequest} from '../../source/app/backup-services.ts';
import {backupPlace, restored, snapshots} from './fake-backups.ts';
import {createFakeServices} from './fake-services.ts';
import {openApp} from './open-app.ts';
import {keys} from './terminal.ts';

const snapshot = snapshots[1]?.id ?? '';
const place = {screen: 'restore', ...backupPlace, snapshot} as const;
const sizes = [
	{columns: 80, rows: 24},
	{columns: 40, rows: 12},
] as const;

for (const size of sizes) {
	const at = `at ${size.columns}x${size.rows}`;

	test(`restore: from the list to the result, Cancel in focus before it is begun, ${at}`, async context => {
		const services = createFakeServices();
		const app = openApp(context, services, {
			...size,
			startAt: {screen: 'snapshots', workspace: 'acme', repository: 'repository-0'},
		});
		await app.waitFor('3 branches');
		app.type('jr');
		await app.waitFor('› Restore');
		await app.waitFor(/> Snapshot +\( 2026-/);
		app.type(`${keys.tab}${keys.tab}/tmp/restored.git`);
		await app.waitFor('becomes /tmp');
		app.type(keys.save);
		await app.waitFor('Restore?');
		assert.match(
			app.text().replaceAll(/[│\s]+/g, ' '),
			/repository-0 of 2026-11-21 \d\d:\d\d becomes the bare repository \/tmp\/restored\.git\./,
		);
		assert.match(app.text(), /> Cancel +Restore/);
		app.type(keys.enter);
		await app.waitFor(/> Folder +\/tmp\/restored\.git/);
		assert.equal(services.calls.length, 0);
		app.type(keys.save);
		await app.waitFor('Restore?');
		app.type(keys.right + keys.enter);
		await app.waitFor('✓ Restored web-frontend');
		assert.match(app.text(), /Lies in +\/tmp\/restored\.git/);
		const [request] = services.calls.at(-1)?.arguments ?? [];
		assert.deepEqual(request, {
			...backupPlace.backup,
			snapshot,
			form: 'bare',
			to: '/tmp/restored.git',
			withMetadata: true,
			withLfs: true,
			force: false,
		});
		app.type(keys.escape);
		await app.waitFor(/> 2026-11-21/);
	});

	test(`restore: a wrong target is said while it is typed, with what is expected, ${at}`, async context => {
		const services = createFakeServices();
		const app = openApp(context, services, {...size, startAt: place});
		await app.waitFor('> Snapshot');
		app.type(`${keys.tab}${keys.tab}`);
		await app.waitFor('a folder that do');
		app.type(keys.save);
		await app.waitFor('a folder to rest');
		app.type('/full/of/things');
		await app.waitFor('/full/of/things is no');
		app.type(keys.save);
		await app.waitFor(/Name a\s+folder/);
		assert.equal(services.calls.length, 0);
		app.type(`${keys.backspace.repeat(15)}/tmp/x`);
		await app.waitFor('becomes /tmp/x');
	});

	test(`restore: Escape asks while something was entered, and only then, ${at}`, async context => {
		const app = openApp(context, createFakeServices(), {...size, startAt: place});
		await app.waitFor('> Snapshot');
		app.type(`${keys.tab}${keys.tab}/x`);
		await app.waitFor('becomes /x');
		app.type(keys.escape);
		await app.waitFor('Drop the changes?');
		app.type(keys.escape);
		await app.waitFor('becomes /x');
		app.type(`${keys.backspace}${keys.backspace}`);
		await app.waitFor('a folder that do');
		app.type(keys.escape);
		await app.waitFor('[Edit]');
	});

	test(`restore: writing over is offered for a push alone, and spelled out before it is done, ${at}`, async context => {
		const services = createFakeServices();
		const app = openApp(context, services, {...size, startAt: place});
		await app.waitFor('> Snapshot');
		assert.doesNotMatch(app.text(), /Write over/);
		app.type(`${keys.tab}${keys.right}${keys.right}`);
		await app.waitFor('Write over');
		assert.doesNotMatch(app.text(), /Metadata/);
		app.type(`${keys.tab}https://git.example/acme/web.git${keys.save}`);
		await app.waitFor('Push?');
		assert.match(app.text(), /> Cancel +Push/);
		app.type(`${keys.escape}${keys.tab}${keys.tab} ${keys.save}`);
		await app.waitFor('Push, and write over refs?');
		assert.match(
			app.text().replaceAll(/[│\s]+/g, ' '),
			/Refs of https:\/\/git\.example\/acme\/web\.git that differ are written over/,
		);
		app.type(keys.right + keys.enter);
		await app.waitFor('✓ Restored');
		const [request] = services.calls.at(-1)?.arguments ?? [];
		const {form, to, force} = request as RestoreRequest;
		assert.deepEqual({form, to, force}, {form: 'push', to: 'https://git.example/acme/web.git', force: true});
	});

	test(`restore: shows how far it is; cancelled, it says so, and keeps what was entered, ${at}`, async context => {
		let cleared = false;
		const services = createFakeServices({
			restore: async (_request, report, signal) => {
				report({stage: 'LFS', done: 212_000_000, total: 700_000_000, unit: 'bytes'});
				return new Promise((_resolve, reject) => {
					signal.addEventListener('abort', () => {
						cleared = true;
						reject(signal.reason);
					});
				});
			},
		});
		const app = openApp(context, services, {...size, startAt: place});
		await app.waitFor('> Snapshot');
		app.type(`${keys.tab}${keys.tab}/tmp/x`);
		await app.waitFor('becomes /tmp/x');
		app.type(keys.save);
		await app.waitFor('Restore?');
		app.type(keys.right + keys.enter);
		await app.waitFor(/LFS +.*212 MB of 700 MB/);
		for (const leave of [keys.escape, 'x', '3', 'q']) {
			app.type(leave);
			await app.waitFor('Cancel the restore?');
			assert.match(app.text(), /> Cancel +Stop it/);
			app.type(keys.enter);
			await app.waitFor('212 MB');
		}

		assert.equal(cleared, false);
		app.type(keys.escape);
		await app.waitFor('Cancel the restore?');
		app.type(keys.right + keys.enter);
		await app.waitFor('It was cancelled');
		assert.equal(cleared, true);
		assert.match(app.text(), /Folder +\/tmp\/x/);
	});
}

test('restore: left by a tab, it is cancelled and has cleared up before one is elsewhere', async context => {
	const steps: string[] = [];
	const services = createFakeServices({
		restore: async (_request, _report, signal) =>
			new Promise((_resolve, reject) => {
				signal.addEventListener('abort', () => {
					setImmediate(() => {
						steps.push('cleared');
						reject(signal.reason);
					});
				});
			}),
		runs: async () => {
			steps.push('runs');
			return [];
		},
	});
	const app = openApp(context, services, {...sizes[0], startAt: place});
	await app.waitFor('> Snapshot');
	app.type(`${keys.tab}${keys.tab}/tmp/x`);
	await app.waitFor('becomes /tmp/x');
	app.type(keys.save);
	await app.waitFor('Restore?');
	app.type(keys.right + keys.enter);
	await app.waitFor('restoring repository-0');
	app.type('3');
	await app.waitFor('Cancel the restore?');
	app.type(keys.right + keys.enter);
	await app.waitFor('Nothing was run yet');
	assert.deepEqual(steps, ['cleared', 'runs']);
	app.type('1');
	await app.waitFor('It was cancelled');
});

test('restore: what failed is said to its end, and nothing of the entry is lost', async context => {
	const services = createFakeServices({
		restore: async () => {
			throw new Error(
				'/tmp/x cannot be written: no space left on device. Free space, or choose another folder; nothing was left there.',
			);
		},
	});
	const app = openApp(context, services, {...sizes[1], startAt: place});
	await app.waitFor('> Snapshot');
	app.type(`${keys.tab}${keys.tab}/tmp/x`);
	await app.waitFor('becomes /tmp/x');
	app.type(keys.save);
	await app.waitFor('Restore?');
	app.type(keys.right + keys.enter);
	await app.waitFor(/nothing was left\s+there\./);
	assert.match(
		app.text().replaceAll(/\s+/g, ' '),
		/Folder \/tmp\/x .*✗ \/tmp\/x cannot be written: no space left on device\. Free space, or choose another folder; nothing was left there\./,
	);
});

test('restore: the target is looked at once more before it is asked', async context => {
	let isTaken = false;
	const services = createFakeServices({
		restoreTarget: async ({to}) => ({
			to,
			signsInAs: undefined,
			problem: isTaken ? `${to} is not empty: it was left as it is.` : undefined,
		}),
	});
	const app = openApp(context, services, {...sizes[0], startAt: place});
	await app.waitFor('> Snapshot');
	app.type(`${keys.tab}${keys.tab}/tmp/x`);
	await app.waitFor('becomes /tmp/x');
	isTaken = true;
	app.type(keys.save);
	await app.waitFor('✗ /tmp/x is not empty');
	assert.doesNotMatch(app.text(), /Restore\?/);
});

test('restore: a partial push says what is missing, and names each ref that was refused, and why', async context => {
	const services = createFakeServices({
		restore: async () => ({
			...restored,
			to: 'https://git.example/web.git',
			form: 'pushed',
			status: 'partial',
			metadata: null,
			rejected: [{ref: 'refs/heads/main', reason: 'the branch is protected'}],
			overwritten: ['refs/heads/dev'],
			problems: ['LFS object abc is missing', 'refs/heads/main was not taken: the branch is protected'],
			notes: ['a push cannot set the default branch: set it to main there'],
		}),
	});
	const app = openApp(context, services, {...sizes[0], startAt: place});
	await app.waitFor('> Snapshot');
	app.type(`${keys.tab}${keys.right}${keys.right}${keys.tab}https://git.example/web.git${keys.save}`);
	await app.waitFor('Push?');
	app.type(keys.right + keys.enter);
	await app.waitFor('! Pushed web-frontend');
	const text = app.text();
	assert.match(text, /Missing \(1\)\n +LFS object abc is missing/);
	assert.match(text, /Refs that were refused \(1\)\n +refs\/heads\/main: the branch is protected/);
	assert.match(text, /Refs that were written over \(1\)\n +refs\/heads\/dev/);
	assert.match(text, /a push cannot set the default branch/);
	assert.equal(text.split('was not taken').length, 1, 'a refused ref is named once');
});

test('restore: in read-only nothing can be begun', async context => {
	const services = createFakeServices();
	const app = openApp(context, services, {...sizes[0], startAt: place, readOnly: true});
	await app.waitFor('> Snapshot');
	app.type(`${keys.tab}${keys.tab}/tmp/x${keys.save}`);
	await app.waitFor('becomes /tmp/x');
	await app.settled();
	assert.doesNotMatch(app.text(), /Restore\?|Ctrl-S/);
	assert.equal(services.calls.length, 0);
});
