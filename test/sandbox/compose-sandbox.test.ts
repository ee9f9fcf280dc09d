import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {createServer} from 'node:net';
import path from 'node:path';
import {test} from 'node:test';
import {SandboxError} from '../../source/sandbox/sandbox-error.ts';
import {git, temporaryFolder} from './git-client.ts';
import {basic, startStubSandbox} from './stub-parts.ts';

test('closing ends what is under way, frees the port and removes the temporary folder', async () => {
	const sandbox = await startStubSandbox();
	const listening = fetch(`${sandbox.gitUrl}/acme/web-frontend.git/info/refs?service=git-upload-pack`, {
		headers: {authorization: basic('admin')},
	}).then(
		answer => answer.text(),
		() => 'cut off',
	);
	await sandbox.close();
	await sandbox.close();
	assert.equal(typeof (await listening), 'string');
	assert.equal(existsSync(sandbox.folder), false);
	await assert.rejects(fetch(sandbox.gitUrl));
});

test('a port that is taken is said in one sentence', async context => {
	const other = createServer().listen(0, '127.0.0.1');
	await new Promise(resolve => other.once('listening', resolve));
	context.after(() => other.close());
	const address = other.address();
	assert.ok(address && typeof address === 'object');
	await assert.rejects(startStubSandbox({port: address.port}), (error: unknown) => {
		assert.ok(error instanceof SandboxError);
		assert.match(error.message, new RegExp(`^Port ${address.port} on 127\\.0\\.0\\.1 is in use`));
		return true;
	});
});

test('a chosen folder is kept, and made anew at the next start', async context => {
	const folder = path.join(await temporaryFolder(context), 'kept');
	const first = await startStubSandbox({folder, repositories: 2});
	const handle = first.repository('billing-service');
	const original = (await handle.contents()).refs;
	await handle.commit({branch: 'main', files: {'x.txt': 'x'}});
	await first.close();
	assert.ok(existsSync(path.join(folder, 'git', 'acme', 'billing-service.git', 'HEAD')));

	const second = await startStubSandbox({folder, repositories: 2});
	context.after(() => second.close());
	assert.deepEqual((await second.repository('billing-service').contents()).refs, original);
});

test('a folder with something else in it is refused and left alone', async context => {
	const folder = await temporaryFolder(context);
	await writeFile(path.join(folder, 'thesis.txt'), 'years of work');
	await assert.rejects(startStubSandbox({folder}), SandboxError);
	assert.ok(existsSync(path.join(folder, 'thesis.txt')));
});

test('options that make no sense are named', async () => {
	for (const [name, value] of [
		['port', 70_000],
		['repositories', -1],
		['pullRequests', 1.5],
		['accounts', Number.NaN],
		['latencyMilliseconds', Number.POSITIVE_INFINITY],
	] as const) {
		await assert.rejects(startStubSandbox({[name]: value}), (error: unknown) => {
			assert.ok(error instanceof SandboxError);
			assert.match(error.message, new RegExp(`\\b${name}\\b`));
			return true;
		});
	}
});

test('repositories asked for at the same time are each made once', async context => {
	const sandbox = await startStubSandbox({repositories: 2});
	context.after(() => sandbox.close());
	const url = `${sandbox.gitUrl}/acme/web-frontend.git`;
	const answers = await Promise.all(
		Array.from({length: 6}, () => git(['ls-remote', url], {username: 'admin'})),
	);
	assert.equal(new Set(answers).size, 1);
});
