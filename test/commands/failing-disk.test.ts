import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {chmodSync, mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {findProgram} from '../../source/system/program-path.ts';
import {connector} from './connection.ts';
import {openTestHome, type TestHome} from './program-process.ts';

/* G2: a disk that gives errors, as strace puts them into the calls of the program and of its gits. */

describe('a disk that gives errors', {
	skip: spawnSync('strace', ['-V']).error !== undefined && 'strace is not installed',
}, () => {
	let box: Sandbox;
	let home: TestHome;
	let destination: string;

	before(async () => {
		const limits = {api: {requests: 1_000_000, windowMilliseconds: 3_600_000}};
		box = await startSandbox({repositories: 2, pullRequests: 1, limits});
		home = await openTestHome();
		destination = join(home.folder, 'mirrors');
		const {code, stderr} = await connector(home, box).addOrganization(['--api-limit', '1000000/1h']);
		assert.equal(code, 0, stderr);
		const plan = ['plan', 'add', 'nightly', '--organization', box.workspace, '--destination', destination];
		assert.equal((await home.run([...plan, '--data', 'git,lfs,pull-requests,downloads'])).code, 0);
	});
	after(async () => {
		await home.close();
		await box.close();
	});

	const failing = (call: string, error: string, when: string): readonly string[] => [
		...['strace', '-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`],
		...['-e', `inject=${call}:error=${error}:when=${when}`],
	];

	const isTold = (told: RegExp, {code, stdout, stderr}: Awaited<ReturnType<TestHome['run']>>): void => {
		assert.equal(code, 1, stdout + stderr);
		assert.match(stderr, told);
		assert.match(stderr, /^[^\n]+\. Free space or make it writable, then run the plan again\.\n$/);
		assert.doesNotMatch(stdout, /could not be (read|fetched)/, 'it is never called the source’s fault');
	};

	const anything = /^The (state database|journal|file|destination) .* cannot be written: /;
	const cases: ReadonlyArray<readonly [call: string, error: string, when: string, told: RegExp]> = [
		['fsync', 'EIO', '1+', /^The state database .* cannot be written: disk I\/O error\./],
		['fsync', 'EIO', '3+', anything],
		['fsync', 'EIO', '8+', anything],
		['rename', 'EIO', '1+', /^The destination .* cannot be written: EIO/],
		['rename', 'EROFS', '4+', /^The destination .* cannot be written: EROFS/],
		['pwrite64', 'EIO', '1+', /^The state database .* cannot be written: disk I\/O error\./],
	];
	for (const [call, error, when, told] of cases) {
		test(`${error} at each ${call} from number ${when.replace('+', '')} on: one sentence, exit code 1`, async () => {
			rmSync(destination, {recursive: true, force: true});
			// strace counts the calls of each thread by itself: all that touch a file come from one.
			const environment = {UV_THREADPOOL_SIZE: '1'};
			const under = failing(call, error, when);
			isTold(told, await home.run(['run', 'nightly', '--from-start'], {environment, under}));
		});
	}

	test('and when a git cannot bring to the disk what it fetched, that is told of the destination', async () => {
		rmSync(destination, {recursive: true, force: true});
		const programs = join(home.folder, 'programs');
		const git = findProgram('git', process.env['PATH'] ?? '');
		mkdirSync(programs);
		writeFileSync(
			join(programs, 'git'),
			`#!/bin/sh\nexec ${failing('fsync', 'EIO', '1+').join(' ')} ${git} "$@"\n`,
		);
		chmodSync(join(programs, 'git'), 0o755);
		const environment = {PATH: `${programs}:${process.env['PATH']}`};
		isTold(
			/^The destination .* cannot be written: .*/,
			await home.run(['run', 'nightly', '--from-start'], {environment}),
		);
	});

	test('once the disk is well, the next run is complete, with nothing to repair', async () => {
		const {code, stdout, stderr} = await home.run(['run', 'nightly']);
		assert.equal(code, 0, stdout + stderr);
		const verified = await home.run(['verify', 'nightly']);
		assert.equal(verified.code, 0, verified.stdout + verified.stderr);
	});
});
