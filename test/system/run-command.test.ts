import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';
import {systemClock} from '../../source/system/clock.ts';
import {isProcessAlive} from '../../source/system/process-alive.ts';
import {runCommand} from '../../source/system/run-command.ts';
import {createFakeClock} from '../fake-clock.ts';
import {temporaryFolder} from '../temporary-folder.ts';
import {waitUntil} from './wait-until.ts';

const PATH = process.env['PATH'] ?? '';

const run = async (command: readonly [string, ...string[]], input = '') =>
	runCommand(command, {environment: {PATH}, input, clock: systemClock, limitMilliseconds: 60_000});

test('command: is given its words as they are, its input and its environment, and nothing else', async () => {
	assert.deepEqual(
		await run(['sh', '-c', 'cat; printf "%s|" "$@"; env | grep -c ^HOME=', 'x', '$HOME;', 'a b'], 'told\n'),
		{
			end: {kind: 'exited', code: 1},
			output: 'told\n$HOME;|a b|0\n',
		},
	);
});

for (const [name, command, end] of [
	['exit code', ['sh', '-c', 'exit 7'], {kind: 'exited', code: 7}],
	['signal', ['sh', '-c', 'kill -TERM $$'], {kind: 'killed', signal: 'SIGTERM'}],
	['no such program', ['/nowhere/mail'], {kind: 'not-started', reason: 'there is no such program'}],
	['a folder', ['/'], {kind: 'not-started', reason: 'EACCES'}],
] as const) {
	test(`command: ends by ${name}`, async () => {
		assert.deepEqual((await run(command)).end, end);
	});
}

test('command: one that does not read what it is told, and one that prints without end of lines, are no trouble', async () => {
	assert.deepEqual((await run(['true'], 'x'.repeat(1_000_000))).end, {kind: 'exited', code: 0});
	const {end, output} = await run(['sh', '-c', 'head -c 1000000 /dev/zero']);
	assert.deepEqual(end, {kind: 'exited', code: 0});
	assert.ok(output.length > 0 && output.length <= 8192);
});

test('command: what it leaves running does not hold it up, though it holds its output', async context => {
	const file = join(await temporaryFolder(context), 'pid');
	const {end} = await run(['sh', '-c', `sleep 300 & echo $! > '${file}'`]);
	assert.deepEqual(end, {kind: 'exited', code: 0});
	process.kill(Number(await readFile(file, 'utf8')), 'SIGKILL');
});

test('command: after its time it is ended with all that it started', async context => {
	const folder = await temporaryFolder(context);
	const clock = createFakeClock();
	const file = join(folder, 'pids');
	const ended = runCommand(['sh', '-c', `sleep 300 & echo "$$ $!" > '${file}'; wait`], {
		environment: {PATH},
		input: '',
		clock,
		limitMilliseconds: 60_000,
	});
	const pids = async (): Promise<number[]> =>
		(await readFile(file, 'utf8').catch(() => '')).split(/\s/).filter(Boolean).map(Number);
	await waitUntil(async () => (await pids()).length === 2);
	await clock.advance(60_000);
	assert.deepEqual((await ended).end, {kind: 'late'});
	for (const pid of await pids()) {
		await waitUntil(() => !isProcessAlive(pid));
	}
});
