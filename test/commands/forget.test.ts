import assert from 'node:assert/strict';
import {cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {openMirror} from '../../source/backup/mirror.ts';
import type {ForgottenJson} from '../../source/commands/forget-texts.ts';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {systemClock} from '../../source/system/clock.ts';
import {filesIn, listingOf, snapshotsIn} from '../backup/retention/mirror-history.ts';
import {connector} from './connection.ts';
import {type Ended, openTestHome, type TestHome} from './program-process.ts';

let box: Sandbox;
let home: TestHome;
let destination: string;
/** The repository that is changed, and another one. */
let slug: string;
let other: string;
let pristine: string;

const forget = async (...more: string[]): Promise<Ended> => home.run(['forget', 'nightly', ...more]);

const jsonOf = ({stdout}: Ended): ForgottenJson[] => JSON.parse(stdout) as ForgottenJson[];

const mirrorOf = (name: string): string => {
	const folder = readdirSync(join(destination, 'acme')).find(one => one.startsWith(`${name}-`));
	return join(destination, 'acme', folder ?? 'absent');
};

/** The locks of processes change when they are taken. */
const listing = (): string =>
	listingOf(destination)
		.split('\n')
		.filter(line => !/\.(?:git-)?guard /.test(line))
		.join('\n');

async function run(): Promise<void> {
	const ended = await home.run(['run', 'nightly']);
	assert.equal(ended.code, 0, ended.stdout + ended.stderr);
}

before(async () => {
	box = await startSandbox({repositories: 2, pullRequests: 0});
	home = await openTestHome();
	destination = join(home.folder, 'mirrors');
	const connect = connector(home, box);
	await connect.addOrganization();
	const added = await home.run([
		...['plan', 'add', 'nightly', '--organization', 'acme', '--destination', destination],
		...['--data', 'git,downloads,workspace'],
	]);
	assert.equal(added.code, 0, added.stderr);
	[slug = '', other = ''] = box.world.repositories.map(repository => repository.slug);
	const handle = box.repository(slug);
	for (const text of ['one', 'two', 'three']) {
		await handle.commit({branch: 'topic', files: {'a.txt': text}});
		await run();
	}

	pristine = join(home.folder, 'pristine');
	cpSync(destination, pristine, {recursive: true});
});
after(async () => {
	await home.close();
	await box.close();
});

function goBack(): void {
	rmSync(destination, {recursive: true});
	cpSync(pristine, destination, {recursive: true});
}

describe('forget: wrong usage', () => {
	const cases: ReadonlyArray<readonly [readonly string[], RegExp]> = [
		[['forget', 'weekly'], /There is no plan called "weekly"/],
		[['forget', 'nightly'], /The plan "nightly" keeps every snapshot. Say what to keep: /],
		[['forget', 'nightly', '--keep', ''], /keeps every snapshot/],
		[['forget', 'nightly', '--keep', 'often=1'], /"often=1" is no rule/],
		[['forget', 'nightly', 'nobody', '--keep', 'last=1'], /There is no backup of "nobody"/],
		[['forget', 'nightly', '--accept-change'], /Say which repository/],
		[['forget', 'nightly', 'x', '--accept-change', '--dry-run'], /stands alone/],
		[['forget', 'nightly', '../x', '--keep', 'last=1'], /There is no backup of "..\/x"/],
	];
	for (const [commandLine, message] of cases) {
		test(commandLine.join(' '), async () => {
			const {code, stdout, stderr} = await home.run(commandLine);
			assert.equal(code, 2, stderr);
			assert.match(stderr, message);
			assert.equal(stdout, '');
		});
	}

	test('a repository that the plan does not cover', async () => {
		const edited = await home.run(['plan', 'edit', 'nightly', '--exclude', other]);
		assert.equal(edited.code, 0, edited.stderr);
		const {code, stderr} = await forget(other, '--keep', 'last=1');
		await home.run(['plan', 'edit', 'nightly', '--exclude', '']);
		assert.equal(code, 2);
		assert.match(stderr, /The plan "nightly" does not back up/);
	});

	test('accepting what did not happen', async () => {
		const {code, stderr} = await forget(slug, '--accept-change');
		assert.equal(code, 2);
		assert.match(stderr, /is not frozen: there is nothing to accept/);
	});
});

test('a dry run says for each snapshot why it stays or that it would go, and changes nothing', async () => {
	const before = listing();
	const ended = await forget('--keep', 'last=1', '--dry-run', '--json');
	assert.equal(ended.code, 0, ended.stderr);
	assert.equal(listing(), before);
	const all = jsonOf(ended);
	assert.deepEqual(all.map(({kind}) => kind).sort(), ['repository', 'repository', 'workspace']);
	const changed = all.find(({repository}) => repository === slug);
	const snapshots = snapshotsIn(mirrorOf(slug));
	assert.equal(snapshots.length, 3);
	assert.deepEqual(changed?.remove, snapshots.slice(0, 2));
	assert.deepEqual(changed?.keep, [
		{
			snapshot: snapshots[2],
			reasons: ['last snapshot', 'newest snapshot', 'last that lacks nothing'],
		},
	]);
	assert.ok((changed?.frees.objects ?? 0) > 0);
	assert.deepEqual([changed?.dryRun, changed?.frozen, changed?.freed], [true, null, 0]);

	const people = await forget(slug, '--keep', 'last=1', '--dry-run');
	assert.equal(people.code, 0);
	const [first = '', ...rows] = people.stdout.trimEnd().split('\n');
	assert.match(
		first,
		new RegExp(`^${slug}: 1 snapshot stays, 2 would go: about [\\d.]+ k?B of Git objects in time$`),
	);
	assert.deepEqual(
		rows.map(row => row.trim().split(/ {2,}/)),
		[
			[snapshots[0], 'would go'],
			[snapshots[1], 'would go'],
			[snapshots[2], 'stays', 'last snapshot, newest snapshot, last that lacks nothing'],
		],
	);
	assert.equal(listing(), before);
});

test('it removes what the rules let go, leaves what is not ours, and the second time finds nothing', async () => {
	const foreign = join(destination, 'acme', 'foreign.git');
	mkdirSync(join(foreign, 'objects'), {recursive: true});
	writeFileSync(join(foreign, 'config'), 'mine');
	symlinkSync(mirrorOf(other), join(destination, 'acme', 'link-00000009.git'));
	writeFileSync(join(destination, 'notes.txt'), 'mine');
	const ended = await forget('--keep', 'last=2', '--json');
	assert.equal(ended.code, 0, ended.stderr);
	assert.deepEqual(
		jsonOf(ended)
			.map(({repository}) => repository)
			.sort(),
		[other, slug, 'workspace'].sort(),
	);
	assert.equal(snapshotsIn(mirrorOf(slug)).length, 2);
	assert.deepEqual(filesIn(foreign), ['config']);
	assert.equal(readFileSync(join(foreign, 'config'), 'utf8'), 'mine');
	assert.equal(readFileSync(join(destination, 'notes.txt'), 'utf8'), 'mine');

	const again = await forget('--keep', 'last=2', '--json');
	assert.ok(jsonOf(again).every(({remove}) => remove.length === 0));
	goBack();
});

test('the rules of the plan hold without --keep, and what was made by a plan of an old name stays until it is meant', async () => {
	const edited = await home.run(['plan', 'edit', 'nightly', '--keep', 'last=1', '--name', 'daily']);
	assert.equal(edited.code, 0, edited.stderr);
	const [stays] = jsonOf(await home.run(['forget', 'daily', slug, '--json']));
	assert.deepEqual(stays?.remove, []);
	assert.match(stays?.keep[0]?.reasons.join() ?? '', /made by the plan "nightly", which is not known here/);
	const [goes] = jsonOf(await home.run(['forget', 'daily', slug, '--of-any-plan', '--json']));
	assert.equal(goes?.remove.length, 2);
	await home.run(['plan', 'edit', 'daily', '--keep', '', '--name', 'nightly']);
	goBack();
});

test('what another plan backs up to the same place goes only where that one lets it go', async () => {
	await home.run([
		'plan',
		'add',
		'archive',
		'--organization',
		'acme',
		'--destination',
		join(destination, '.'),
	]);
	const [one] = jsonOf(await forget(slug, '--keep', 'last=1', '--json'));
	assert.deepEqual(one?.remove, []);
	assert.deepEqual(one?.keep[0]?.reasons, ['archive: everything is kept']);
	await home.run(['plan', 'edit', 'archive', '--keep', 'last=2']);
	const [two] = jsonOf(await forget(slug, '--keep', 'last=1', '--dry-run', '--json'));
	assert.equal(two?.remove.length, 1);
	await home.run(['plan', 'remove', 'archive']);
});

test('a mirror that another process works on is told and left, the others are done: exit code 3', async () => {
	const mirror = await openMirror(mirrorOf(slug), systemClock, new AbortController().signal);
	try {
		const ended = await forget('--keep', 'last=1', '--json');
		assert.equal(ended.code, 3);
		const held = jsonOf(ended).find(({repository}) => repository === slug);
		assert.match(held?.problems.join() ?? '', /^Another run works on /);
		assert.deepEqual(held?.keep, []);
		assert.equal(jsonOf(ended).filter(({problems}) => problems.length === 0).length, 2);
		assert.equal(snapshotsIn(mirrorOf(slug)).length, 3);
		const dry = await forget(slug, '--keep', 'last=1', '--dry-run');
		assert.equal(dry.code, 0, 'it may be looked at');
	} finally {
		mirror.close();
		goBack();
	}
});

test('a repository that a mass change froze keeps everything until that is accepted', async () => {
	const {mainBranch} = box.repository(slug).repository;
	await box.repository(slug).forcePush(mainBranch ?? 'main', {files: {'ransom.txt': 'pay'}});
	const ended = await home.run(['run', 'nightly']);
	assert.equal(ended.code, 0);
	assert.match(ended.stdout, /the default branch was rewritten upstream; what was there before is kept/);
	const frozen = await forget(slug, '--keep', 'last=1');
	assert.equal(frozen.code, 0);
	assert.match(
		frozen.stdout,
		/frozen since 20\d\d-.*Z, because the default branch was rewritten upstream\. Accept it with: bucket-brigade forget nightly \S+ --accept-change/,
	);
	assert.equal(snapshotsIn(mirrorOf(slug)).length, 4);

	const accepted = await forget(slug, '--accept-change');
	assert.equal(accepted.code, 0, accepted.stderr);
	assert.match(accepted.stdout, /^Accepted for .*: the default branch was rewritten upstream/);
	assert.equal(snapshotsIn(mirrorOf(slug)).length, 4);
	const done = await forget(slug, '--keep', 'last=1');
	assert.equal(done.code, 0);
	assert.equal(snapshotsIn(mirrorOf(slug)).length, 1);
});

test('its help says what always stays', async () => {
	const {code, stdout} = await forget('--help');
	assert.equal(code, 0);
	for (const word of ['--dry-run', '--keep', '--of-any-plan', '--accept-change', '--json', '14 days later']) {
		assert.ok(stdout.includes(word), word);
	}
});
