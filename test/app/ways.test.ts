import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {RunSummary} from '../../source/runs/run-list.ts';
import {backupPlace, snapshots} from './fake-backups.ts';
import {createFakeServices, plans} from './fake-services.ts';
import {openApp} from './open-app.ts';
import {keys} from './terminal.ts';

const run = '20261122T115500.000Z-nightly';

test('ways: from a repository of a run to its snapshots, and back', async context => {
	const app = openApp(context, createFakeServices(), {startAt: {screen: 'run', run}});
	await app.waitFor('payments-core');
	app.type(keys.enter);
	await app.waitFor(/s Snapshots.*Esc back/);
	app.type('s');
	await app.waitFor(/Runs › nightly › .+ › web-frontend › Snapshots/);
	app.type(keys.escape);
	await app.waitFor(/Repository +web-frontend/);
});

test('ways: r watches the run of a plan that runs already, and starts no other', async context => {
	const [ended] = await createFakeServices().runs();
	assert.ok(ended);
	const lastRun: RunSummary = {...ended, status: 'running'};
	const services = createFakeServices({plans: async () => plans.map(plan => ({...plan, lastRun}))});
	const app = openApp(context, services, {startAt: {screen: 'plans'}});
	await app.waitFor(/r watch run/);
	app.type('?');
	await app.waitFor('watch run: Show the run of the plan, which goes on now.');
	app.type(`${keys.escape}r`);
	await app.waitFor(/Runs › nightly/);
	assert.deepEqual(
		services.calls.filter(({name}) => name === 'startRun'),
		[],
	);
});

test('ways: the help of the restore says what Ctrl-S does there', async context => {
	const place = {screen: 'restore' as const, ...backupPlace, snapshot: snapshots[0]?.id ?? ''};
	const app = openApp(context, createFakeServices(), {startAt: place});
	await app.waitFor('Folder');
	app.type('?');
	await app.waitFor('Restore: Restore as it stands here (says what will happen, and asks).');
	assert.doesNotMatch(app.text(), /Save what was entered/);
});
