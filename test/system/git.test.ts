import assert from 'node:assert/strict';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {createServer, type IncomingMessage} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {type TestContext, test} from 'node:test';
import {GitFailed, git, gitVersion, runGit} from '../../source/system/git.ts';
import {UserError} from '../../source/system/user-error.ts';
import {temporaryFolder} from '../temporary-folder.ts';

const password = 'ATATT3xFfGF0canary=';

async function server(
	context: TestContext,
	answer: (request: IncomingMessage) => {status: number; headers?: Record<string, string>},
): Promise<{origin: string; seen: Array<{url: string; authorization: string | undefined}>}> {
	const seen: Array<{url: string; authorization: string | undefined}> = [];
	const listener = createServer((request, response) => {
		seen.push({url: request.url ?? '', authorization: request.headers.authorization});
		const {status, headers} = answer(request);
		response.writeHead(status, headers).end('no');
	});
	await new Promise<void>(resolve => {
		listener.listen(0, '127.0.0.1', resolve);
	});
	context.after(() => {
		listener.closeAllConnections();
		listener.close();
	});
	return {origin: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`, seen};
}

test('git: says its version', async () => {
	assert.match(await gitVersion(), /^\d+\.\d+/);
});

test('git: where it is missing, that is said', async context => {
	const path = process.env['PATH'];
	context.after(() => {
		process.env['PATH'] = path;
	});
	process.env['PATH'] = await temporaryFolder(context);
	await assert.rejects(
		gitVersion(),
		(error: unknown) => error instanceof UserError && /git is missing/.test(error.message),
	);
});

test('git: the sign-in goes to its origin when asked for, and to no other', async context => {
	const mine = await server(context, ({headers}) =>
		headers.authorization === undefined
			? {status: 401, headers: {'www-authenticate': 'Basic realm="x"'}}
			: {status: 403},
	);
	const stranger = await server(context, () => ({
		status: 401,
		headers: {'www-authenticate': 'Basic realm="x"'},
	}));
	const signIn = {origin: mine.origin, username: 'x-token-auth', password};

	const refused = await runGit({arguments: ['ls-remote', '--', `${mine.origin}/acme/web.git`], signIn});
	assert.notEqual(refused.exitCode, 0);
	assert.deepEqual(
		mine.seen.map(({authorization}) => authorization),
		[undefined, `Basic ${Buffer.from(`x-token-auth:${password}`).toString('base64')}`],
	);

	await runGit({arguments: ['ls-remote', '--', `${stranger.origin}/acme/web.git`], signIn});
	assert.ok(stranger.seen.length > 0);
	assert.ok(stranger.seen.every(({authorization}) => authorization === undefined));
});

test('git: a redirect is not followed', async context => {
	const elsewhere = await server(context, () => ({status: 401}));
	const mine = await server(context, () => ({
		status: 302,
		headers: {location: `${elsewhere.origin}/acme/web.git/info/refs`},
	}));
	const {exitCode} = await runGit({
		arguments: ['ls-remote', '--', `${mine.origin}/acme/web.git`],
		signIn: {origin: mine.origin, username: 'x-token-auth', password},
	});
	assert.notEqual(exitCode, 0);
	assert.equal(elsewhere.seen.length, 0);
});

test('git: the password stands neither in its arguments nor in its environment', async context => {
	const folder = await temporaryFolder(context);
	const spy = join(folder, 'bin');
	await mkdir(spy);
	const log = join(folder, 'seen');
	// In git's place, a program that writes down what it was given.
	await writeFile(
		join(spy, 'git'),
		`#!/bin/sh\n{ tr '\\0' '\\n' < /proc/$$/cmdline; tr '\\0' '\\n' < /proc/$$/environ; } > ${log}\n`,
		{mode: 0o755},
	);
	const path = process.env['PATH'];
	process.env['GIT_TRACE_CURL'] = '1';
	process.env['PATH'] = `${spy}:${path}`;
	context.after(() => {
		process.env['PATH'] = path;
		delete process.env['GIT_TRACE_CURL'];
	});
	await runGit({
		arguments: ['fetch'],
		signIn: {origin: 'https://bitbucket.org', username: 'x-token-auth', password},
	});
	const seen = await readFile(log, 'utf8');
	assert.match(seen, /followRedirects/);
	assert.ok(
		!seen.includes(password) && !seen.includes(Buffer.from(password).toString('base64').slice(0, 12)),
	);
	assert.doesNotMatch(seen, /GIT_TRACE|HOME=/);
});

test("git: no hook, helper or command that a repository's configuration plants is run", async context => {
	const folder = await temporaryFolder(context);
	const repository = join(folder, 'a.git');
	await git({arguments: ['init', '--bare', '--quiet', repository]});
	const trap = join(folder, 'trapped');
	await mkdir(join(repository, 'hooks'), {recursive: true});
	for (const hook of ['reference-transaction', 'post-update', 'pre-auto-gc']) {
		await writeFile(join(repository, 'hooks', hook), `#!/bin/sh\ntouch ${trap}\n`, {mode: 0o755});
	}

	const tree = (await git({gitDirectory: repository, arguments: ['mktree'], input: ''})).toString().trim();
	const author = {
		GIT_AUTHOR_NAME: 'a',
		GIT_AUTHOR_EMAIL: 'a@b',
		GIT_COMMITTER_NAME: 'a',
		GIT_COMMITTER_EMAIL: 'a@b',
	};
	const commit = (
		await git({gitDirectory: repository, arguments: ['commit-tree', tree], input: 'x', environment: author})
	)
		.toString()
		.trim();
	await git({gitDirectory: repository, arguments: ['update-ref', 'refs/heads/main', commit]});
	await assert.rejects(readFile(trap), /ENOENT/);
});

test('git: a failure is one line, without the password', async context => {
	const folder = await temporaryFolder(context);
	await assert.rejects(
		git({gitDirectory: join(folder, 'nowhere.git'), arguments: ['rev-parse', 'HEAD']}),
		(error: unknown) =>
			error instanceof GitFailed &&
			/^git rev-parse failed: fatal: /.test(error.message) &&
			!error.message.includes('\n'),
	);
});

test('git: ends when it is aborted, and when nothing moves', async context => {
	const hanging = createServer(() => undefined);
	await new Promise<void>(resolve => {
		hanging.listen(0, '127.0.0.1', resolve);
	});
	context.after(() => {
		hanging.closeAllConnections();
		hanging.close();
	});
	const origin = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`;
	const signIn = {origin, username: 'u', password};
	const abort = new AbortController();
	hanging.once('request', () => abort.abort(new Error('cancelled by hand')));
	await assert.rejects(
		runGit({arguments: ['ls-remote', `${origin}/a.git`], signIn, signal: abort.signal}),
		/cancelled by hand/,
	);
	const stalled = await runGit({
		arguments: ['ls-remote', `${origin}/a.git`],
		signIn,
		noProgressMilliseconds: 200,
	});
	assert.match(stalled.stderr, /nothing moved/);
});
