import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readdirSync, symlinkSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import {type TestContext, test} from 'node:test';
import {type Mirror, openMirror} from '../../source/backup/mirror.ts';
import {MirrorBusy} from '../../source/backup/mirror-busy.ts';
import {systemClock} from '../../source/system/clock.ts';
import {isProcessAlive} from '../../source/system/process-alive.ts';
import {findFlock} from '../../source/system/program-path.ts';
import {putInGitsPlace} from '../system/stand-in-git.ts';
import {waitUntil} from '../system/wait-until.ts';
import {temporaryFolder} from '../temporary-folder.ts';

async function open(
	context: TestContext,
): Promise<{mirror: Mirror; stop: AbortController; left: () => string[]}> {
	const folder = join(await temporaryFolder(context), 'mirror.git');
	const stop = new AbortController();
	const mirror = await openMirror(folder, systemClock, stop.signal);
	context.after(() => mirror.close());
	return {
		mirror,
		stop,
		left: () =>
			readdirSync(folder, {recursive: true, encoding: 'utf8'}).filter(path =>
				/tmp_|crash|\.lock$/.test(path),
			),
	};
}

const large = Buffer.alloc(3_000_000, 'large ');

/** Commands of an import that is not at its end; `meanwhile` happens when git has begun to write. */
const beginning = (folder: string, meanwhile: () => Promise<void>) =>
	async function* (): AsyncGenerator<string | Buffer> {
		yield `blob\ndata ${large.length}\n`;
		yield large;
		yield '\n';
		await waitUntil(() => readdirSync(join(folder, 'objects', 'pack')).some(name => name.startsWith('tmp_')));
		await meanwhile();
	};

test('mirror: what a git leaves that fails is cleared away at once', async context => {
	const {mirror, left} = await open(context);
	const input = beginning(mirror.folder, async () => {
		throw new Error('the source broke');
	});
	await assert.rejects(mirror.write(['fast-import', '--quiet'], {input: input()}), /the source broke/);
	assert.deepEqual(left(), []);
});

test('mirror: also what one leaves that is ended because the run is', async context => {
	const {mirror, stop, left} = await open(context);
	const input = beginning(mirror.folder, async () => {
		stop.abort(new Error('cancelled'));
	});
	await assert.rejects(mirror.write(['fast-import', '--quiet'], {input: input()}), /cancelled/);
	assert.deepEqual(left(), []);
});

/** Without `flock`, several gits write at once. */
async function withoutFlock(context: TestContext): Promise<void> {
	const path = process.env['PATH'] ?? '';
	const folder = await temporaryFolder(context);
	const git = path.split(delimiter).find(part => existsSync(join(part, 'git')));
	symlinkSync(join(git ?? '', 'git'), join(folder, 'git'));
	context.after(() => {
		process.env['PATH'] = path;
	});
	process.env['PATH'] = folder;
}

test('mirror: nothing is taken from a git that still writes', async context => {
	await withoutFlock(context);
	const {mirror, left} = await open(context);
	const hasFailed = Promise.withResolvers<void>();
	const pack = (): string => left().find(path => path.includes('tmp_pack')) ?? 'none';
	const input = async function* (): AsyncGenerator<string | Buffer> {
		yield* beginning(mirror.folder, async () => {
			await hasFailed.promise;
			assert.ok(existsSync(join(mirror.folder, pack())));
		})();
		yield 'done\n';
	};
	const writing = mirror.write(['fast-import', '--quiet', '--done'], {input: input()});
	await waitUntil(() => pack() !== 'none');
	await assert.rejects(mirror.write(['update-ref', 'refs/heads/x', 'nothing']));
	hasFailed.resolve();
	await writing;
});

test('mirror: the git of a killed run is waited for before anything is taken from under it', {
	skip: findFlock(process.env['PATH'] ?? '') === undefined && 'there is no flock of util-linux',
}, async context => {
	const folder = join(await temporaryFolder(context), 'mirror.git');
	const temporary = join(folder, 'objects', 'pack', 'tmp_pack_x');
	const path = process.env['PATH'];
	await putInGitsPlace(context, `touch ${temporary}; echo $$ >&2; exec sleep 1000`);
	const run = spawn(
		process.execPath,
		['--import=tsx', join(import.meta.dirname, 'writing-mirror.ts'), folder],
		{
			stdio: ['ignore', 'pipe', 'inherit'],
		},
	);
	const [said] = (await once(run.stdout, 'data')) as [Buffer];
	const orphan = Number(said.toString());
	context.after(() => isProcessAlive(orphan) && process.kill(orphan, 'SIGKILL'));
	run.kill('SIGKILL');
	await once(run, 'exit');
	process.env['PATH'] = path;

	let passed = 0;
	const clock = {
		...systemClock,
		elapsed: () => passed,
		wait: async (milliseconds: number) => {
			passed += milliseconds * 100;
		},
	};
	const {signal} = new AbortController();
	await assert.rejects(
		openMirror(folder, clock, signal),
		(error: unknown) =>
			error instanceof MirrorBusy &&
			/A git of a run that ended still works on .*; let it end/.test(error.message),
	);
	assert.ok(existsSync(temporary), 'what it writes is still there');

	process.kill(orphan, 'SIGKILL');
	const mirror = await openMirror(folder, systemClock, signal);
	mirror.close();
	assert.ok(!existsSync(temporary), 'and goes once it has ended');
});
