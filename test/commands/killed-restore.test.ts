import assert from 'node:assert/strict';
import {
	chmodSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {findProgram} from '../../source/system/program-path.ts';
import {waitUntil} from '../system/wait-until.ts';
import {connector} from './connection.ts';
import {openTestHome, type Running, type TestHome} from './program-process.ts';

/* A restore that is killed leaves a folder beside its target; the next one to the same target takes it away. */

describe('a restore that is killed', () => {
	let box: Sandbox;
	let home: TestHome;
	let slug: string;
	let place: string;
	let programs: string;

	before(async () => {
		box = await startSandbox({repositories: 1, pullRequests: 1});
		home = await openTestHome();
		slug = box.world.repositories[0]?.slug ?? '';
		place = join(home.folder, 'restored');
		programs = join(home.folder, 'programs');
		mkdirSync(programs);
		const plan = ['plan', 'add', 'nightly', '--organization', box.workspace];
		for (const ended of [
			await connector(home, box).addOrganization(),
			await home.run([...plan, '--destination', join(home.folder, 'mirrors')]),
			await home.run(['run', 'nightly']),
		]) {
			assert.equal(ended.code, 0, ended.stderr);
		}
	});
	after(async () => {
		for (const pid of pids()) {
			try {
				process.kill(pid, 'SIGKILL');
			} catch {
				// It has ended.
			}
		}

		await home.close();
		await box.close();
	});

	const command = (): string[] => ['restore', 'nightly', slug, '--to', join(place, 'web.git')];
	const pids = (): number[] =>
		existsSync(join(home.folder, 'pids'))
			? readFileSync(join(home.folder, 'pids'), 'utf8').trim().split('\n').map(Number)
			: [];

	/** A restore that stands still when all of its objects are there: its git never ends. */
	const startStanding = async (): Promise<Running> => {
		const git = findProgram('git', process.env['PATH'] ?? '');
		const script = `case "$*" in *index-pack*) echo $$ >> ${join(home.folder, 'pids')}; exec sleep 1000;; esac`;
		writeFileSync(join(programs, 'git'), `#!/bin/sh\n${script}\nexec ${git} "$@"\n`);
		chmodSync(join(programs, 'git'), 0o755);
		const known = pids().length;
		const running = home.start(command(), {environment: {PATH: `${programs}:${process.env['PATH']}`}});
		await waitUntil(() => pids().length > known);
		return running;
	};

	const left = (): string[] => readdirSync(place).filter(name => name.includes('.restore-unfinished-'));

	test('leaves nothing once the next one has begun; nothing that is not its own is touched', async () => {
		const running = await startStanding();
		running.child.kill('SIGKILL');
		await running.ended;
		assert.equal(
			left().filter(name => !name.endsWith('.lock')).length,
			2,
			'of Git, and of what lies around it',
		);

		const foreign = ['web.git.restore-unfinished-mine', 'web.git.restore-unfinished-00000000', 'other.git'];
		for (const name of foreign) {
			mkdirSync(join(place, name));
		}

		// A lock that leads elsewhere, and one that is none.
		writeFileSync(join(home.folder, 'precious'), '');
		symlinkSync(join(home.folder, 'precious'), join(place, 'web.git.restore-unfinished-00000000.lock'));
		mkdirSync(join(place, 'web.git.restore-unfinished-11111111'));
		writeFileSync(join(place, 'web.git.restore-unfinished-11111111.lock'), 'a text of mine');
		const {code, stderr} = await home.run(command());
		assert.equal(code, 0, stderr);
		assert.deepEqual(
			readdirSync(place).sort(),
			[
				...foreign,
				...['00000000.lock', '11111111', '11111111.lock'].map(name => `web.git.restore-unfinished-${name}`),
				...['web.git', 'web.git-metadata'],
			].sort(),
		);
		assert.ok(existsSync(join(home.folder, 'precious')));
	});

	test('is told from one that is at work, which is left alone', async () => {
		place = join(home.folder, 'at-work');
		const running = await startStanding();
		const before = left();
		assert.equal(before.length, 4);
		const {code, stderr} = await home.run(command());
		assert.equal(code, 0, stderr);
		assert.deepEqual(left().sort(), before.sort());
		running.child.kill('SIGTERM');
		assert.equal((await running.ended).code, 130);
		assert.deepEqual(left(), []);
	});
});
