import assert from 'node:assert/strict';
import {join} from 'node:path';
import {type TestContext, test} from 'node:test';
import {type Sandbox, type SandboxOptions, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {temporaryFolder} from '../temporary-folder.ts';
import {type PoolReading, readThroughPool} from './read-through-pool.ts';
import {startPoolWorker} from './start-pool-worker.ts';

/* The pool against the real sandbox, which counts in a rolling window of its own; nothing here is faked. */

const limit = {requests: 20, windowMilliseconds: 2000};

async function sandboxFor(context: TestContext, options: SandboxOptions = {}): Promise<Sandbox> {
	const sandbox = await startSandbox({repositories: 3, limits: {api: limit}, ...options});
	context.after(async () => sandbox.close());
	return sandbox;
}

async function readingOf(
	context: TestContext,
	sandbox: Sandbox,
	labels: readonly string[],
	requests: number,
): Promise<PoolReading> {
	const slugs = sandbox.world.repositories.map(({slug}) => slug);
	return {
		apiUrl: sandbox.apiUrl,
		gitUrl: sandbox.gitUrl,
		workspace: sandbox.workspace,
		credentials: labels.map(label => {
			const found = sandbox.credentials.find(credential => credential.label === label);
			assert.ok(found, label);
			return found;
		}),
		apiLimit: '20/2s',
		state: join(await temporaryFolder(context), 'state.db'),
		paths: Array.from(
			{length: requests},
			(_, index) => `/repositories/${sandbox.workspace}/${slugs[index % slugs.length]}?n=${index}`,
		),
		atOnce: 24,
	};
}

function labelsOf(accounts: number): readonly string[] {
	return ['primary', ...Array.from({length: accounts - 1}, (_, index) => `bot-${index + 1}`)];
}

/** Requests to `api` of each account, and how many of them were refused, as the sandbox counted. */
function counted(sandbox: Sandbox): ReadonlyArray<{readonly requests: number; readonly throttled: number}> {
	return sandbox.statistics().accounts.filter(({resource}) => resource === 'api');
}

function refusals(sandbox: Sandbox): number {
	return counted(sandbox).reduce((sum, {throttled}) => sum + throttled, 0);
}

for (const accounts of [1, 2, 4, 8]) {
	test(`pool: ${accounts} accounts at the sandbox: no 429, equal parts, and every answer once`, async context => {
		const sandbox = await sandboxFor(context, {accounts: accounts - 1});
		const reading = await readingOf(context, sandbox, labelsOf(accounts), accounts * limit.requests * 2 + 5);
		const read: string[] = [];
		await readThroughPool(reading, (path, body) => {
			assert.ok(path.startsWith(`/repositories/acme/${JSON.parse(body.toString('utf8')).slug}?`));
			read.push(path);
		});
		assert.deepEqual([...read].sort(), [...reading.paths].sort());
		assert.equal(refusals(sandbox), 0);
		const sent = counted(sandbox).map(({requests}) => requests);
		assert.equal(sent.length, accounts);
		// On a machine that has much else to do windows roll on meanwhile; how equal they are is measured by the benchmark.
		assert.ok(Math.max(...sent) <= 1.3 * Math.min(...sent), sent.join(' '));
	});
}

test('pool: two processes on the same accounts: no 429, and both get their part', async context => {
	const sandbox = await sandboxFor(context);
	const reading = await readingOf(context, sandbox, labelsOf(2), 120);
	const workers = [startPoolWorker(reading), startPoolWorker(reading)];
	assert.deepEqual(await Promise.all(workers.map(async ({ended}) => ended)), [0, 0]);
	for (const {read} of workers) {
		assert.equal(read.length, reading.paths.length);
	}

	assert.equal(refusals(sandbox), 0);
});

test('pool: killed in the middle and started again, several times: no 429', async context => {
	const sandbox = await sandboxFor(context);
	const reading = await readingOf(context, sandbox, labelsOf(2), 150);
	let left = reading.paths;
	for (const killAfter of [11, 35, 3, Number.POSITIVE_INFINITY]) {
		const worker = startPoolWorker({...reading, paths: left}, (count, child) => {
			if (count === killAfter) {
				child.kill('SIGKILL');
			}
		});
		assert.equal(await worker.ended, killAfter === Number.POSITIVE_INFINITY ? 0 : 'SIGKILL');
		const read = new Set(worker.read.map(({path}) => path));
		left = left.filter(path => !read.has(path));
	}

	assert.deepEqual(left, []);
	assert.equal(refusals(sandbox), 0);
});

test('pool: another tool uses up one account: the others go on, and it is asked little', async context => {
	const sandbox = await sandboxFor(context);
	const reading = await readingOf(context, sandbox, labelsOf(3), 160);
	let read = 0;
	await readThroughPool(reading, () => {
		read += 1;
		if (read % 25 === 0) {
			sandbox.control.burst('bot-1', 'api', limit.requests);
		}
	});
	assert.equal(read, reading.paths.length);
	const statistics = sandbox.statistics().accounts.filter(({resource}) => resource === 'api');
	const primary = sandbox.credentials.find(({label}) => label === 'bot-1')?.account;
	for (const {account, throttled} of statistics) {
		assert.ok(account === primary || throttled === 0, account);
	}
});

test('pool: with every account but one gone in the middle the rest is read through that one', async context => {
	const sandbox = await sandboxFor(context);
	const reading = await readingOf(context, sandbox, [...labelsOf(3), 'consumer'], 90);
	let count = 0;
	const read: string[] = [];
	await readThroughPool(reading, path => {
		count += 1;
		read.push(path);
		if (count === 20) {
			sandbox.control.revoke('primary');
			sandbox.control.expireAccessTokens('consumer');
		}

		if (count === 30) {
			sandbox.control.revoke('bot-1');
			sandbox.control.revoke('bot-2');
		}
	});
	assert.deepEqual([...read].sort(), [...reading.paths].sort());
	assert.equal(refusals(sandbox), 0);
});
