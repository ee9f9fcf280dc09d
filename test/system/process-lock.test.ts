import assert from 'node:assert/strict';
import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {type TestContext, test} from 'node:test';
import {systemClock} from '../../source/system/clock.ts';
import {tryProcessLock, waitForProcessLock} from '../../source/system/process-lock.ts';
import {UserError} from '../../source/system/user-error.ts';
import {temporaryFolder} from '../temporary-folder.ts';

async function holder(context: TestContext, path: string): Promise<{child: ChildProcess; said: string}> {
	const child = spawn(process.execPath, ['--import=tsx', join(import.meta.dirname, 'lock-holder.ts'), path], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	context.after(() => child.kill('SIGKILL'));
	const [said] = (await once(child.stdout as NodeJS.EventEmitter, 'data')) as [Buffer];
	return {child, said: said.toString().trim()};
}

test('process lock: one holder at a time, also in one process', async context => {
	const path = join(await temporaryFolder(context), 'a.lock');
	const lock = tryProcessLock(path);
	assert.ok(lock);
	assert.equal(tryProcessLock(path), undefined);
	lock.release();
	lock.release();
	const again = tryProcessLock(path);
	assert.ok(again);
	again.release();
});

test('process lock: another process is refused, and has it once the holder is killed', async context => {
	const path = join(await temporaryFolder(context), 'a.lock');
	const {child, said} = await holder(context, path);
	assert.equal(said, 'locked');
	assert.equal(tryProcessLock(path), undefined);
	child.kill('SIGSTOP');
	assert.equal(tryProcessLock(path), undefined, 'a stopped holder still holds it');
	child.kill('SIGKILL');
	await once(child, 'exit');
	const lock = await waitForProcessLock(path, {clock: systemClock, timeoutMilliseconds: 10_000});
	lock.release();
});

test('process lock: waiting ends with a sentence that names the lock', async context => {
	const path = join(await temporaryFolder(context), 'a.lock');
	const lock = tryProcessLock(path);
	context.after(() => lock?.release());
	await assert.rejects(
		waitForProcessLock(path, {clock: systemClock, timeoutMilliseconds: 1}),
		(error: unknown) => error instanceof UserError && error.message.includes(path),
	);
});

test('process lock: a file that cannot be made is named', async context => {
	const path = join(await temporaryFolder(context), 'missing', 'a.lock');
	assert.throws(
		() => tryProcessLock(path),
		(error: unknown) => error instanceof Error && error.message.startsWith(`${path} cannot be locked: `),
	);
});

test('process lock: stays also when nobody refers to it any more', async context => {
	const path = join(await temporaryFolder(context), 'a.lock');
	const forgetful = spawnSync(
		process.execPath,
		['--expose-gc', '--import=tsx', join(import.meta.dirname, 'forgetful-holder.ts'), path],
		{encoding: 'utf8'},
	);
	assert.equal(forgetful.stdout, 'still held\n', forgetful.stderr);
});
