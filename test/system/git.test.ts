import assert from 'node:assert/strict';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {type TestContext, test} from 'node:test';
import {GitFailed, git, gitVersion, runGit, streamGit} from '../../source/system/git.ts';
import {UserError} from '../../source/system/user-error.ts';
import {temporaryFolder} from '../temporary-folder.ts';
import {startHttpServer} from './http-server.ts';
import {putInGitsPlace} from './stand-in-git.ts';
import {waitUntil} from './wait-until.ts';

const author = {
	GIT_AUTHOR_NAME: 'a',
	GIT_AUTHOR_EMAIL: 'a@b',
	GIT_COMMITTER_NAME: 'a',
	GIT_COMMITTER_EMAIL: 'a@b',
};

async function makeRepository(context: TestContext): Promise<string> {
	const repository = join(await temporaryFolder(context), 'a.git');
	await git({arguments: ['init', '--bare', '--quiet', repository]});
	return repository;
}

async function makeCommit(repository: string): Promise<string> {
	const tree = (await git({gitDirectory: repository, arguments: ['mktree'], input: ''})).toString().trim();
	const commit = await git({
		gitDirectory: repository,
		arguments: ['commit-tree', tree],
		input: 'x',
		environment: author,
	});
	return commit.toString().trim();
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

test('git: says its version', async () => {
	assert.match(await gitVersion(), /^\d+\.\d+/);
});

for (const lockFile of [undefined, '/tmp/never-made.lock']) {
	test(`git: where it is missing, that is said${lockFile === undefined ? '' : ', under a lock too'}`, async context => {
		const path = process.env['PATH'];
		context.after(() => {
			process.env['PATH'] = path;
		});
		process.env['PATH'] = await temporaryFolder(context);
		await assert.rejects(
			git({arguments: ['version'], ...(lockFile === undefined ? {} : {lockFile})}),
			(error: unknown) => error instanceof UserError && /git is missing/.test(error.message),
		);
	});
}

test('git: no hook that a repository brings is run', async context => {
	const repository = await makeRepository(context);
	const trap = join(repository, 'trapped');
	await mkdir(join(repository, 'hooks'), {recursive: true});
	for (const hook of ['reference-transaction', 'post-update', 'pre-auto-gc']) {
		await writeFile(join(repository, 'hooks', hook), `#!/bin/sh\ntouch ${trap}\n`, {mode: 0o755});
	}

	const commit = await makeCommit(repository);
	await git({gitDirectory: repository, arguments: ['update-ref', 'refs/heads/main', commit]});
	await assert.rejects(readFile(trap), /ENOENT/);
});

test('git: a failure is one line that says why', async context => {
	const folder = await temporaryFolder(context);
	await assert.rejects(
		git({gitDirectory: join(folder, 'nowhere.git'), arguments: ['rev-parse', 'HEAD']}),
		(error: unknown) =>
			error instanceof GitFailed &&
			/^git rev-parse failed: fatal: /.test(error.message) &&
			!error.message.includes('\n'),
	);
});

const complaints: ReadonlyArray<readonly [string, string]> = [
	['remote: Repository not found\nfatal: repository x not found\n', 'fatal: repository x not found'],
	['warning: one\nerror: two\nhint: three\n', 'error: two'],
	['Receiving objects: 10%\rReceiving objects: 20%\r', 'Receiving objects: 20%'],
	['fatal: \u001b]52;c;ZXZpbA==\u0007branch \u202eevil\n', 'fatal: branch evil'],
	['', 'exit code 128'],
];

for (const [stderr, reason] of complaints) {
	test(`git: of ${JSON.stringify(stderr)} the reason is "${reason}"`, () => {
		assert.equal(
			new GitFailed({exitCode: 128, stdout: Buffer.alloc(0), stderr}, 'fetch').message,
			`git fetch failed: ${reason}`,
		);
	});
}

test('git: takes its input in pieces', async context => {
	const repository = await makeRepository(context);
	const piece = Buffer.alloc(300_000, 'x');
	async function* pieces(): AsyncGenerator<Buffer> {
		for (let n = 0; n < 10; n += 1) {
			yield piece;
		}
	}

	const hashObject = async (input: AsyncIterable<Buffer> | Buffer): Promise<string> =>
		(await git({gitDirectory: repository, arguments: ['hash-object', '--stdin'], input})).toString();
	assert.equal(await hashObject(pieces()), await hashObject(Buffer.alloc(3_000_000, 'x')));
});

test('git: an input that breaks off is told, and the part that was given is not taken for the whole', async context => {
	const repository = await makeRepository(context);
	const commit = await makeCommit(repository);
	async function* broken(): AsyncGenerator<string> {
		yield `create refs/heads/half ${commit}\n`;
		throw new Error('the source broke off');
	}

	await assert.rejects(
		git({gitDirectory: repository, arguments: ['update-ref', '--stdin'], input: broken()}),
		/the source broke off/,
	);
	const refs = await git({gitDirectory: repository, arguments: ['for-each-ref']});
	assert.equal(refs.toString(), '');
});

test('git: one that ends without reading its input says why itself', {timeout: 60_000}, async context => {
	const repository = await makeRepository(context);
	async function* endless(): AsyncGenerator<Buffer> {
		for (;;) {
			yield Buffer.alloc(65_536);
		}
	}

	await assert.rejects(
		git({gitDirectory: repository, arguments: ['no-such-command'], input: endless()}),
		/not a git command/,
	);
});

test('git: what prints more than its cap is ended', {timeout: 60_000}, async context => {
	await putInGitsPlace(context, 'while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done');
	await assert.rejects(
		runGit({arguments: ['log'], maximumOutputBytes: 1000}),
		/git log printed more than 1000/,
	);
});

test('git: tells its progress step by step, and keeps only the end of what it says', async context => {
	await putInGitsPlace(
		context,
		`printf 'one\\rtwo\\r\\nthree ATATT3xSecret\\n' >&2
		head -c 300000 /dev/zero | tr '\\0' x >&2
		printf '\\nfatal: end\\n' >&2
		exit 1`,
	);
	const lines: string[] = [];
	const {stderr, exitCode} = await runGit({
		arguments: ['fetch'],
		signIn: {origin: 'https://bitbucket.org', username: 'u', password: 'ATATT3xSecret'},
		onProgressLine: line => lines.push(line),
	});
	assert.equal(exitCode, 1);
	assert.deepEqual(lines.slice(0, 4), ['one', 'two', '', 'three [secret]']);
	assert.equal(lines.at(-1), 'fatal: end');
	assert.ok(stderr.endsWith('x\nfatal: end\n'));
	assert.ok(stderr.length <= 64 * 1024);
});

test('git: what a listener to its progress throws is thrown to whoever waits, and git is ended', async context => {
	const repository = await makeRepository(context);
	const full = new Error('the disk is full');
	async function* endless(): AsyncGenerator<string> {
		for (;;) {
			yield `not a pack\n`;
		}
	}

	await assert.rejects(
		git({
			gitDirectory: repository,
			arguments: ['index-pack', '--stdin', '-v'],
			input: endless(),
			onProgressLine: () => {
				throw full;
			},
		}),
		full,
	);
});

test('git: ends when it is aborted, with its children', {timeout: 60_000}, async context => {
	const folder = await temporaryFolder(context);
	await putInGitsPlace(
		context,
		`sleep 1000 & echo $! > ${folder}/child
		trap 'exit 1' TERM
		echo ready >&2
		wait`,
	);
	const abort = new AbortController();
	await assert.rejects(
		runGit({
			arguments: ['fetch'],
			signal: abort.signal,
			onProgressLine: () => abort.abort(new Error('cancelled by hand')),
		}),
		/cancelled by hand/,
	);
	const child = Number(await readFile(join(folder, 'child'), 'utf8'));
	// Whoever takes orphans in needs a moment to take it away.
	await waitUntil(() => !isAlive(child));
	await assert.rejects(runGit({arguments: ['version'], signal: abort.signal}), /cancelled by hand/);
});

test('git: ends when nothing moves', {timeout: 60_000}, async context => {
	const hanging = await startHttpServer(context, () => undefined);
	const {exitCode, stderr} = await runGit({
		arguments: ['ls-remote', '--', `${hanging.origin}/a.git`],
		signIn: {origin: hanging.origin, username: 'u', password: 'ATATT3xSecret'},
		noProgressMilliseconds: 200,
	});
	assert.notEqual(exitCode, 0);
	assert.match(stderr, /nothing moved/);
});

test('git: what it prints is handed out piece by piece, and why it failed at the end', async context => {
	await putInGitsPlace(context, 'cat; echo "fatal: so it is" >&2; exit 3');
	const piece = Buffer.alloc(300_000, 'x');
	const input = async function* (): AsyncIterable<Buffer> {
		for (let count = 0; count < 20; count += 1) {
			yield piece;
		}
	};

	let bytes = 0;
	let largest = 0;
	await assert.rejects(
		async () => {
			for await (const chunk of streamGit({arguments: ['anything'], input: input()})) {
				bytes += chunk.length;
				largest = Math.max(largest, chunk.length);
			}
		},
		(error: unknown) => error instanceof GitFailed && error.exitCode === 3 && /so it is/.test(error.message),
	);
	assert.equal(bytes, 20 * piece.length);
	assert.ok(largest < bytes / 10);
});

test('git: who stops listening ends it', async context => {
	const pidFile = join(await temporaryFolder(context), 'pid');
	await putInGitsPlace(context, `echo $$ > ${pidFile}; exec yes`);
	for await (const chunk of streamGit({arguments: ['anything']})) {
		assert.ok(chunk.length > 0);
		break;
	}

	const pid = Number(await readFile(pidFile, 'utf8'));
	assert.ok(pid > 0);
	assert.equal(isAlive(pid), false);
});

test('git: what its input fails of is told, and git does not take a part for the whole', async context => {
	await putInGitsPlace(context, 'cat');
	const input = async function* (): AsyncIterable<string> {
		yield 'first\n';
		throw new Error('the source broke');
	};

	await assert.rejects(async () => {
		for await (const chunk of streamGit({arguments: ['anything'], input: input()})) {
			assert.ok(chunk.length > 0);
		}
	}, /the source broke/);
});
