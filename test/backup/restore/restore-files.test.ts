import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {
	type RestoredFolder,
	type RestoreToFolderOptions,
	restoreFilesToFolder,
	restoreToFolder,
} from '../../../source/backup/restore/restore-to-folder.ts';
import {readGitIn, runGitIn} from '../upstream-repository.ts';
import {type SavedHistory, startSavedHistory} from './saved-history.ts';

const lfsVersion = spawnSync('git', ['lfs', 'version'], {encoding: 'utf8'});
const needsLfs = {skip: lfsVersion.status !== 0 && 'git-lfs is not installed'};

let history: SavedHistory;
let targets = 0;

beforeEach(async () => {
	history = await startSavedHistory();
});
afterEach(async () => {
	await history.close();
});

function newTarget(): string {
	targets += 1;
	return join(history.folder, `restored-${targets}`);
}

async function restoreTo(
	folder: string,
	options: Partial<RestoreToFolderOptions> = {},
): Promise<RestoredFolder> {
	return restoreToFolder({
		mirror: await history.reader(),
		snapshot: await history.snapshot(),
		folder,
		form: 'working-copy',
		metadataFolder: undefined,
		withLfs: true,
		backups: history.backups,
		progress: () => undefined,
		signal: new AbortController().signal,
		...options,
	});
}

/** A pointer to contents, which lie in the mirror when that is so. */
function lfsFile(contents: string, isSaved = true): {readonly oid: string; readonly pointer: string} {
	const bytes = Buffer.from(contents);
	const oid = createHash('sha256').update(bytes).digest('hex');
	if (isSaved) {
		history.store('lfs/objects', oid, bytes);
	}

	return {
		oid,
		pointer: `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${bytes.length}\n`,
	};
}

const listed = (...contents: string[]): ReadonlyArray<{oid: string; size: number}> =>
	contents.map(text => ({
		oid: createHash('sha256').update(text).digest('hex'),
		size: Buffer.byteLength(text),
	}));

/** Git as a person has it, in a restored working copy. */
function gitIn(folder: string, arguments_: readonly string[], withLfs: boolean): string {
	const filters = withLfs
		? ['clean', 'smudge', 'process'].map(name =>
				name === 'process'
					? 'filter.lfs.process=git-lfs filter-process'
					: `filter.lfs.${name}=git-lfs ${name} -- %f`,
			)
		: [];
	return execFileSync('git', [...filters.flatMap(filter => ['-c', filter]), ...arguments_], {
		cwd: folder,
		encoding: 'utf8',
		env: {PATH: process.env['PATH'], HOME: '/nowhere', GIT_CONFIG_NOSYSTEM: '1'},
		stdio: ['ignore', 'pipe', 'pipe'],
	}).trimEnd();
}

describe('a working copy', () => {
	test('has the files of HEAD and every ref under its own name, and nothing to commit', async () => {
		history.upstream.commit('side', {'b.txt': 'side'});
		history.upstream.commit('main', {'a.txt': 'text\n', 'b.txt': 'more\n'});
		history.upstream.git('tag', '-a', '-m', 'one', 'v1', 'main');
		const {refs} = await history.save();
		const target = newTarget();
		await restoreTo(target);
		assert.deepEqual(readdirSync(target).sort(), ['.git', 'a.txt', 'b.txt']);
		assert.equal(readFileSync(join(target, 'a.txt'), 'utf8'), 'text\n');
		assert.equal(gitIn(target, ['status', '--porcelain'], false), '');
		assert.equal(gitIn(target, ['branch', '--format=%(refname:short)'], false), 'main\nside');
		assert.equal(
			readGitIn(join(target, '.git'), ['for-each-ref', '--format=%(objectname) %(refname)']).toString(),
			[...refs.refs].map(([name, id]) => `${id} ${name}\n`).join(''),
		);
		assert.equal(gitIn(target, ['symbolic-ref', 'HEAD'], false), 'refs/heads/main');
		const plain = newTarget();
		execFileSync('git', ['init', '--quiet', plain], {env: {PATH: process.env['PATH'], HOME: '/'}});
		assert.equal(
			readFileSync(join(target, '.git', 'config'), 'utf8'),
			readFileSync(join(plain, '.git', 'config'), 'utf8'),
		);
	});

	test('of a HEAD that leads to nothing has no files, and says so', async () => {
		history.upstream.commit('side', {'b.txt': 'side'});
		await history.save();
		const target = newTarget();
		const {notes} = await restoreTo(target);
		assert.deepEqual(notes, ['HEAD leads to no commit: there are no files to check out']);
		assert.deepEqual(readdirSync(target), ['.git']);
	});

	test('runs no filter and no hook that the repository asks for', async () => {
		history.upstream.commit('main', {
			'.gitattributes': '*.txt filter=evil\n',
			'.lfsconfig': '[lfs]\n\turl = http://127.0.0.1:1/\n',
			'a.txt': 'text\n',
		});
		await history.save();
		const target = newTarget();
		await restoreTo(target);
		assert.equal(readFileSync(join(target, 'a.txt'), 'utf8'), 'text\n');
	});

	test('links, executable files and submodules are what they are', async () => {
		const {folder} = history.upstream;
		const blob = (text: string): string => runGitIn(folder, ['hash-object', '-w', '--stdin'], text);
		const tree = runGitIn(
			folder,
			['mktree', '--missing'],
			`100755 blob ${blob('#!/bin/sh\n')}\trun.sh\n120000 blob ${blob('/etc/passwd')}\tlink\n160000 commit ${'1'.repeat(40)}\tmodule\n`,
		);
		const commit = runGitIn(folder, ['commit-tree', tree, '-m', 'kinds']);
		runGitIn(folder, ['update-ref', 'refs/heads/main', commit]);
		await history.save();
		const target = newTarget();
		await restoreTo(target);
		assert.equal(statSync(join(target, 'run.sh')).mode & 0o111, 0o111 & ~process.umask());
		assert.equal(
			readGitIn(join(target, '.git'), ['ls-files', '-s', 'link']).toString().slice(0, 6),
			'120000',
		);
		assert.deepEqual(readdirSync(join(target, 'module')), []);
		assert.equal(gitIn(target, ['status', '--porcelain', '--ignore-submodules'], false), '');
	});

	test('with a path that leads astray is refused by git, and nothing is left', async () => {
		const {folder} = history.upstream;
		const blob = runGitIn(folder, ['hash-object', '-w', '--stdin'], 'evil');
		for (const [inner, outer] of [
			['config', '.git'],
			['x', '..'],
			['config', 'GIT~1'],
		] as const) {
			// `mktree` takes such names; only checking them out is refused.
			const below = runGitIn(folder, ['mktree'], `100644 blob ${blob}\t${inner}\n`);
			const tree = runGitIn(folder, ['mktree'], `040000 tree ${below}\t${outer}\n`);
			const commit = runGitIn(folder, ['commit-tree', tree, '-m', 'evil']);
			runGitIn(folder, ['update-ref', 'refs/heads/main', commit]);
			await history.save();
			const target = newTarget();
			await assert.rejects(restoreTo(target), {
				name: 'UserError',
				exitCode: 1,
				message: /^The files cannot be checked out here: .*Restore without --working-copy/,
			});
			assert.equal(existsSync(target), false);
			await restoreTo(newTarget(), {form: 'bare'});
		}
	});
});

describe('LFS objects', () => {
	const attributes = '*.bin filter=lfs diff=lfs merge=lfs -text\n';

	beforeEach(async () => {
		history.upstream.commit('main', {'.gitattributes': attributes, 'old.bin': lfsFile('old').pointer});
		history.upstream.commit('main', {
			'.gitattributes': attributes,
			'one.bin': lfsFile('first contents').pointer,
			'two.bin': lfsFile('second contents').pointer,
			'same.bin': lfsFile('first contents').pointer,
			'pointer.txt': lfsFile('first contents').pointer,
		});
		await history.save({'lfs.json': listed('first contents', 'second contents', 'old')});
	});

	test('are in the place of their pointers, and git has nothing to commit even without git-lfs', async () => {
		const target = newTarget();
		const restored = await restoreTo(target);
		assert.equal(restored.lfsObjects, 3);
		assert.deepEqual(restored.missing, []);
		const text = (name: string): string => readFileSync(join(target, name), 'utf8');
		assert.equal(text('one.bin'), 'first contents');
		assert.equal(text('same.bin'), 'first contents');
		assert.equal(text('two.bin'), 'second contents');
		assert.match(text('pointer.txt'), /^version/, 'what is not given to LFS stays as it is');
		assert.equal(gitIn(target, ['status', '--porcelain'], false), '');
	});

	test('are what git-lfs expects: ls-files, fsck, status and a clone of it', needsLfs, async () => {
		const target = newTarget();
		await restoreTo(target);
		const files = gitIn(target, ['lfs', 'ls-files', '--long'], true).split('\n');
		// A star says that the contents are there, a dash that the pointer is.
		assert.deepEqual(
			files.map(line => line.slice(65)),
			['* one.bin', '- pointer.txt', '* same.bin', '* two.bin'],
		);
		assert.match(gitIn(target, ['lfs', 'fsck', '--objects'], true), /OK/);
		assert.equal(gitIn(target, ['status', '--porcelain'], true), '');
		assert.doesNotMatch(gitIn(target, ['lfs', 'status'], true), /bin/);

		const bare = newTarget();
		await restoreTo(bare, {form: 'bare'});
		const all = gitIn(bare, ['lfs', 'ls-files', '--all', '--name-only'], true).split('\n');
		assert.deepEqual(all.sort(), ['old.bin', 'one.bin', 'two.bin']);
		const clone = newTarget();
		gitIn(history.folder, ['clone', '--quiet', bare, clone], true);
		assert.equal(readFileSync(join(clone, 'two.bin'), 'utf8'), 'second contents');
	});

	test('do not share a file with the backup', async () => {
		const bare = newTarget();
		await restoreTo(bare, {form: 'bare'});
		const [{oid} = {oid: ''}] = listed('old');
		const path = join('lfs', 'objects', oid.slice(0, 2), oid.slice(2, 4), oid);
		const [ours, theirs] = [bare, history.mirrorFolder].map(folder => statSync(join(folder, path)));
		assert.notEqual(ours?.ino, theirs?.ino);
		assert.equal(ours?.nlink, 1);
		assert.equal((ours?.mode ?? 0) & 0o777, 0o666 & ~process.umask());
	});

	test('that are missing or damaged in the backup are said to be, and the rest is there', async () => {
		const damaged = listed('second contents')[0]?.oid ?? '';
		history.store('lfs/objects', damaged, Buffer.from('SECOND contents'));
		history.upstream.commit('main', {
			'.gitattributes': attributes,
			'lost.bin': lfsFile('lost', false).pointer,
			'one.bin': lfsFile('first contents').pointer,
			'two.bin': `version https://git-lfs.github.com/spec/v1\noid sha256:${damaged}\nsize 15\n`,
		});
		await history.save({'lfs.json': listed('first contents', 'second contents', 'old', 'lost')});
		const target = newTarget();
		const restored = await restoreTo(target);
		assert.equal(restored.lfsObjects, 2);
		assert.deepEqual(
			restored.missing.map(text => text.replace(/the first is .*/, '…')),
			['1 LFS object missing in the backup, …', '1 LFS object damaged in the backup, …'],
		);
		assert.match(readFileSync(join(target, 'lost.bin'), 'utf8'), /^version/);
		assert.match(readFileSync(join(target, 'two.bin'), 'utf8'), /^version/);
		assert.equal(readFileSync(join(target, 'one.bin'), 'utf8'), 'first contents');
		assert.equal(gitIn(target, ['status', '--porcelain'], false), '');
	});

	test('do not take the place of files that are no pointers, whatever the attributes say', async () => {
		history.upstream.commit('main', {
			'.gitattributes': attributes,
			'one.bin': lfsFile('first contents').pointer,
			'no-pointer.bin': 'just text\n',
			'large.bin': 'x'.repeat(5000),
		});
		await history.save({'lfs.json': listed('first contents')});
		const target = newTarget();
		await restoreTo(target);
		assert.equal(readFileSync(join(target, 'no-pointer.bin'), 'utf8'), 'just text\n');
		assert.equal(readFileSync(join(target, 'large.bin'), 'utf8'), 'x'.repeat(5000));
		assert.equal(readFileSync(join(target, 'one.bin'), 'utf8'), 'first contents');
	});

	test('can be left out', async () => {
		const target = newTarget();
		const restored = await restoreTo(target, {withLfs: false});
		assert.equal(restored.lfsObjects, 0);
		assert.equal(existsSync(join(target, '.git', 'lfs')), false);
		assert.match(readFileSync(join(target, 'one.bin'), 'utf8'), /^version/);
	});

	test('of executable files stay executable', async () => {
		const {folder} = history.upstream;
		const blob = (text: string): string => runGitIn(folder, ['hash-object', '-w', '--stdin'], text);
		const tree = runGitIn(
			folder,
			['mktree'],
			`100644 blob ${blob(attributes)}\t.gitattributes\n100755 blob ${blob(lfsFile('first contents').pointer)}\ttool with space's.bin\n`,
		);
		runGitIn(folder, ['update-ref', 'refs/heads/main', runGitIn(folder, ['commit-tree', tree, '-m', 'x'])]);
		await history.save({'lfs.json': listed('first contents')});
		const target = newTarget();
		await restoreTo(target);
		const file = join(target, "tool with space's.bin");
		assert.equal(readFileSync(file, 'utf8'), 'first contents');
		assert.equal(statSync(file).mode & 0o111, 0o111 & ~process.umask());
		assert.equal(gitIn(target, ['status', '--porcelain'], false), '');
	});
});

describe('metadata', () => {
	const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

	test('lie beside the repository as files, with downloads under their names', async () => {
		history.upstream.commit('main', {'a.txt': 'a'});
		const names = [
			'a.zip',
			'A.zip',
			'../../evil',
			'..',
			'with\u001b[31mcolour',
			`${'x'.repeat(300)}.tar.gz`,
			'gone',
		];
		for (const name of names.slice(0, -1)) {
			history.store('downloads', hash(name), Buffer.from(name));
		}

		await history.save({
			'settings/hooks.json': [{url: 'https://ci.example.com'}],
			'pull-requests/7/pull-request.json': {id: 7},
			'pull-requests/7/patch': Buffer.from('From 1234\r\n\xff\n', 'latin1'),
			'downloads.json': names.map(name => ({download: {name}, sha256: name === 'gone' ? null : hash(name)})),
		});
		const target = newTarget();
		const metadataFolder = `${target}-metadata`;
		const restored = await restoreTo(target, {metadataFolder});
		assert.equal(restored.downloads, names.length - 1);
		assert.deepEqual(restored.missing, ['the download gone is missing in the backup']);
		const files = readdirSync(metadataFolder, {recursive: true, encoding: 'utf8'}).sort();
		assert.deepEqual(
			files.filter(name => statSync(join(metadataFolder, name)).isFile()),
			[
				'downloads.json',
				'downloads/.._.._evil',
				'downloads/A (2).zip',
				'downloads/_',
				'downloads/a.zip',
				'downloads/with_[31mcolour',
				`downloads/${'x'.repeat(237)}.gz`,
				'pull-requests/7/patch',
				'pull-requests/7/pull-request.json',
				'settings/hooks.json',
				'snapshot.json',
			].sort(),
		);
		assert.equal(readFileSync(join(metadataFolder, 'downloads/A (2).zip'), 'utf8'), 'A.zip');
		assert.deepEqual(
			readFileSync(join(metadataFolder, 'pull-requests/7/patch')),
			Buffer.from('From 1234\r\n\xff\n', 'latin1'),
		);
	});

	test('with a path that leads astray, or a link, lead nowhere', async () => {
		history.upstream.commit('main', {'a.txt': 'a'});
		await history.save();
		const blob = runGitIn(history.mirrorFolder, ['hash-object', '-w', '--stdin'], 'evil');
		const snapshot = await history.snapshot();
		const planted = new Map([
			...snapshot.entries,
			['../evil.txt', {type: 'blob', id: blob} as const],
			['settings/../../evil.txt', {type: 'blob', id: blob} as const],
			['/evil.txt', {type: 'blob', id: blob} as const],
		]);
		const target = newTarget();
		const metadataFolder = join(history.folder, `inner-${targets}`, 'metadata');
		const {missing} = await restoreTo(target, {
			metadataFolder,
			snapshot: {...snapshot, entries: planted},
		});
		assert.equal(missing.length, 3);
		assert.ok(missing.every(text => text.endsWith('its name is not safe')));
		assert.deepEqual(readdirSync(metadataFolder), ['snapshot.json']);
		assert.deepEqual(readdirSync(join(metadataFolder, '..')), ['metadata']);
	});

	test('a download whose contents changed on disk is not restored', async () => {
		history.upstream.commit('main', {'a.txt': 'a'});
		history.store('downloads', hash('right'), Buffer.from('wrong'));
		await history.save({'downloads.json': [{download: {name: 'a.zip'}, sha256: hash('right')}]});
		const target = newTarget();
		const {missing} = await restoreTo(target, {metadataFolder: `${target}-metadata`});
		assert.deepEqual(missing, ['the download a.zip is damaged in the backup']);
		assert.deepEqual(readdirSync(join(`${target}-metadata`, 'downloads')), []);
	});

	test('that cannot be read in the backup fail the restore, and leave nothing', async () => {
		history.upstream.commit('main', {'a.txt': 'a'});
		await history.save({'settings/hooks.json': []});
		const snapshot = await history.snapshot();
		const entries = new Map([
			...snapshot.entries,
			['gone.json', {type: 'blob', id: '1'.repeat(40)} as const],
		]);
		const names = readdirSync(history.folder);
		const target = newTarget();
		await assert.rejects(
			restoreTo(target, {metadataFolder: `${target}-metadata`, snapshot: {...snapshot, entries}}),
			{name: 'BackupDamaged', message: 'gone.json of the snapshot cannot be read'},
		);
		assert.deepEqual(readdirSync(history.folder), names);
	});

	test('of what has no repository are the folder itself', async () => {
		history.upstream.commit('main', {'a.txt': 'a'});
		await history.save({'members.json': [{user: 'ada'}]});
		const target = newTarget();
		const restored = await restoreFilesToFolder({
			mirror: await history.reader(),
			snapshot: await history.snapshot(),
			folder: target,
			backups: history.backups,
			progress: () => undefined,
			signal: new AbortController().signal,
		});
		assert.equal(restored.folder, target);
		assert.deepEqual(readdirSync(target).sort(), ['members.json', 'snapshot.json']);
	});

	test('2,500 files are written without holding them all', async () => {
		history.upstream.commit('main', {'a.txt': 'a'});
		const files = Object.fromEntries(
			Array.from({length: 2500}, (_, index) => [`pull-requests/${index + 1}/pull-request.json`, {id: index}]),
		);
		await history.save(files);
		const target = newTarget();
		await restoreTo(target, {metadataFolder: `${target}-metadata`});
		assert.equal(readdirSync(join(`${target}-metadata`, 'pull-requests')).length, 2500);
	});
});
