import assert from 'node:assert/strict';
import {test} from 'node:test';
import {forEachAtOnce} from '../../source/backup/at-once.ts';
import {gitRefusal} from '../../source/backup/git-refusal.ts';
import {destinationFailure, isOwnFailure} from '../../source/backup/own-failure.ts';
import {GitFailed} from '../../source/system/git.ts';
import {SaveFailed} from '../../source/system/save-failed.ts';
import {UserError} from '../../source/system/user-error.ts';

const failed = (stderr: string): GitFailed => {
	const result = {exitCode: 128, stdout: Buffer.alloc(0), stderr};
	return new GitFailed(result, 'fetch');
};
const system = (code: string, syscall: string): Error => Object.assign(new Error(code), {code, syscall});

for (const [stderr, reason] of [
	[
		"remote: Invalid credentials\nfatal: Authentication failed for 'https://bitbucket.org/acme/web.git/'",
		'unauthorized',
	],
	["fatal: could not read Username for 'https://bitbucket.org': terminal prompts disabled", 'unauthorized'],
	[
		"fatal: unable to access 'https://bitbucket.org/acme/web.git/': The requested URL returned error: 403",
		'forbidden',
	],
	[
		"remote: Repository not found\nfatal: repository 'https://bitbucket.org/acme/web.git/' not found",
		'forbidden',
	],
	["fatal: unable to access 'https://x/': The requested URL returned error: 429", 'rate-limited'],
	['remote: Rate limit for this resource has been exceeded', 'rate-limited'],
	["fatal: unable to access 'https://x/': The requested URL returned error: 502", 'connection'],
	["fatal: unable to access 'https://x/': Could not resolve host: x", 'connection'],
	['error: RPC failed; curl 18 transfer closed\nfatal: early EOF\nfatal: index-pack failed', 'connection'],
	['fatal: nothing moved for too long', 'connection'],
	['fatal: bad object deadbeef', undefined],
	['error: cannot lock ref', undefined],
] as const) {
	test(`git says "${stderr.slice(0, 60)}…": ${reason ?? 'no refusal'}`, () => {
		assert.equal(gitRefusal(failed(stderr))?.reason, reason);
	});
}

for (const [error, own] of [
	[system('ENOSPC', 'write'), true],
	[system('EACCES', 'mkdir'), true],
	[system('ENOENT', 'open'), true],
	[system('EIO', 'fsync'), true],
	[system('ECONNRESET', 'read'), false],
	[system('ENOTFOUND', 'getaddrinfo'), false],
	[new Error('anything else'), false],
	[Object.assign(new Error('database or disk is full'), {code: 'ERR_SQLITE_ERROR'}), true],
	[failed('fatal: write error: No space left on device\nfatal: fetch-pack: invalid index-pack output'), true],
	[failed('error: unable to create file x: Permission denied'), true],
	[failed('fatal: cannot create directory at x: Read-only file system'), true],
	[failed("error: cannot update ref 'refs/mirror/a': couldn't write '/b/a.lock'"), true],
	[failed("fatal: sha1 file '/b/tmp_pack' write error. Out of diskspace"), true],
	[failed('error: RPC failed; curl 23 Failed writing body (0 != 4096)\nfatal: early EOF'), true],
	[failed("fatal: unable to rename temporary '*.pack' file to '/b/pack-1.pack'"), true],
	[failed("fatal: could not read Username for 'https://bitbucket.org': terminal prompts disabled"), false],
	[failed("fatal: unable to access 'https://bitbucket.org/a/b.git/': Could not resolve host"), false],
	[failed('fatal: Could not read from remote repository.'), false],
	[failed('fatal: could not fetch 0123 from promisor remote'), false],
	[new SaveFailed('The journal /j', new Error('ENOSPC')), true],
	[new UserError('Another run works on it'), false],
	[failed('remote: fatal: No space left on device\nfatal: early EOF'), false],
	[failed("fatal: repository 'x' not found"), false],
	[failed('error: index-pack died of signal 25\nfatal: index-pack failed'), true],
	[failed('Receiving objects:  12% (3/25)\r'), true],
	[failed('fatal: early EOF\nfatal: index-pack failed'), false],
	[failed("error: cannot lock ref 'x': Unable to create '/b/x.lock': File name too long"), false],
] as const) {
	test(`${error.message.slice(0, 70)}: ${own ? 'our own write' : 'not ours'}`, () => {
		assert.equal(isOwnFailure(error), own);
	});
}

const database = (message: string): Error => Object.assign(new Error(message), {code: 'ERR_SQLITE_ERROR'});

for (const [error, what, reason] of [
	[system('ENOSPC', 'write'), 'The destination /b', 'ENOSPC'],
	[
		failed('fatal: write error: No space left on device\nfatal: fetch-pack: invalid index-pack output'),
		'The destination /b',
		'write error: No space left on device',
	],
	[failed('Receiving objects: 1%'), 'The destination /b', 'git fetch failed: Receiving objects: 1%'],
	[
		database('/b/w.git/bucket-brigade.guard cannot be locked: disk I/O error'),
		'The destination /b',
		undefined,
	],
	[database('database or disk is full'), 'The state database in the program’s home', undefined],
	[new SaveFailed('The journal /j', new Error('ENOSPC')), 'The journal /j', 'ENOSPC'],
] as const) {
	test(`what cannot be written is named: ${error.message.slice(0, 60)}`, () => {
		assert.equal(
			destinationFailure('/b', error).message,
			`${what} cannot be written: ${reason ?? error.message}. Free space or make it writable, then run the plan again.`,
		);
	});
}

test('works on so many at once, and never on more', async () => {
	let running = 0;
	let most = 0;
	const done: number[] = [];
	await forEachAtOnce([5, 1, 4, 2, 3, 0], 3, async item => {
		running += 1;
		most = Math.max(most, running);
		for (let turn = 0; turn < item; turn += 1) {
			await new Promise(resolve => {
				setImmediate(resolve);
			});
		}

		done.push(item);
		running -= 1;
	});
	assert.equal(most, 3);
	assert.deepEqual([...done].sort(), [0, 1, 2, 3, 4, 5]);
});

test('the first error ends it, after what is under way', async () => {
	const begun: number[] = [];
	const ended: number[] = [];
	await assert.rejects(
		forEachAtOnce([1, 2, 3, 4, 5, 6], 2, async item => {
			begun.push(item);
			await new Promise(resolve => {
				setImmediate(resolve);
			});
			if (item === 2) {
				throw new Error('two');
			}

			ended.push(item);
		}),
		/two/,
	);
	assert.deepEqual([...ended, 2].sort(), [...begun].sort());
	assert.ok(begun.length < 6);
});
