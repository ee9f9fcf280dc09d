import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {openTestHome, type TestHome} from './program-process.ts';

let home: TestHome;

before(async () => {
	home = await openTestHome();
});

after(async () => {
	await home.close();
});

test('the demo without a terminal runs its plan and leaves nothing behind', async () => {
	const ended = await home.run(['demo', '--repositories', '3', '--pull-requests', '1'], {
		environment: {
			BUCKET_BRIGADE_KEY_FILE: join(home.folder, 'not-mine'),
			BUCKET_BRIGADE_PASSWORD_COMMAND: 'false',
		},
	});
	assert.equal(ended.code, 0, ended.stderr);
	assert.match(ended.stdout, /nightly succeeded: 3 repositories of acme/);
	assert.match(ended.stdout, /3 backed up/);
	for (const label of ['primary', 'bot-1', 'bot-2', 'ci-token']) {
		assert.match(ended.stdout, new RegExp(`^ *${label} .*api.*%`, 'm'), label);
	}

	assert.equal(existsSync(home.home), false, "the user's own home was touched");
	assert.deepEqual(
		(await readdir(home.folder)).filter(name => name.startsWith('bucket-brigade-')),
		[],
	);
});

test('a demo with a home of its own is kept, and can be run again', async () => {
	const folder = join(home.folder, 'kept');
	const demo = ['demo', '--headless', '--home', folder, '--repositories', '2', '--pull-requests', '1'];
	const first = await home.run(demo);
	assert.equal(first.code, 0, first.stderr);
	assert.match(first.stdout, /2 backed up/);
	assert.equal(
		(await readdir(join(folder, 'backups', 'acme'))).filter(name => name.endsWith('.git')).length >= 2,
		true,
	);
	const second = await home.run(demo);
	assert.equal(second.code, 0, second.stderr);
	assert.match(second.stdout, /nightly succeeded/);
});

test("a demo keeps out of somebody's own home", async () => {
	const own = {BUCKET_BRIGADE_HOME: join(home.folder, 'own')};
	const added = await home.run(
		['organization', 'add', 'mine', '--kind', 'workspace-access-token', '--secret-file', '-', '--no-check'],
		{environment: own, input: 'a-secret-of-some-length'},
	);
	assert.equal(added.code, 0, added.stderr);
	const ended = await home.run([
		'demo',
		'--headless',
		'--home',
		own.BUCKET_BRIGADE_HOME,
		'--repositories',
		'1',
	]);
	assert.equal(ended.code, 2);
	assert.match(ended.stderr, /holds an organization that is no demo \("mine"\)/);
});

test('a demo that is stopped takes its sandbox along', async () => {
	const demo = home.start(['demo', '--headless', '--api-limit', '12/1h']);
	await demo.printed(/backing up|used; next/);
	demo.child.kill('SIGINT');
	const ended = await demo.ended;
	assert.equal(ended.code, 130, ended.stderr);
	assert.deepEqual(
		(await readdir(home.folder)).filter(name => name.startsWith('bucket-brigade-')),
		[],
	);
});

test('a demo that is stopped before it began leaves nothing behind', async () => {
	const demo = home.start(['demo', '--headless']);
	await demo.noted(/Starting a Bitbucket stand-in/);
	demo.child.kill('SIGTERM');
	const ended = await demo.ended;
	assert.equal(ended.code, 130, ended.stderr);
	assert.deepEqual(
		(await readdir(home.folder)).filter(name => name.startsWith('bucket-brigade-')),
		[],
	);
});
