import assert from 'node:assert/strict';
import {appendFile, mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {type TestContext, test} from 'node:test';
import {findBrokenRun} from '../../source/actions/broken-run.ts';
import {resolveHome} from '../../source/store/home.ts';
import {createFakeClock} from '../fake-clock.ts';
import {temporaryFolder} from '../temporary-folder.ts';

const scope = {plan: 'nightly', data: ['git', 'settings'], destination: '/srv/backup'};
const next = '20270115T080000.000Z-nightly';

async function bench(context: TestContext) {
	const clock = createFakeClock();
	const home = resolveHome({BUCKET_BRIGADE_HOME: await temporaryFolder(context)});
	await mkdir(home.runs, {recursive: true});
	const write = async (run: string, events: ReadonlyArray<Record<string, unknown>>): Promise<void> => {
		for (const event of events) {
			const at = new Date(clock.now() - Number(event['minutesAgo'] ?? 10) * 60_000).toISOString();
			await appendFile(join(home.runs, `${run}.ndjson`), `${JSON.stringify({at, run, ...event})}\n`);
		}
	};
	return {find: async () => findBrokenRun({home, clock}, next, scope), write};
}

function started(more: Record<string, unknown> = {}) {
	return {
		type: 'run-started',
		plan: 'nightly',
		organization: 'acme',
		repositories: 3,
		pid: 1,
		accounts: [],
		data: ['settings', 'git'],
		destination: '/srv/backup',
		...more,
	};
}

function finished(repository: string, more: Record<string, unknown> = {}) {
	return {
		type: 'repository-finished',
		repository,
		status: 'backed-up',
		snapshot: null,
		requests: {},
		bytes: 0,
		problems: [],
		...more,
	};
}

const end = {
	type: 'run-finished',
	status: 'cancelled',
	repositories: {total: 3, backedUp: 1, unchanged: 0, partial: 0, failed: 0},
	requests: {total: 1, throttled: 0},
	accounts: [],
	bytes: 0,
	durationMs: 1,
	problems: [],
};

const first = '20270115T070000.000Z-nightly';
const second = '20270115T073000.000Z-nightly';

test('broken run: what it backed up whole within the last hour is found', async context => {
	const {find, write} = await bench(context);
	await write(first, [
		started(),
		finished('web'),
		finished('tools', {status: 'unchanged'}),
		finished('data', {status: 'partial'}),
		finished('old', {minutesAgo: 61}),
		finished('from-the-future', {minutesAgo: -5}),
	]);
	await write(next, [{...started(), repositories: 0}]);
	const found = await find();
	assert.equal(found?.run, first);
	assert.deepEqual([...(found?.repositories ?? [])], ['web', 'tools']);
});

test('broken run: one that came to its end, however, is none', async context => {
	const {find, write} = await bench(context);
	await write(first, [started(), finished('web'), end]);
	assert.equal(await find(), undefined);
});

test('broken run: runs that went on for one another count together', async context => {
	const {find, write} = await bench(context);
	await write(first, [started(), finished('web')]);
	await write(second, [started({continues: {run: first, repositories: 1}}), finished('tools')]);
	assert.deepEqual([...((await find())?.repositories ?? [])].sort(), ['tools', 'web']);
});

test('broken run: other data, another destination, an old journal: nothing goes on from them', async context => {
	for (const other of [
		{data: ['git']},
		{destination: '/elsewhere'},
		{data: undefined},
		{destination: undefined},
	]) {
		const {find, write} = await bench(context);
		await write(first, [started(other), finished('web')]);
		assert.equal(await find(), undefined);
	}
});

test('broken run: another plan’s is not ours', async context => {
	const {find, write} = await bench(context);
	await write('20270115T070000.000Z-other', [started({plan: 'other'}), finished('web')]);
	assert.equal(await find(), undefined);
});
