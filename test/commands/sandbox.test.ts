import assert from 'node:assert/strict';
import {existsSync, statSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {after, before, test} from 'node:test';
import {openTestHome, type TestHome} from './program-process.ts';

let home: TestHome;

before(async () => {
	home = await openTestHome();
});

after(async () => {
	await home.close();
});

type Description = {
	readonly apiUrl: string;
	readonly workspace: string;
	readonly folder: string;
	readonly apiLimit: string;
	readonly credentials: ReadonlyArray<{label: string; username?: string; secretFile: string}>;
};

test('a sandbox tells where it is and how to sign in, answers, and ends on SIGTERM', async () => {
	const sandbox = home.start(['sandbox', '--json', '--repositories', '1', '--api-limit', '60/10s']);
	await sandbox.printed(/\n/);
	const {apiUrl, workspace, folder, apiLimit, credentials} = JSON.parse(sandbox.stdout()) as Description;
	assert.equal(workspace, 'acme');
	assert.equal(apiLimit, '60/10s');
	const [primary] = credentials;
	assert.equal(primary?.label, 'primary');
	assert.equal(statSync(primary.secretFile).mode & 0o777, 0o600);
	const secret = (await readFile(primary.secretFile, 'utf8')).trimEnd();
	assert.ok(!sandbox.stdout().includes(secret));
	const answer = await fetch(`${apiUrl}/user`, {
		headers: {authorization: `Basic ${Buffer.from(`${primary.username}:${secret}`).toString('base64')}`},
	});
	assert.equal(answer.status, 200);

	sandbox.child.kill('SIGTERM');
	assert.equal((await sandbox.ended).code, 0);
	assert.equal(existsSync(folder), false);
});

test('people get addresses, accounts and commands to copy', async () => {
	const sandbox = home.start(['sandbox', '--repositories', '1']);
	await sandbox.printed(/Ctrl-C ends it/);
	assert.match(sandbox.stdout(), /bucket-brigade organization add acme --kind api-token .*--secret-file \//);
	assert.match(sandbox.stdout(), /bucket-brigade credential add acme --label bot-1 /);
	sandbox.child.kill('SIGINT');
	assert.equal((await sandbox.ended).code, 0);
});

test('a port in use is told in one sentence', async () => {
	const server = createServer();
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	try {
		const {port} = server.address() as AddressInfo;
		const ended = await home.run(['sandbox', '--port', String(port)]);
		assert.equal(ended.code, 1);
		assert.match(ended.stderr, new RegExp(`^Port ${port} .*in use.*\\n$`));
		assert.equal(ended.stdout, '');
	} finally {
		server.close();
	}
});

test('what a sandbox cannot be is wrong usage', async () => {
	for (const options of [
		['--port', '70000'],
		['--repositories', 'many'],
		['--api-limit', 'fast'],
	]) {
		const ended = await home.run(['sandbox', ...options]);
		assert.equal(ended.code, 2, options.join(' '));
	}
});
