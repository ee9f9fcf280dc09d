import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFile, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';
import {GitFailed, git, lockedExitCode, runGit} from '../../source/system/git.ts';
import {findFlock, findProgram} from '../../source/system/program-path.ts';
import {temporaryFolder} from '../temporary-folder.ts';
import {putInGitsPlace} from './stand-in-git.ts';
import {waitUntil} from './wait-until.ts';

const skip = findFlock(process.env['PATH'] ?? '') === undefined && 'flock is not installed';

test('git lock: held while git runs, free after it', {skip, timeout: 60_000}, async context => {
	const lockFile = join(await temporaryFolder(context), 'guard');
	await putInGitsPlace(context, 'case "$*" in *wait) ;; *) exit 0 ;; esac; echo ready >&2; cat');
	const isReady = Promise.withResolvers<void>();
	async function* untilAskedTwice(): AsyncGenerator<string> {
		await isReady.promise;
		const {exitCode} = await runGit({arguments: ['version'], lockFile});
		yield String(exitCode);
	}

	const printed = await git({
		arguments: ['wait'],
		lockFile,
		input: untilAskedTwice(),
		onProgressLine: () => isReady.resolve(),
	});
	assert.equal(printed.toString(), String(lockedExitCode));
	assert.equal((await runGit({arguments: ['version'], lockFile})).exitCode, 0);
});

test('git lock: outlives a process that was killed, for as long as its git lives', {
	skip,
	timeout: 60_000,
}, async context => {
	const folder = await temporaryFolder(context);
	const lockFile = join(folder, 'guard');
	const pidFile = join(folder, 'pid');
	await putInGitsPlace(context, `echo $$ > ${pidFile}; echo ready >&2; exec sleep 1000`);
	const parent = spawn(
		process.execPath,
		['--import=tsx', join(import.meta.dirname, 'locking-git.ts'), lockFile],
		{stdio: ['ignore', 'pipe', 'inherit']},
	);
	await once(parent.stdout, 'data');
	parent.kill('SIGKILL');
	await once(parent, 'exit');
	const orphan = Number(await readFile(pidFile, 'utf8'));
	context.after(() => {
		try {
			process.kill(orphan, 'SIGKILL');
		} catch {
			// It has ended as it should.
		}
	});

	await assert.rejects(
		git({arguments: ['version'], lockFile}),
		(error: unknown) =>
			error instanceof GitFailed &&
			error.exitCode === lockedExitCode &&
			/another process works on this repository/.test(error.message),
	);
	process.kill(orphan, 'SIGKILL');
	await putInGitsPlace(context, 'exit 0');
	// The kernel frees the lock when it has taken the killed process away.
	await waitUntil(async () => (await runGit({arguments: ['version'], lockFile})).exitCode === 0);
});

test("git lock: busybox's flock is left alone, it cannot tell a held lock from an error of git", async context => {
	const folder = await temporaryFolder(context);
	await writeFile(join(folder, 'busybox'), '', {mode: 0o755});
	await symlink(join(folder, 'busybox'), join(folder, 'flock'));
	assert.equal(findFlock(folder), undefined);
});

test('program path: the first one that can be executed', async context => {
	const folder = await temporaryFolder(context);
	const other = await temporaryFolder(context);
	await writeFile(join(folder, 'git'), '', {mode: 0o644});
	await writeFile(join(other, 'git'), '', {mode: 0o755});
	assert.equal(findProgram('git', `:${folder}:${other}`), join(other, 'git'));
	assert.equal(findProgram('hg', `${folder}:${other}`), undefined);
});
