import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {
	appendFileSync,
	existsSync,
	mkdirSync,
	readdirSync,
	renameSync,
	rmSync,
	symlinkSync,
	unlinkSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {connector} from './connection.ts';
import {openTestHome, type TestHome} from './program-process.ts';

let box: Sandbox;
let home: TestHome;
let folder: string;
let mirror: string;
let canary: string;

before(async () => {
	box = await startSandbox({repositories: 2, pullRequests: 0});
	home = await openTestHome();
	canary = join(home.folder, 'canary');
	await connector(home, box).addOrganization();
	const destination = join(home.folder, 'mirrors');
	const added = await home.run([
		...['plan', 'add', 'nightly', '--organization', 'acme', '--destination', destination],
		...['--data', 'git,lfs'],
	]);
	assert.equal(added.code, 0, added.stderr);
	const first = await run();
	assert.equal(first.code, 0, first.stderr);
	folder = join(destination, 'acme');
	mirror = join(folder, readdirSync(folder).find(name => name.startsWith('web-frontend')) ?? '');
});
after(async () => {
	await home.close();
	await box.close();
});

const run = async () => home.run(['run', 'nightly', '--from-start']);

test('planted configuration and hooks are not obeyed: exit code 0', async () => {
	appendFileSync(
		join(mirror, 'config'),
		`[core]\n\tfsmonitor = touch ${canary}\n\tsshCommand = touch ${canary}\n[url "file:///"]\n\tinsteadOf = ${box.gitUrl}/\n`,
	);
	mkdirSync(join(mirror, 'hooks'), {recursive: true});
	for (const hook of ['reference-transaction', 'post-update', 'pre-auto-gc']) {
		writeFileSync(join(mirror, 'hooks', hook), `#!/bin/sh\ntouch ${canary}\n`, {mode: 0o755});
	}

	await box.repository('web-frontend').commit({branch: 'main', files: {'new.txt': 'new'}});
	const {code, stderr} = await run();
	assert.equal(code, 0, stderr);
	assert.equal(existsSync(canary), false);
});

for (const [name, plant, remove] of [
	[
		'a link in a mirror',
		() => {
			renameSync(join(mirror, 'lfs'), join(home.folder, 'lfs'));
			symlinkSync(join(home.folder, 'lfs'), join(mirror, 'lfs'));
		},
		() => {
			unlinkSync(join(mirror, 'lfs'));
			renameSync(join(home.folder, 'lfs'), join(mirror, 'lfs'));
		},
	],
	[
		'a pipe in place of what a mirror notes',
		() => {
			renameSync(join(mirror, 'bucket-brigade.json'), join(home.folder, 'note'));
			execFileSync('mkfifo', [join(mirror, 'bucket-brigade.json')]);
		},
		() => renameSync(join(home.folder, 'note'), join(mirror, 'bucket-brigade.json')),
	],
	[
		'another object store',
		() => writeFileSync(join(mirror, 'objects', 'info', 'alternates'), '/elsewhere\n'),
		() => rmSync(join(mirror, 'objects', 'info', 'alternates')),
	],
] as const) {
	test(`${name} costs its repository, and says so: exit code 3`, async () => {
		mkdirSync(join(mirror, 'lfs'), {recursive: true});
		plant();
		const {code, stdout} = await run();
		remove();
		assert.equal(code, 3);
		assert.match(
			stdout,
			/web-frontend: .*does not belong into a mirror and could lead git astray\. Look who put it there, and move it away\./,
		);
		assert.match(stdout, /1 unchanged/);
	});
}

test('a link in place of the workspace’s folder ends the run: exit code 1', async () => {
	renameSync(folder, join(home.folder, 'moved'));
	symlinkSync(join(home.folder, 'moved'), folder);
	const {code, stderr} = await run();
	unlinkSync(folder);
	renameSync(join(home.folder, 'moved'), folder);
	assert.equal(code, 1);
	assert.match(
		stderr,
		/^\S*\/mirrors\/acme is a link, or no folder; a backup writes only to folders of its own\. Move it away\.\n$/,
	);
});

test('and with all that gone, nothing is missing: exit code 0', async () => {
	const {code, stdout} = await run();
	assert.equal(code, 0);
	assert.match(stdout, /2 unchanged/);
});
