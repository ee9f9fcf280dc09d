import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import type {RunEvent} from '../../source/runs/events.ts';
import {parseJournalLine} from '../../source/runs/journal-lines.ts';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {waitUntil} from '../system/wait-until.ts';
import {connector} from './connection.ts';
import {type Ended, openTestHome, type TestHome} from './program-process.ts';

/* Runs in processes of their own, paused and resumed by other processes. */

const plan = 'nightly';
let box: Sandbox;
let home: TestHome;

before(async () => {
	// Slow enough that a run is caught in the middle.
	box = await startSandbox({repositories: 3, pullRequests: 5, latencyMilliseconds: 20});
	home = await openTestHome();
	const connect = connector(home, box);
	for (const ended of [
		await connect.addOrganization(),
		await home.run([
			'plan',
			'add',
			plan,
			'--organization',
			'acme',
			'--repositories-at-once',
			'1',
			'--data',
			'git,pull-requests',
		]),
	]) {
		assert.equal(ended.code, 0, ended.stderr);
	}
});

after(async () => {
	await home.close();
	await box.close();
});

const run = async (...commandLine: string[]): Promise<Ended> => home.run(commandLine);

async function eventsOf(id: string): Promise<readonly RunEvent[]> {
	const text = await readFile(join(home.home, 'runs', `${id}.ndjson`), 'utf8');
	return text.split('\n').flatMap(line => parseJournalLine(line) ?? []);
}

const has = async (id: string, type: RunEvent['type']): Promise<boolean> =>
	(await eventsOf(id)).some(event => event.type === type);

const pauseFile = (id: string): string => join(home.home, 'runs', `${id}.paused`);

/** A run in the background that has begun to work. */
async function startRun(): Promise<{readonly id: string; readonly pid: number}> {
	const started = await run('run', plan, '--detach', '--json');
	assert.equal(started.code, 0, started.stderr);
	const {run: id, pid} = JSON.parse(started.stdout) as {run: string; pid: number};
	await waitUntil(async () => has(id, 'repository-started'));
	return {id, pid};
}

test('a run in another process pauses and goes on; while it is paused Bitbucket is asked nothing', async () => {
	const {id} = await startRun();
	const paused = await run('pause');
	assert.equal(paused.code, 0, paused.stderr);
	assert.match(paused.stdout, /pauses: what is under way ends, nothing new begins/);
	await waitUntil(async () => has(id, 'paused'));

	// What was under way has ended once nothing comes while a whole program is started and ends.
	let before = -1;
	while (before !== box.statistics().requests) {
		before = box.statistics().requests;
		assert.match((await run('pause', plan)).stdout, /is paused already/);
	}

	const listed = JSON.parse((await run('runs', '--json')).stdout) as Array<{isPaused?: boolean}>;
	assert.equal(listed[0]?.isPaused, true);
	assert.match((await run('runs')).stdout, /paused/);
	assert.equal(box.statistics().requests, before);
	assert.equal(await has(id, 'run-finished'), false);

	const watching = home.start(['watch', id]);
	await watching.printed(/paused: nothing new begins until the run is resumed/);
	const resumed = await run('resume', id);
	assert.match(resumed.stdout, /goes on/);
	const watched = await watching.ended;
	assert.equal(watched.code, 0, watched.stdout + watched.stderr);
	assert.match(watched.stdout, /resumed after/);
	assert.ok(box.statistics().requests > before);
	const types = (await eventsOf(id)).map(({type}) => type);
	assert.deepEqual(
		types.filter(type => /paused|resumed/.test(type)),
		['paused', 'resumed'],
	);
	const meanwhile = types.slice(types.indexOf('paused') + 1, types.indexOf('resumed'));
	assert.ok(!meanwhile.includes('repository-started') && !meanwhile.includes('forecast'), meanwhile.join());
	assert.equal(existsSync(pauseFile(id)), false);

	for (const command of ['pause', 'resume']) {
		const late = await run(command, id);
		assert.equal(late.code, 1);
		assert.match(late.stderr, /is not running/);
	}
});

test('a paused run can be cancelled, and leaves nothing that pauses another', async () => {
	await changeEverything();
	const {id, pid} = await startRun();
	assert.equal((await run('pause', id)).code, 0);
	await waitUntil(async () => has(id, 'paused'));
	process.kill(pid, 'SIGTERM');
	const watched = await run('watch', id);
	assert.equal(watched.code, 130, watched.stdout);
	await waitUntil(() => !existsSync(pauseFile(id)));
});

test('a paused run that is killed is told as interrupted, and the next one is not paused', async () => {
	await changeEverything();
	const {id, pid} = await startRun();
	assert.equal((await run('pause', id)).code, 0);
	await waitUntil(async () => has(id, 'paused'));
	process.kill(pid, 'SIGKILL');
	await waitUntil(async () => (await run('runs')).stdout.includes('interrupted'));
	assert.ok(existsSync(pauseFile(id)), 'nobody was there to take it away');
	const next = await run('run', plan);
	assert.equal(next.code, 0, next.stderr + next.stdout);
	assert.doesNotMatch(next.stdout, /paused/);
	const left = (await readdir(join(home.home, 'runs'))).filter(name => name.endsWith('.paused'));
	assert.deepEqual(left, []);
});

/** So that the next run has as much to do as the first one. */
async function changeEverything(): Promise<void> {
	const ended = await run('plan', 'edit', plan, '--destination', join(home.folder, `again-${Date.now()}`));
	assert.equal(ended.code, 0, ended.stderr);
}
