import assert from 'node:assert/strict';
import {chmodSync, existsSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {connector} from './connection.ts';
import {openTestHome, type TestHome} from './program-process.ts';

let box: Sandbox;
let home: TestHome;
let secret: string;

before(async () => {
	box = await startSandbox({repositories: 1, pullRequests: 0});
	home = await openTestHome();
	const connect = connector(home, box);
	secret = connect.credential('primary').secret;
	const soon = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
	for (const ended of [
		await connect.addOrganization(),
		await connect.addCredential('bot-1', ['--expires', soon]),
		await connect.addCredential('limited'),
		await connect.addCredential('revoked', ['--no-check']),
		await home.run(['plan', 'add', 'nightly', '--organization', 'acme', '--additional-credentials', 'bot-1']),
	]) {
		assert.ok([0, 3].includes(ended.code ?? 1), ended.stderr);
	}
});
after(async () => {
	await home.close();
	await box.close();
});

type Examined = {about: string; state: string; text: string};

test('doctor: says of everything whether it is well, and what to do', async () => {
	const {code, stdout, stderr} = await home.run(['doctor', '--json']);
	assert.equal(code, 1, stderr);
	const found = JSON.parse(stdout) as Examined[];
	const about = (subject: string): Examined[] => found.filter(each => each.about === subject);
	assert.match(about('git')[0]?.text ?? '', /^git \d/);
	assert.equal(about('vault')[0]?.state, 'good');
	assert.deepEqual(
		about('disk').map(({text}) => text.replace(/:.*/, '')),
		['home', 'backups of nightly'],
	);
	assert.deepEqual(about('clock'), [{about: 'clock', state: 'good', text: 'the clock is right'}]);
	const states = new Map(about('acme').map(({text, state}) => [/"([^"]+)"/.exec(text)?.[1], state]));
	assert.deepEqual(
		[...states],
		[
			['primary', 'good'],
			['bot-1', 'attention'],
			['limited', 'attention'],
			['revoked', 'bad'],
		],
	);
	assert.match(stdout, /\\"bot-1\\" expires in 5 days/);
	assert.ok(!stdout.includes(secret));
});

test('doctor: without asking anybody, and of a home that cannot be opened', async () => {
	const offline = await home.run(['doctor', '--offline']);
	assert.doesNotMatch(offline.stdout, /acme/);
	assert.match(offline.stdout, /ok +vault +opens with the key from/);

	chmodSync(join(home.home, 'vault.age'), 0o644);
	const loose = await home.run(['doctor', '--offline']);
	chmodSync(join(home.home, 'vault.age'), 0o600);
	assert.equal(loose.code, 1);
	assert.match(loose.stdout, /BAD +vault +.*chmod 600/);

	const other = join(home.folder, 'broken');
	writeFileSync(other, '');
	const broken = await home.run(['doctor'], {environment: {BUCKET_BRIGADE_HOME: other}});
	assert.equal(broken.code, 1);
	assert.match(broken.stdout, /BAD +store/);
	assert.equal(broken.stderr, '');
});

test('a run says when a credential of its plan expires, one of another plan not', async () => {
	const {stdout, stderr} = await home.run(['run', 'nightly']);
	assert.match(stdout + stderr, /the credential "bot-1" expires in 5 days, on .*: make a new token in time/);
	assert.doesNotMatch(stdout + stderr, /"limited" expires/);
});

test('vault: shown, given a new key, a recovery key; its secrets are never told', async () => {
	const file = join(home.folder, 'recovery.txt');
	const said = [
		await home.run(['vault', 'show']),
		await home.run(['vault', 'rotate']),
		await home.run(['vault', 'recovery-key', file]),
		await home.run(['vault', 'show', '--json']),
	];
	assert.ok(existsSync(file));
	for (const {code, stdout, stderr} of said) {
		assert.equal(code, 0, stderr);
		assert.ok(!(stdout + stderr).includes(secret));
		assert.doesNotMatch(stdout + stderr, /AGE-SECRET-KEY/);
	}

	assert.match(said[0]?.stdout ?? '', /Secrets +4\n/);
	assert.equal((JSON.parse(said[3]?.stdout ?? '') as {recovery: string[]}).recovery.length, 1);
	const checked = await home.run(['credential', 'check', 'acme', 'primary']);
	assert.equal(checked.code, 0, checked.stderr);
	const lock = await home.run(['vault', 'lock']);
	assert.equal(lock.code, 1);
	assert.match(lock.stderr, /^A passphrase is needed: set BUCKET_BRIGADE_PASSWORD_COMMAND/);
});
