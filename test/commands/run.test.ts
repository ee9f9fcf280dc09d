import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {after, before, test} from 'node:test';
import type {RunEvent} from '../../source/runs/events.ts';
import {RunEventSchema} from '../../source/runs/events.ts';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {connector} from './connection.ts';
import {type Ended, openTestHome, type TestHome} from './program-process.ts';

const plan = 'nightly';
/** What every process of these tests printed: searched for secrets at the end. */
const printed: Ended[] = [];

let box: Sandbox;
let home: TestHome;
let destination: string;

const run = async (...commandLine: string[]): Promise<Ended> => {
	const ended = await home.run(commandLine);
	printed.push(ended);
	return ended;
};

const eventsIn = ({stdout}: Ended): RunEvent[] =>
	stdout
		.trimEnd()
		.split('\n')
		.map(line => RunEventSchema.parse(JSON.parse(line)));

/** The last event, which must be the end of a run. */
function endOf(ended: Ended): Extract<RunEvent, {type: 'run-finished'}> {
	const last = eventsIn(ended).at(-1);
	assert.equal(last?.type, 'run-finished');
	return last as Extract<RunEvent, {type: 'run-finished'}>;
}

before(async () => {
	box = await startSandbox({repositories: 3, pullRequests: 2});
	home = await openTestHome();
	destination = join(home.folder, 'mirrors');
	const connect = connector(home, box);
	printed.push(
		await connect.addOrganization(),
		await connect.addCredential('bot-1'),
		await connect.addCredential('bot-1-second'),
		await connect.addCredential('ci-token'),
		await run(
			...['plan', 'add', plan, '--organization', 'acme', '--additional-credentials', 'all'],
			...['--destination', destination],
		),
	);
	assert.ok(printed.length > 0 && printed.every(({code}) => code === 0), JSON.stringify(printed));
});

after(async () => {
	await home.close();
	await box.close();
});

test('a dry run saves nothing', async () => {
	const ended = await run('run', plan, '--dry-run', '--json');
	assert.equal(ended.code, 0, ended.stderr);
	assert.equal(endOf(ended).status, 'succeeded');
	const saved = existsSync(destination) ? await readdir(destination) : [];
	assert.deepEqual(saved, []);
});

test('a run prints its journal, ends with 0 and leaves a mirror for each repository', async () => {
	const ended = await run('run', plan, '--json');
	assert.equal(ended.code, 0, ended.stderr + ended.stdout.slice(-2000));
	const events = eventsIn(ended);
	const [first] = events;
	assert.equal(first?.type, 'run-started');
	assert.deepEqual(
		first?.type === 'run-started' && first.accounts.map(({label, credentials}) => [label, credentials]),
		[
			['primary', ['primary']],
			['bot-1', ['bot-1', 'bot-1-second']],
			['ci-token', ['ci-token']],
		],
	);
	const end = endOf(ended);
	assert.equal(end.status, 'succeeded');
	assert.equal(end.repositories.total, box.world.repositories.length);
	assert.equal(end.requests.throttled, 0);
	const mirrors = (await readdir(join(destination, 'acme'))).filter(name => name.endsWith('.git'));
	for (const {slug} of box.world.repositories) {
		assert.ok(
			mirrors.some(name => name.startsWith(`${slug}-`)),
			`${slug} in ${mirrors.join()}`,
		);
	}

	const path = join(home.home, 'runs', `${first?.run}.ndjson`);
	assert.deepEqual(
		(await readFile(path, 'utf8'))
			.trimEnd()
			.split('\n')
			.map(line => JSON.parse(line)),
		ended.stdout
			.trimEnd()
			.split('\n')
			.map(line => JSON.parse(line)),
	);
});

test('people get lines and a summary', async () => {
	const ended = await run('run', plan);
	assert.equal(ended.code, 0, ended.stderr);
	assert.match(ended.stdout, /nightly succeeded: 3 repositories of acme/);
	assert.match(ended.stdout, /3 unchanged/);
	assert.doesNotMatch(ended.stdout, /[\u0000-\u0009\u000b-\u001f]/);
});

test('runs are listed, newest first, and the newest is watched when none is named', async () => {
	const {stdout} = await run('runs', '--json');
	const runs = JSON.parse(stdout) as Array<{run: string; status: string; plan: string}>;
	assert.equal(runs.length, 3);
	assert.deepEqual(
		runs.map(one => one.status),
		['succeeded', 'succeeded', 'succeeded'],
	);
	assert.deepEqual(
		runs
			.map(one => one.run)
			.toSorted()
			.toReversed(),
		runs.map(one => one.run),
	);

	const newest = await run('watch', '--json');
	assert.equal(newest.code, 0);
	assert.equal(eventsIn(newest)[0]?.run, runs[0]?.run);
	const oldest = await run('watch', runs[2]?.run ?? '', '--json');
	assert.equal(eventsIn(oldest)[0]?.run, runs[2]?.run);
	assert.match((await run('runs')).stdout, new RegExp(`^${runs[0]?.run} +succeeded`, 'm'));
	const unknown = await run('watch', 'never');
	assert.equal(unknown.code, 2);
	assert.match(unknown.stderr, /no run called "never"/);
});

test('a detached run goes on by itself and can be watched to its end', async () => {
	const started = await run('run', plan, '--detach', '--json');
	assert.equal(started.code, 0, started.stderr);
	const {run: id, pid} = JSON.parse(started.stdout) as {run: string; pid: number};
	assert.ok(pid > 0);
	const watched = await run('watch', id, '--json');
	assert.equal(watched.code, 0, watched.stderr);
	assert.equal(endOf(watched).run, id);
});

/** A run that waits for quota, in the background, and that a test must end. */
async function startWaitingRun(): Promise<{id: string; pid: number}> {
	assert.equal((await run('organization', 'edit', 'acme', '--api-limit', '1/1h', '--reserve', '0')).code, 0);
	// Whatever was used up before counts, so that every account has nothing left.
	const started = await run('run', 'waiting', '--detach', '--json');
	assert.equal(started.code, 0, started.stderr);
	const {run: id, pid} = JSON.parse(started.stdout) as {run: string; pid: number};
	return {id, pid};
}

test('a run that waits is refused a second time, also while it stands still, survives a hang-up, and is cancelled by SIGTERM', async () => {
	await run('plan', 'add', 'waiting', '--organization', 'acme', '--destination', destination);
	const {id, pid} = await startWaitingRun();
	try {
		const second = await run('run', 'waiting');
		assert.equal(second.code, 1);
		assert.ok(second.stderr.includes(id), second.stderr);
		process.kill(pid, 'SIGSTOP');
		const third = await run('run', 'waiting');
		process.kill(pid, 'SIGCONT');
		assert.equal(third.code, 1);
		assert.ok(third.stderr.includes(id), 'one that stands still has not given its plan away');
		const removed = await run('plan', 'remove', 'waiting');
		assert.equal(removed.code, 1);
		assert.match(removed.stderr, /running already/);

		process.kill(pid, 'SIGHUP');
		const runs = JSON.parse((await run('runs', '--json')).stdout) as Array<{run: string; status: string}>;
		assert.deepEqual([runs[0]?.run, runs[0]?.status], [id, 'running']);
	} finally {
		process.kill(pid, 'SIGTERM');
	}

	const watched = await run('watch', id, '--json');
	assert.equal(watched.code, 130);
	assert.equal(endOf(watched).status, 'cancelled');
});

test('whoever watches may leave, and the run goes on; a killed run is told as interrupted', async () => {
	const {id, pid} = await startWaitingRun();
	try {
		const watching = home.start(['watch', id]);
		const left = home.start(['watch', id, '--json']);
		await watching.printed(/used/);
		await left.printed(/used/);
		left.child.stdout?.destroy();
		watching.child.kill('SIGINT');
		assert.equal((await watching.ended).code, 130);
		left.child.kill('SIGTERM');
		await left.ended;
		assert.doesNotThrow(() => process.kill(pid, 0));
	} finally {
		process.kill(pid, 'SIGKILL');
	}

	const watched = await run('watch', id);
	assert.equal(watched.code, 1);
	assert.match(watched.stderr, /was interrupted: its process is gone/);
	const runs = JSON.parse((await run('runs', '--json')).stdout) as Array<{run: string; status: string}>;
	assert.deepEqual([runs[0]?.run, runs[0]?.status], [id, 'interrupted']);

	assert.equal((await run('organization', 'edit', 'acme', '--api-limit', 'documented')).code, 0);
	const again = await run('run', 'waiting', '--json');
	assert.equal(again.code, 0, again.stderr);
});

test('Ctrl-C cancels a run in the foreground', async () => {
	assert.equal((await run('organization', 'edit', 'acme', '--api-limit', '1/1h')).code, 0);
	const running = home.start(['run', 'waiting', '--json']);
	await running.printed(/"quota"/);
	running.child.kill('SIGINT');
	const ended = await running.ended;
	printed.push(ended);
	assert.equal(ended.code, 130, ended.stderr);
	assert.equal(endOf(ended).status, 'cancelled');
	assert.equal((await run('organization', 'edit', 'acme', '--api-limit', 'documented')).code, 0);
});

test('a reader that goes away is no error', async () => {
	const listing = home.start(['run', plan]);
	listing.child.stdout?.destroy();
	const {code, stderr} = await listing.ended;
	assert.deepEqual([code, stderr], [0, '']);
});

test('without git a run fails in one sentence', async () => {
	const ended = await home.run(['run', plan, '--json'], {
		environment: {PATH: join(home.folder, 'nothing')},
	});
	assert.equal(ended.code, 1);
	assert.match(ended.stderr, /git/i);
	assert.equal(endOf(ended).status, 'failed');
	assert.doesNotMatch(ended.stderr, /\n\s+at /);
});

test('a destination that cannot be written to fails the run in one sentence', async () => {
	const file = join(home.folder, 'a-file');
	await writeFile(file, 'in the way');
	await run('plan', 'add', 'blocked', '--organization', 'acme', '--destination', join(file, 'mirrors'));
	const ended = await run('run', 'blocked');
	assert.equal(ended.code, 1);
	assert.match(ended.stderr, /^The destination .*a-file\/mirrors cannot be written: .*ENOTDIR/);
});

test('a vault without a secret, and one that does not open, fail the run and say so', async () => {
	const vault = join(home.home, 'vault.age');
	const kept = await readFile(vault);
	const cases: ReadonlyArray<readonly [() => Promise<void>, RegExp]> = [
		[async () => rm(vault), /^The vault holds no secret for the credential "primary" of acme\./],
		[async () => writeFile(vault, kept.subarray(0, 60), {mode: 0o600}), /^The vault .* does not open/],
	];
	try {
		for (const [damage, pattern] of cases) {
			await damage();
			const ended = await run('run', plan, '--json');
			assert.equal(ended.code, 1);
			assert.match(ended.stderr, pattern);
			assert.deepEqual(
				eventsIn(ended).map(({type}) => type),
				['run-started', 'run-finished'],
			);
			assert.equal(endOf(ended).status, 'failed');
			await rm(vault, {force: true});
		}
	} finally {
		await writeFile(vault, kept, {mode: 0o600});
	}
});

test('an account that is out does not fail a run that has all its data', async () => {
	const connect = connector(home, box);
	assert.equal((await connect.addCredential('revoked', ['--no-check'])).code, 0);
	await run(
		...['plan', 'add', 'with-revoked', '--organization', 'acme', '--additional-credentials', 'revoked'],
		...['--destination', join(home.folder, 'others')],
	);
	const ended = await run('run', 'with-revoked', '--json');
	assert.equal(ended.code, 0, ended.stderr);
	const failed = eventsIn(ended).find(event => event.type === 'account-failed');
	assert.equal(failed?.type === 'account-failed' && failed.label, 'revoked');
	assert.ok(endOf(ended).problems.some(problem => problem.includes('revoked')));
});

test('while a run works, no process shows a secret; afterwards nothing that was written does', async () => {
	const secrets = box.credentials.flatMap(({secret, username}) => [
		secret,
		Buffer.from(`${username ?? 'x-token-auth'}:${secret}`)
			.toString('base64')
			.replace(/=+$/, ''),
	]);
	const found = (text: string): string[] => secrets.filter(secret => text.includes(secret));

	await rm(destination, {recursive: true});
	const running = home.start(['run', plan, '--json']);
	let looks = 0;
	running.child.stdout?.on('data', () => {
		looks += 1;
		assert.deepEqual(found(commandLines()), []);
	});
	const ended = await running.ended;
	printed.push(ended);
	assert.equal(ended.code, 0, ended.stderr);
	assert.ok(looks > 0);

	for (const {stdout, stderr} of printed) {
		assert.deepEqual(found(stdout), []);
		assert.deepEqual(found(stderr), []);
	}

	let files = 0;
	for (const folder of [home.home, destination, join(home.folder, 'others')]) {
		for (const entry of await readdir(folder, {recursive: true, withFileTypes: true})) {
			const path = join(entry.parentPath, entry.name);
			if (entry.isFile()) {
				files += 1;
				assert.deepEqual(found((await readFile(path)).toString('latin1')), [], path);
			}

			if (entry.name === 'HEAD' && existsSync(join(dirname(path), 'objects'))) {
				assert.deepEqual(found(objectsOf(dirname(path))), [], path);
			}
		}
	}

	assert.ok(files > 20);
});

/** The command lines of all processes of this machine that may be read. */
function commandLines(): string {
	return execFileSync('ps', ['-eo', 'args'], {encoding: 'utf8'});
}

/** Everything that a Git repository holds, uncompressed. */
function objectsOf(repository: string): string {
	return execFileSync('git', ['--git-dir', repository, 'cat-file', '--batch', '--batch-all-objects'], {
		maxBuffer: 1024 ** 3,
	}).toString('latin1');
}
