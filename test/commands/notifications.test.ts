import assert from 'node:assert/strict';
import {mkdirSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {after, before, beforeEach, test} from 'node:test';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {waitUntil} from '../system/wait-until.ts';
import {connector} from './connection.ts';
import {type Ended, openTestHome, type TestHome} from './program-process.ts';

let box: Sandbox;
let home: TestHome;
let inbox: string;

/** What one call of the notification command was given. */
type Told = {readonly input: string; readonly environment: string; readonly words: string};

/** A notification command that puts down all that it is given, whole or not at all. */
const recorder = (): readonly string[] => [
	...['sh', '-c'],
	`d=$(mktemp -d "$1/XXXXXX") && cat > "$d/input" && env > "$d/environment" && printf '%s\\n' "$0" "$@" > "$d/words" && mv "$d" "$d.told"`,
	...['recorder', inbox],
];

const told = (): readonly Told[] =>
	readdirSync(inbox)
		.filter(name => name.endsWith('.told'))
		.map(name => {
			const text = (file: string): string => readFileSync(join(inbox, name, file), 'utf8');
			return {input: text('input'), environment: text('environment'), words: text('words')};
		});

/** Whether a detached run left a file of what is no part of it. */
const logsOf = (run: string): boolean => readdirSync(join(home.home, 'runs')).includes(`${run}.log`);

const set = async (when: string, command: readonly string[] = recorder()): Promise<Ended> =>
	home.run(['notifications', 'set', '--when', when, '--', ...command]);

async function expectCode(expected: number, ended: Promise<Ended>): Promise<Ended> {
	const {code, stdout, stderr} = await ended;
	assert.equal(code, expected, stderr + stdout.slice(-2000));
	return {code, stdout, stderr};
}

before(async () => {
	box = await startSandbox({repositories: 1, pullRequests: 0});
	home = await openTestHome();
	inbox = join(home.folder, 'inbox');
	const connect = connector(home, box);
	const soon = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
	await expectCode(0, connect.addOrganization());
	await expectCode(0, connect.addCredential('bot-1', ['--expires', soon]));
	for (const [plan, more] of [
		['nightly', []],
		['with-bot', ['--additional-credentials', 'bot-1']],
	] as const) {
		await expectCode(0, home.run(['plan', 'add', plan, '--organization', 'acme', '--data', 'git', ...more]));
	}
});
beforeEach(() => {
	rmSync(inbox, {recursive: true, force: true});
	mkdirSync(inbox);
});
after(async () => {
	await home.close();
	await box.close();
});

test('notifications: set, shown, tried and switched off', async () => {
	assert.match((await home.run(['notifications', 'show'])).stdout, /^Nobody is told of runs/);
	assert.equal((await home.run(['notifications', 'show', '--json'])).stdout, 'null\n');
	const untested = await expectCode(1, home.run(['notifications', 'test']));
	assert.match(untested.stderr, /Set a command with: bucket-brigade notifications set/);

	await expectCode(0, set('problems', ['sh', '-c', 'echo "it is told"; cat > /dev/null']));
	const shown = await home.run(['notifications', 'show']);
	assert.match(
		shown.stdout,
		/^When +after runs that ask for a look.*\nCommand +sh -c 'echo "it is told"; cat/,
	);
	const tried = await expectCode(0, home.run(['notifications', 'test']));
	assert.equal(tried.stdout, 'The command was run, and ended well: it is told\n');

	await expectCode(0, set('always'));
	assert.deepEqual(JSON.parse((await home.run(['notifications', 'show', '--json'])).stdout), {
		when: 'always',
		command: recorder(),
	});
	await expectCode(0, home.run(['notifications', 'test']));
	const [first, ...others] = told();
	assert.equal(others.length, 0);
	assert.match(first?.input ?? '', /^Bucket Brigade: a test of notifications\n\n/);
	assert.match(first?.environment ?? '', /^BUCKET_BRIGADE_STATUS=test$/m);

	await expectCode(0, home.run(['notifications', 'off']));
	assert.equal((await home.run(['notifications', 'show', '--json'])).stdout, 'null\n');
});

for (const [name, words, message] of [
	['no command', ['--when', 'always'], /missing required argument/],
	['another time', ['--when', 'sometimes', '--', 'true'], /Expected one of problems, always/],
	['no such program', ['--', 'no-such-program'], /There is no program "no-such-program"/],
	['an option that is not behind --', ['mail', '-s', 'x'], /unknown option/],
] as const) {
	test(`notifications: ${name} is wrong usage, and changes nothing`, async () => {
		const {stderr} = await expectCode(2, home.run(['notifications', 'set', ...words]));
		assert.match(stderr, message);
		assert.equal((await home.run(['notifications', 'show', '--json'])).stdout, 'null\n');
	});
}

test('notifications: a run is told once, with its end; one that needs no look only where that is wanted', async () => {
	await expectCode(0, set('always'));
	await expectCode(0, home.run(['run', 'nightly']));
	const [all, ...more] = told();
	assert.equal(more.length, 0);
	assert.match(
		all?.input ?? '',
		/^Bucket Brigade: nightly succeeded\n\n1 repository of acme: 1 backed up\n.*\n\nAll of it: bucket-brigade watch \d{8}T\d{6}\.\d{3}Z-nightly\n$/,
	);
	assert.match(all?.environment ?? '', /^BUCKET_BRIGADE_PLAN=nightly$/m);
	assert.match(all?.environment ?? '', /^BUCKET_BRIGADE_RUN=\d{8}T\d{6}\.\d{3}Z-nightly$/m);
	assert.match(all?.environment ?? '', /^BUCKET_BRIGADE_STATUS=succeeded$/m);

	await expectCode(0, home.run(['run', 'nightly', '--dry-run']));
	assert.equal(told().length, 1, 'a dry run is nothing to tell of');
	await expectCode(0, set('problems'));
	await expectCode(0, home.run(['run', 'nightly']));
	assert.equal(told().length, 1);
});

test('notifications: a credential that ends soon is worth a look', async () => {
	await expectCode(0, set('problems'));
	await expectCode(0, home.run(['run', 'with-bot']));
	assert.deepEqual(
		told().map(({input}) => /the credential "bot-1" expires in 5 days/.test(input)),
		[true],
	);
});

test('notifications: a run whose vault does not open has failed, and says what else is wrong', async () => {
	await expectCode(0, set('problems'));
	const vault = join(home.home, 'vault.age');
	const kept = await readFile(vault);
	await writeFile(vault, kept.subarray(0, 60), {mode: 0o600});
	try {
		await expectCode(1, home.run(['run', 'with-bot']));
	} finally {
		await writeFile(vault, kept, {mode: 0o600});
	}

	const [failed, ...more] = told();
	assert.equal(more.length, 0);
	assert.match(failed?.input ?? '', /^Bucket Brigade: with-bot failed\n[\s\S]*vault\.age does not open/);
	assert.match(failed?.input ?? '', /"bot-1" expires in 5 days/);
	assert.match(failed?.environment ?? '', /^BUCKET_BRIGADE_STATUS=failed$/m);
});

test('notifications: detached runs tell too, cancelled ones, and the next one tells of a killed one', async () => {
	await expectCode(0, set('problems'));
	await expectCode(0, home.run(['organization', 'edit', 'acme', '--api-limit', '1/1h', '--reserve', '0']));
	const start = async (): Promise<{run: string; pid: number}> => {
		const started = await expectCode(0, home.run(['run', 'nightly', '--detach', '--json']));
		return JSON.parse(started.stdout) as {run: string; pid: number};
	};

	const cancelled = await start();
	process.kill(cancelled.pid, 'SIGTERM');
	await waitUntil(() => told().length > 0);
	assert.match(told()[0]?.input ?? '', /^Bucket Brigade: nightly was cancelled\n/);
	assert.match(told()[0]?.environment ?? '', new RegExp(`^BUCKET_BRIGADE_RUN=${cancelled.run}$`, 'm'));

	await waitUntil(() => !logsOf(cancelled.run));

	const killed = await start();
	process.kill(killed.pid, 'SIGKILL');
	await expectCode(0, home.run(['organization', 'edit', 'acme', '--api-limit', 'documented']));
	await waitUntil(async () => (await home.run(['run', 'nightly'])).code === 0);
	const [, next, ...more] = told()
		.toSorted((left, right) => right.input.length - left.input.length)
		.reverse();
	assert.equal(more.length, 0);
	assert.match(next?.input ?? '', new RegExp(`The run before, ${killed.run}, broke off`));
});

test('notifications: one that fails is told and noted, and changes nothing else', async () => {
	await expectCode(0, set('always', ['sh', '-c', 'printf "\\033[31mno\\nroute\\033[0m"; exit 9']));
	const {stdout, stderr} = await expectCode(0, home.run(['run', 'nightly']));
	assert.match(stdout, /nightly succeeded/);
	const sentence =
		'The notification command "sh" failed with exit code 9: no route. Try it with: bucket-brigade notifications test';
	assert.equal(stderr, `${sentence}\n`);
	const [newest] = JSON.parse((await home.run(['runs', '--json'])).stdout) as Array<{
		status: string;
		problems: string[];
	}>;
	assert.equal(newest?.status, 'succeeded');
	assert.deepEqual(newest?.problems, [sentence]);
	const watched = await expectCode(0, home.run(['watch']));
	assert.match(watched.stdout, /Problems:\n +notification: The notification command "sh" failed/);
	assert.equal((await expectCode(1, home.run(['notifications', 'test']))).stderr, `${sentence}\n`);
	await expectCode(0, set('always', recorder()));
});

test('notifications: no secret, and nothing that leads to one, reaches the command', async () => {
	await expectCode(0, set('always'));
	const secret = box.credentials.find(({label}) => label === 'primary')?.secret ?? '';
	assert.ok(secret.length > 6);
	const key = /AGE-SECRET-KEY-\w+/.exec(await readFile(join(home.home, 'keys', 'identity.txt'), 'utf8'))?.[0];
	await expectCode(
		0,
		home.run(['run', 'nightly'], {
			environment: {
				LEAK: `token ${secret}`,
				LEAK_ENCODED: Buffer.from(`backup:${secret}`).toString('base64'),
				BUCKET_BRIGADE_PASSWORD_COMMAND: `cat ${join(home.home, 'keys', 'identity.txt')}`,
				CREDENTIALS_DIRECTORY: home.folder,
				KEPT: 'as it is',
			},
		}),
	);
	const [given] = told();
	assert.ok(given);
	for (const text of Object.values(given)) {
		assert.ok(!text.includes(secret) && !text.includes(key ?? secret));
		assert.doesNotMatch(text, /LEAK|PASSWORD_COMMAND|CREDENTIALS_DIRECTORY|BUCKET_BRIGADE_HOME/);
	}

	assert.match(given.environment, /^KEPT=as it is$/m);
});

test('doctor: says where the notification command is gone', async () => {
	await expectCode(0, set('always', ['sh', '-c', 'true']));
	assert.match(
		(await home.run(['doctor', '--offline'])).stdout,
		/ok +notifications +"sh" is run after every run/,
	);
	await writeFile(join(home.folder, 'mine'), '#!/bin/sh\n', {mode: 0o700});
	await expectCode(0, set('always', [join(home.folder, 'mine')]));
	rmSync(join(home.folder, 'mine'));
	const {stdout} = await expectCode(3, home.run(['doctor', '--offline']));
	assert.match(stdout, /! +notifications +there is no program ".*mine"/);
});
