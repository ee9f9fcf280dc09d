import assert from 'node:assert/strict';
import {cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {tryProcessLock} from '../../source/system/process-lock.ts';
import {refsIn, runGitIn} from '../backup/upstream-repository.ts';
import {filesIn, flip, looseFile, packOf, unpackAll} from '../backup/verify/damaged-mirror.ts';
import {connector} from './connection.ts';
import {type Ended, openTestHome, type TestHome} from './program-process.ts';

type Verified = {
	repository: string;
	folder: string;
	state: string;
	findings: Array<{kind: string; text: string; state: string}>;
	repairs: string[];
	snapshots: number;
	objects: number;
	bytes: number;
	verifiedAt: string | null;
	durationMs: number;
};

const plan = 'nightly';
let box: Sandbox;
let home: TestHome;
let workspaceFolder: string;
let primarySecret: string;

const run = async (...commandLine: string[]): Promise<Ended> => home.run(commandLine);
const jsonOf = ({stdout}: Ended): Verified[] => JSON.parse(stdout) as Verified[];

function mirrorOf(name: string): string {
	const found = readdirSync(workspaceFolder).find(folder => folder.startsWith(name));
	assert.ok(found, name);
	return join(workspaceFolder, found);
}

/** Slug of a repository that has commits, pull requests and LFS objects. */
let slug: string;

before(async () => {
	box = await startSandbox({repositories: 3, pullRequests: 2});
	home = await openTestHome();
	const destination = join(home.folder, 'mirrors');
	workspaceFolder = join(destination, 'acme');
	const connect = connector(home, box);
	primarySecret = connect.credential('primary').secret;
	slug = box.world.repositories[0]?.slug ?? '';
	await box.repository(slug).commitLfsFile('main', 'large.bin', Buffer.from('large'));
	for (const ended of [
		await connect.addOrganization(),
		await run('plan', 'add', plan, '--organization', 'acme', '--destination', destination),
		await run('plan', 'add', 'other', '--organization', 'acme', '--destination', join(home.folder, 'none')),
		await run('run', plan),
	]) {
		assert.equal(ended.code, 0, ended.stderr);
	}
});
after(async () => {
	await home.close();
	await box.close();
});

test('all mirrors of a plan are verified: repositories, snippets, the workspace', async () => {
	const ended = await run('verify', plan, '--json');
	assert.equal(ended.code, 0, ended.stdout + ended.stderr);
	const verified = jsonOf(ended);
	const names = verified.map(({repository}) => repository);
	for (const {slug: name} of box.world.repositories) {
		assert.ok(names.includes(name), name);
	}

	assert.ok(names.includes('workspace'));
	assert.ok(names.length > box.world.repositories.length + 1, 'snippets');
	for (const each of verified) {
		assert.deepEqual([each.state, each.findings, each.repairs, each.snapshots], ['whole', [], [], 1]);
		assert.ok(each.objects > 0 && each.bytes > 0 && each.durationMs > 0);
		assert.ok(Date.parse(each.verifiedAt ?? '') > 0);
		assert.ok(each.folder.startsWith(workspaceFolder));
	}

	assert.match(ended.stderr, /^workspace: whole, 1 snapshot, /m);
});

test('people get a line for each, and a sum', async () => {
	const ended = await run('verify', plan, slug);
	assert.equal(ended.code, 0);
	assert.match(
		ended.stdout,
		new RegExp(`^${slug}: whole, 1 snapshot, [\\d,]+ objects, .*B\nVerified 1 mirror: 1 whole\\.\n$`),
	);
});

test('damage is only said with --no-repair, and repaired from Bitbucket without', async () => {
	const mirror = mirrorOf(slug);
	const [lfs] = filesIn(mirror, 'lfs/objects');
	const pack = packOf(mirror, refsIn(mirror).get('refs/mirror/heads/main') ?? '');
	flip(join(mirror, pack), 40);
	flip(join(mirror, lfs ?? ''), 0);
	const said = await run('verify', plan, slug, '--no-repair', '--json');
	assert.equal(said.code, 1);
	assert.equal(jsonOf(said)[0]?.state, 'damaged');
	assert.equal(existsSync(join(mirror, 'damaged')), false);

	const repaired = await run('verify', plan, slug);
	assert.equal(repaired.code, 0, repaired.stdout + repaired.stderr);
	assert.match(repaired.stdout, new RegExp(`^ {2}repaired: ${pack} is damaged; `, 'm'));
	assert.match(repaired.stdout, /^ {2}repaired: the LFS object /m);
	assert.match(repaired.stdout, /^ {2}what is damaged lies in .*\/damaged\/2/m);
	assert.match(repaired.stdout, /^ {2}\d+ objects were fetched again$/m);
	assert.equal((repaired.stdout + repaired.stderr).includes(primarySecret), false);
	assert.equal((await run('verify', plan, slug)).code, 0);
});

test('what Bitbucket gives only to a run is said to be lost, until the run has read it again', async () => {
	const mirror = mirrorOf(slug);
	const snapshot = [...refsIn(mirror, 'refs/brigade/snapshots').keys()][0] ?? '';
	const blob = runGitIn(mirror, ['rev-parse', `${snapshot}:settings/hooks.json`]);
	unpackAll(mirror);
	rmSync(join(mirror, looseFile(blob)));
	const ended = await run('verify', plan, slug, '--json');
	assert.equal(ended.code, 1);
	const [verified] = jsonOf(ended);
	assert.match(verified?.findings[0]?.text ?? '', /^settings\/hooks\.json is missing in the snapshot 2/);
	assert.equal((await run('run', plan)).code, 0);
	assert.equal((await run('verify', plan, slug)).code, 0);
});

test('a mirror that a run works on is not verified: exit code 3', async () => {
	const lock = tryProcessLock(join(mirrorOf('workspace'), 'bucket-brigade.guard'));
	assert.ok(lock);
	try {
		const ended = await run('verify', plan, 'workspace', '--json');
		assert.equal(ended.code, 3);
		const [verified] = jsonOf(ended);
		assert.equal(verified?.state, 'not-verified');
		assert.match(verified?.findings[0]?.text ?? '', /^Another run works on .*workspace\.git; let it end/);
	} finally {
		lock.release();
	}
});

for (const [what, plant, sentence] of [
	[
		'hook',
		(mirror: string) => {
			mkdirSync(join(mirror, 'hooks'));
			writeFileSync(join(mirror, 'hooks', 'post-checkout'), '#!/bin/sh\n', {mode: 0o755});
			return join(mirror, 'hooks');
		},
		/hooks\/post-checkout does not belong into a mirror/,
	],
	[
		'list of alternates',
		(mirror: string) => {
			const path = join(mirror, 'objects', 'info', 'alternates');
			writeFileSync(path, '/tmp\n');
			return path;
		},
		/info\/alternates does not belong into a mirror/,
	],
] as const) {
	test(`a planted ${what}: one sentence`, async () => {
		const mirror = mirrorOf('workspace');
		const path = plant(mirror);
		const ended = await run('verify', plan, 'workspace');
		assert.equal(ended.code, 1);
		assert.equal(ended.stdout.match(/^ {2}damaged: /gm)?.length, 1, ended.stdout);
		assert.match(ended.stdout, sentence);
		rmSync(path, {recursive: true});
		assert.equal((await run('verify', plan, 'workspace')).code, 0);
	});
}

test('a planted configuration is put right before git reads it, and said', async () => {
	const mirror = mirrorOf('workspace');
	writeFileSync(join(mirror, 'config'), `[core]\n\tsshCommand = touch ${join(home.folder, 'executed')}\n`);
	const ended = await run('verify', plan, 'workspace');
	assert.equal(ended.code, 0);
	assert.match(ended.stdout, /repaired: the configuration of the mirror was not the one/);
	assert.equal(readdirSync(home.folder).includes('executed'), false);
});

test('a mirror that is gone is missed', async () => {
	const mirror = mirrorOf(slug);
	const elsewhere = join(home.folder, 'elsewhere.git');
	renameSync(mirror, elsewhere);
	const ended = await run('verify', plan);
	renameSync(elsewhere, mirror);
	assert.equal(ended.code, 1);
	assert.match(ended.stdout, new RegExp(`^${slug}: damaged`, 'm'));
	assert.match(ended.stdout, /there is no mirror of it in .*mirrors, though a run of 2/);
});

test('a copy elsewhere is verified with --destination, and what is known of the backups themselves stays as it is', async () => {
	const copy = join(home.folder, 'copy');
	cpSync(join(workspaceFolder, '..'), copy, {recursive: true});
	const folder = mirrorOf(slug).replace(workspaceFolder, join(copy, 'acme'));
	const [lfs = ''] = filesIn(folder, 'lfs/objects');
	flip(join(folder, lfs), 0);
	const damaged = await run('verify', plan, slug, '--destination', copy, '--no-repair', '--json');
	assert.equal(damaged.code, 1, damaged.stderr);
	assert.deepEqual(
		jsonOf(damaged).map(({state, folder: where}) => [state, where]),
		[['damaged', folder]],
	);
	const repaired = await run('verify', plan, slug, '--destination', copy, '--json');
	assert.equal(repaired.code, 0, repaired.stderr);
	assert.equal(jsonOf(repaired)[0]?.state, 'repaired');
	assert.equal((await run('verify', plan, slug)).code, 0);

	// Nothing is missed there that only the backups themselves have.
	rmSync(folder, {recursive: true});
	const others = await run('verify', plan, '--destination', copy, '--json');
	assert.equal(others.code, 0, others.stderr);
	assert.ok(!jsonOf(others).some(({repository}) => repository === slug));
	const nothing = await run('verify', plan, '--destination', join(home.folder, 'none'));
	assert.equal(nothing.code, 1);
	assert.match(
		nothing.stderr,
		/^There is no backup of the plan "nightly" in .*none\. It is looked for in the folder acme below it\.\n$/,
	);
});

test('what is not there is wrong usage, and a plan without a backup says what to do', async () => {
	const unknown = await run('verify', plan, 'no-such-repository');
	assert.equal(unknown.code, 2);
	assert.match(unknown.stderr, /There is no backup of "no-such-repository"\. There are: /);
	const none = await run('verify', 'other');
	assert.equal(none.code, 1);
	assert.match(
		none.stderr,
		/^The plan "other" has no backup in .*none yet\. Run it first, with: bucket-brigade run other\n$/,
	);
	assert.equal((await run('verify', 'never')).code, 2);
});
