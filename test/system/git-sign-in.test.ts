import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {type TestContext, test} from 'node:test';
import {runGit} from '../../source/system/git.ts';
import {gitEnvironment} from '../../source/system/git-environment.ts';
import {type GitSignIn, prepareSignIn} from '../../source/system/git-sign-in.ts';
import {gitUser, startGitServer} from '../backup/git-server.ts';
import {makeUpstream} from '../backup/upstream-repository.ts';
import {temporaryFolder} from '../temporary-folder.ts';
import {refuse, startHttpServer} from './http-server.ts';

const password = 'ATATT3xFfGF0canary/+=1A2B';
const basic = Buffer.from(`x-token-auth:${password}`).toString('base64');
const signInFor = (origin: string): GitSignIn => ({origin, username: 'x-token-auth', password});

async function startUpstream(
	context: TestContext,
): Promise<{readonly origin: string; readonly all: string[]; readonly signedIn: string[]}> {
	const folder = await temporaryFolder(context);
	makeUpstream(join(folder, 'web.git')).commit('main', {'readme.md': 'hello'});
	const server = await startGitServer(folder);
	context.after(server.close);
	const all: string[] = [];
	server.intercept = request => {
		all.push(request.method ?? '');
		return false;
	};

	return {origin: server.origin, all, signedIn: server.requests};
}

test('git sign-in: on Linux every request is signed in, from the first one on', {
	skip: process.platform !== 'linux' && 'the header is handed over on Linux only',
}, async context => {
	const upstream = await startUpstream(context);
	const signIn = {origin: upstream.origin, ...gitUser};
	const url = `${upstream.origin}/web.git`;

	assert.equal((await runGit({arguments: ['ls-remote', '--', url], signIn})).exitCode, 0);
	assert.deepEqual([upstream.all.length, upstream.signedIn.length], [2, 2]);

	const clone = join(await temporaryFolder(context), 'clone.git');
	assert.equal((await runGit({arguments: ['clone', '--mirror', '--', url, clone], signIn})).exitCode, 0);
	assert.deepEqual([upstream.all.length, upstream.signedIn.length], [5, 5]);
});

test('git sign-in: without a place for the header the helper does it, with one request more', async context => {
	const upstream = await startUpstream(context);
	const prepared = prepareSignIn({origin: upstream.origin, ...gitUser}, '/nowhere');
	const settings = ['credential.helper=', ...prepared.settings].flatMap(setting => ['-c', setting]);
	assert.ok(!settings.some(setting => setting.startsWith('include.path')));
	const child = spawn('git', [...settings, 'ls-remote', '--', `${upstream.origin}/web.git`], {
		env: gitEnvironment(process.env, true, prepared.environment),
		stdio: ['ignore', 'ignore', 'inherit', ...prepared.descriptors],
	});
	prepared.handOver(child);
	prepared.close();
	const [exitCode] = (await once(child, 'exit')) as [number];
	assert.equal(exitCode, 0);
	assert.equal(upstream.signedIn.length, 2);
	// Git 2.46 and later asks the helper beforehand.
	assert.ok(upstream.all.length === 3 || upstream.all.length === 2);
});

test('git sign-in: a refusal is tried once more, and told in the words of the server without the secret', async context => {
	const server = await startHttpServer(context, ({headers}, response) => {
		refuse(response, `token ${headers.authorization ?? 'missing'} (${password}) is expired`);
	});
	const {exitCode, stderr} = await runGit({
		arguments: ['ls-remote', '--', `${server.origin}/acme/web.git`],
		signIn: signInFor(server.origin),
	});
	assert.notEqual(exitCode, 0);
	assert.match(stderr, /remote: token Basic \[secret\] \(\[secret\]\) is expired/);
	assert.match(stderr, /Authentication failed/);
	assert.ok(!stderr.includes(password) && !stderr.includes(basic));
	assert.equal(server.seen.length, 2);
});

test('git sign-in: another origin gets nothing, whatever it asks', async context => {
	const stranger = await startHttpServer(context, (_request, response) => refuse(response));
	const port = new URL(stranger.origin).port;
	for (const origin of [
		'http://127.0.0.1:1',
		`http://localhost:${port}`,
		`https://127.0.0.1:${port}`,
		'https://bitbucket.org',
	]) {
		const {exitCode} = await runGit({
			arguments: ['-c', 'protocol.http.allow=always', 'ls-remote', '--', `${stranger.origin}/acme/web.git`],
			signIn: signInFor(origin),
			environment: {GIT_ALLOW_PROTOCOL: 'http:https'},
		});
		assert.notEqual(exitCode, 0, origin);
	}

	assert.ok(stranger.seen.every(({authorization}) => authorization === undefined));
	// Git 2.46 and later does not even ask where it has no credential.
	assert.ok(stranger.seen.length <= 4);
});

test('git sign-in: a redirect is not followed, to wherever it leads', async context => {
	const elsewhere = await startHttpServer(context, (_request, response) => refuse(response));
	for (const location of [`${elsewhere.origin}/acme/web.git/info/refs`, '/acme/other.git/info/refs']) {
		const mine = await startHttpServer(context, (_request, response) => {
			response.writeHead(302, {location}).end();
		});
		const {exitCode} = await runGit({
			arguments: ['ls-remote', '--', `${mine.origin}/acme/web.git`],
			signIn: signInFor(mine.origin),
		});
		assert.notEqual(exitCode, 0);
		assert.equal(mine.seen.length, 1);
	}

	assert.equal(elsewhere.seen.length, 0);
});

test('git sign-in: while git talks, no argument and no environment of any process holds the secret', {
	skip: process.platform !== 'linux' && 'there is no /proc',
}, async context => {
	process.env['GIT_TRACE_CURL'] = '1';
	context.after(() => {
		delete process.env['GIT_TRACE_CURL'];
	});
	const found: string[] = [];
	let gits = 0;
	const server = await startHttpServer(context, (_request, response) => {
		for (const {path, text} of readProcesses()) {
			gits += Number(/git-remote-http/.test(text));
			if ([password, encodeURIComponent(password), basic].some(form => text.includes(form))) {
				found.push(path);
			}
		}

		refuse(response);
	});
	const {stderr} = await runGit({
		arguments: ['ls-remote', '--', `${server.origin}/acme/web.git`],
		signIn: signInFor(server.origin),
	});
	assert.equal(server.seen.at(-1)?.authorization, `Basic ${basic}`);
	assert.deepEqual(found, []);
	assert.ok(gits > 0, 'git was looked at while it waited');
	assert.doesNotMatch(stderr, /=> Send header/, "the user's tracing is not taken over");
});

/** Arguments and environments of all processes that may be looked at. */
function readProcesses(): ReadonlyArray<{readonly path: string; readonly text: string}> {
	return readdirSync('/proc')
		.filter(name => /^\d+$/.test(name))
		.flatMap(name => [`/proc/${name}/cmdline`, `/proc/${name}/environ`])
		.flatMap(path => {
			try {
				return [{path, text: readFileSync(path, 'latin1')}];
			} catch {
				return [];
			}
		});
}

const questions: ReadonlyArray<readonly [string, string, string, boolean]> = [
	['its origin', 'get', 'protocol=https\nhost=bitbucket.org\n', true],
	['its origin with a path', 'get', 'protocol=https\nhost=bitbucket.org\npath=acme/web.git\n', true],
	['plain http', 'get', 'protocol=http\nhost=bitbucket.org\n', false],
	['another host', 'get', 'protocol=https\nhost=bitbucket.org.evil.example\n', false],
	['a host below it', 'get', 'protocol=https\nhost=lfs.bitbucket.org\n', false],
	['another port', 'get', 'protocol=https\nhost=bitbucket.org:8443\n', false],
	['no host', 'get', 'protocol=https\n', false],
	['storing', 'store', 'protocol=https\nhost=bitbucket.org\n', false],
	['erasing', 'erase', 'protocol=https\nhost=bitbucket.org\n', false],
];

for (const [name, operation, question, isAnswered] of questions) {
	test(`git sign-in: the helper ${isAnswered ? 'answers' : 'is silent'} when asked for ${name}`, async () => {
		const prepared = prepareSignIn(signInFor('https://bitbucket.org'), '/nowhere');
		const snippet = prepared.settings.find(setting => setting.startsWith('credential.helper=!')) ?? '';
		// Git runs a helper as a line of the shell, with the operation behind it.
		const child = spawn('/bin/sh', ['-c', `${snippet.replace('credential.helper=!', '')} ${operation}`], {
			env: {PATH: process.env['PATH'], ...prepared.environment},
			stdio: ['pipe', 'pipe', 'inherit', ...prepared.descriptors],
		});
		prepared.handOver(child);
		prepared.close();
		const answer: Buffer[] = [];
		child.stdout?.on('data', (chunk: Buffer) => answer.push(chunk));
		// What it does not answer it need not read to the end.
		child.stdin?.on('error', () => undefined);
		child.stdin?.end(question);
		await once(child, 'close');
		assert.equal(
			Buffer.concat(answer).toString(),
			isAnswered ? `username=x-token-auth\npassword=${password}\n` : '',
		);
	});
}

test('git sign-in: what could lead it astray is refused, without the secret in the error', () => {
	for (const signIn of [
		{...signInFor('http://bitbucket.org')},
		{...signInFor('ftp://bitbucket.org')},
		{...signInFor('https://ada:pass@bitbucket.org')},
		{...signInFor('https://bitbucket.org'), password: `${password}\nhost=evil.example`},
		{...signInFor('https://bitbucket.org'), username: 'x\r'},
	]) {
		assert.throws(
			() => prepareSignIn(signIn),
			(error: unknown) => error instanceof Error && !error.message.includes(password),
		);
	}
});
