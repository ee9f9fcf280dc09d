import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {
	chmodSync,
	existsSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {delimiter, dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {deflateSync} from 'node:zlib';
import fc from 'fast-check';
import type {RefList} from '../../../source/backup/ref-list.ts';
import {
	type RestoredFolder,
	type RestoreToFolderOptions,
	restoreToFolder,
} from '../../../source/backup/restore/restore-to-folder.ts';
import {readGitIn, runGitIn} from '../upstream-repository.ts';
import {type SavedHistory, startSavedHistory} from './saved-history.ts';

let history: SavedHistory;
let targets = 0;

beforeEach(async () => {
	history = await startSavedHistory();
});
afterEach(async () => {
	await history.close();
});

const newTarget = (): string => {
	targets += 1;
	return join(history.folder, `restored-${targets}`);
};

async function restoreTo(
	folder: string,
	options: Partial<RestoreToFolderOptions> = {},
	id?: string,
): Promise<RestoredFolder> {
	return restoreToFolder({
		mirror: await history.reader(),
		snapshot: await history.snapshot(id),
		folder,
		form: 'bare',
		metadataFolder: undefined,
		withLfs: true,
		backups: history.backups,
		progress: () => undefined,
		signal: new AbortController().signal,
		...options,
	});
}

/** What git says of a repository's refs and HEAD, in the words of a snapshot. */
function refsOf(folder: string): RefList {
	const output = readGitIn(folder, ['for-each-ref', '--format=%(objectname) %(refname)']).toString('latin1');
	const refs = new Map(
		output
			.split('\n')
			.filter(line => line !== '')
			.map(line => [line.slice(41), line.slice(0, 40)] as const),
	);
	const head = readFileSync(join(folder, 'HEAD'), 'latin1')
		.trimEnd()
		.replace(/^ref: /, '');
	return {head, refs};
}

const fsck = (folder: string): string =>
	runGitIn(folder, ['fsck', '--full', '--strict', '--no-dangling', '--no-progress']);

/** Ids of all objects that lie in a repository. */
const objectsIn = (folder: string): string[] =>
	runGitIn(folder, ['cat-file', '--batch-all-objects', '--batch-check=%(objectname)']).split('\n').sort();

/** Ids of the objects that refs and HEAD lead to. */
function reachableIn(folder: string): string[] {
	const {head = '', refs} = refsOf(folder);
	const tips = [...refs.values(), ...(head.startsWith('refs/') ? [] : [head])];
	const output =
		tips.length === 0
			? ''
			: runGitIn(folder, ['rev-list', '--objects', '--no-object-names', ...new Set(tips)]);
	return [...new Set(output.split('\n'))].sort();
}

describe('restored to a folder', () => {
	test('a snapshot is what it was: every ref, HEAD, and only the objects that they lead to', async () => {
		const {upstream} = history;
		const first = upstream.commit('main', {'a.txt': 'a'});
		upstream.commit('feature/ünï"\'$;x', {'b.txt': 'b'});
		upstream.commit('lost', {'c.txt': 'c'}, {orphan: true});
		upstream.git('tag', '-a', '-m', 'one', 'v1', first);
		upstream.git('tag', '-a', '-m', 'of a tag', 'v1-again', 'v1');
		upstream.git('notes', 'add', '-m', 'note', first);
		const tree = runGitIn(upstream.folder, ['rev-parse', `${first}^{tree}`]);
		upstream.git('update-ref', 'refs/strange/tree', tree);
		upstream.git(
			'update-ref',
			'refs/strange/blob',
			runGitIn(upstream.folder, ['rev-parse', `${first}:a.txt`]),
		);
		upstream.git('update-ref', 'refs/replace/0123456789012345678901234567890123456789', first);
		upstream.git('symbolic-ref', 'HEAD', 'refs/heads/feature/ünï"\'$;x');
		const {id, refs} = await history.save();
		upstream.git('update-ref', '-d', 'refs/heads/lost');
		await history.save();

		const target = newTarget();
		const restored = await restoreTo(target, {}, id);
		assert.deepEqual(refsOf(target), refs);
		assert.equal(restored.refs.refs.size, refs.refs.size);
		assert.deepEqual(restored.missing, []);
		assert.equal(fsck(target), '');
		assert.deepEqual(objectsIn(target), reachableIn(target));
		const plain = newTarget();
		execFileSync('git', ['init', '--quiet', '--bare', plain], {env: {PATH: process.env['PATH'], HOME: '/'}});
		assert.equal(readFileSync(join(target, 'config'), 'utf8'), readFileSync(join(plain, 'config'), 'utf8'));
		assert.deepEqual(readdirSync(target).sort(), [...readdirSync(plain), 'packed-refs'].sort());
		assert.equal(existsSync(join(target, 'objects', 'info', 'alternates')), false);

		const newest = newTarget();
		await restoreTo(newest);
		assert.equal(refsOf(newest).refs.has('refs/heads/lost'), false);
		assert.deepEqual(objectsIn(newest), reachableIn(newest));
		assert.ok(objectsIn(newest).length < objectsIn(target).length);
	});

	test('refs of other git’s own places, and names that are no text, are restored too', async () => {
		const {upstream} = history;
		const first = upstream.commit('main', {'a.txt': 'a'});
		for (const name of [
			'refs/bisect/bad',
			'refs/worktree/one',
			'refs/rewritten/two',
			'refs/stash',
			'refs/x',
		]) {
			upstream.git('update-ref', name, first);
		}

		writeFileSync(
			join(upstream.folder, 'packed-refs'),
			Buffer.from(`${first} refs/heads/caf\xe9\n`, 'latin1'),
			{flag: 'a'},
		);
		const {refs} = await history.save();
		assert.ok(refs.refs.has('refs/heads/caf\xe9'));
		const target = newTarget();
		await restoreTo(target);
		assert.deepEqual(refsOf(target).refs, refs.refs);
	});

	test('HEAD may be detached, stand on a name that is no text, or lead to nothing', async () => {
		const {upstream} = history;
		const empty = await history.save();
		const first = upstream.commit('main', {'a.txt': 'a'});
		upstream.commit('main', {'a.txt': 'b'});
		upstream.git('update-ref', '--no-deref', 'HEAD', first);
		const detached = await history.save();
		assert.equal(detached.refs.head, first);
		upstream.git('symbolic-ref', 'HEAD', 'refs/heads/nowhere');
		const unborn = await history.save();

		for (const {id, refs} of [empty, detached, unborn]) {
			const target = newTarget();
			await restoreTo(target, {}, id);
			assert.deepEqual(refsOf(target).refs, refs.refs);
			assert.equal(refsOf(target).head, refs.head ?? 'refs/heads/main');
			assert.equal(fsck(target), '');
		}
	});

	test('any snapshot of any history is bit-identical to what upstream was', async () => {
		const branch = fc.constantFrom('main', 'a', 'a/b', 'side');
		const change = fc.oneof(
			fc.record({kind: fc.constantFrom('commit', 'orphan', 'delete', 'head'), name: branch}),
			fc.record({
				kind: fc.constantFrom('tag', 'note', 'untag', 'strange', 'detach'),
				name: fc.constantFrom('v1', 'v2'),
			}),
		);
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.array(change, {maxLength: 5}), {minLength: 2, maxLength: 4}),
				async runs => {
					const own = await startSavedHistory();
					try {
						const saved = [];
						for (const [index, some] of runs.entries()) {
							own.upstream.commit('main', {'always.txt': String(index)});
							for (const {kind, name} of some) {
								apply(own, kind, name);
							}

							const refs = refsOf(own.upstream.folder);
							saved.push({...(await own.save()), upstream: refs});
						}

						for (const {id, refs, upstream} of saved) {
							targets += 1;
							const target = join(own.folder, `restored-${targets}`);
							await restoreToFolder({
								mirror: await own.reader(),
								snapshot: await own.snapshot(id),
								folder: target,
								form: 'bare',
								metadataFolder: undefined,
								withLfs: true,
								backups: own.backups,
								progress: () => undefined,
								signal: new AbortController().signal,
							});
							const found = refsOf(target);
							assert.deepEqual(found.refs, upstream.refs);
							// A HEAD that leads to nothing is not advertised, so nobody can know of it.
							assert.equal(found.head, refs.head === undefined ? 'refs/heads/main' : upstream.head);
							assert.equal(fsck(target), '');
							assert.deepEqual(objectsIn(target), reachableIn(target));
						}
					} finally {
						await own.close();
					}
				},
			),
			{numRuns: 6},
		);
	});

	let changes = 0;

	function apply({upstream}: SavedHistory, kind: string, name: string): void {
		changes += 1;
		const git = (...arguments_: string[]): void => {
			try {
				upstream.git(...arguments_);
			} catch {
				// What cannot be done in this state is not done: `a` and `a/b` exclude each other, a tag may be there already.
			}
		};

		switch (kind) {
			case 'commit':
			case 'orphan':
				try {
					upstream.commit(name, {'file.txt': `${kind} ${changes}`}, {orphan: kind === 'orphan'});
				} catch {
					git('update-ref', '-d', 'refs/heads/a');
				}

				break;
			case 'delete':
				git('update-ref', '-d', `refs/heads/${name}`);
				break;
			case 'head':
				git('symbolic-ref', 'HEAD', `refs/heads/${name}`);
				break;
			case 'detach':
				git('update-ref', '--no-deref', 'HEAD', 'refs/heads/main');
				break;
			case 'tag':
				git('tag', '--force', '-a', '-m', `tag ${changes}`, name, 'refs/heads/main');
				break;
			case 'untag':
				git('tag', '--delete', name);
				break;
			case 'note':
				git('notes', 'add', '--force', '-m', `note ${changes}`, 'refs/heads/main');
				break;
			default:
				git('update-ref', `refs/strange/${name}`, 'refs/heads/main^{tree}');
		}
	}
});

describe('a folder to restore to', () => {
	/** Everything below a folder, with its type and size. */
	const everythingIn = (folder: string): string[] =>
		readdirSync(folder, {recursive: true, encoding: 'utf8'})
			.map(name => `${name} ${lstatSync(join(folder, name)).mode} ${lstatSync(join(folder, name)).size}`)
			.sort();

	beforeEach(async () => {
		history.upstream.commit('main', {'a.txt': 'a'});
		await history.save({'settings/hooks.json': []});
	});

	test('may be absent with the folders above it, or empty', async () => {
		const deep = join(newTarget(), 'one', 'two');
		await restoreTo(deep);
		assert.equal(fsck(deep), '');
		const empty = newTarget();
		mkdirSync(empty, {mode: 0o700});
		await restoreTo(`${empty}/`);
		assert.equal(fsck(empty), '');
		assert.equal(statSync(empty).mode & 0o777, 0o700);
	});

	test('that is not empty, a file, a link, or among the backups is refused and left as it is', async () => {
		const full = newTarget();
		mkdirSync(full);
		writeFileSync(join(full, 'precious.txt'), 'precious');
		const file = newTarget();
		writeFileSync(file, 'precious');
		const link = newTarget();
		symlinkSync(newTarget(), link);
		const linkToEmpty = newTarget();
		mkdirSync(`${linkToEmpty}-empty`);
		symlinkSync(`${linkToEmpty}-empty`, linkToEmpty);
		const linked = newTarget();
		symlinkSync(history.backups, linked);
		const before = everythingIn(history.folder);
		for (const [target, message] of [
			[full, /is not empty: it was left as it is/],
			[file, /is no folder: it was left as it is/],
			[link, /is a link: it was left as it is/],
			[linkToEmpty, /is a link: it was left as it is/],
			[join(history.backups, 'web-restored.git'), /lies among the backups themselves/],
			[join(linked, 'web-restored.git'), /lies among the backups themselves/],
		] as const) {
			await assert.rejects(restoreTo(target), {name: 'UserError', exitCode: 1, message});
		}

		assert.deepEqual(everythingIn(history.folder), before);
	});

	test('is left as it is where the one for metadata is not free', async () => {
		const target = newTarget();
		const full = newTarget();
		mkdirSync(full);
		writeFileSync(join(full, 'precious.txt'), 'precious');
		const before = everythingIn(history.folder);
		await assert.rejects(restoreTo(target, {metadataFolder: full}), /is not empty/);
		assert.deepEqual(everythingIn(history.folder), before);
	});

	test('and the one for metadata do not lie in one another', async () => {
		const target = newTarget();
		const before = everythingIn(history.folder);
		for (const metadataFolder of [target, join(target, 'metadata'), history.folder]) {
			await assert.rejects(restoreTo(target, {metadataFolder}), {
				exitCode: 2,
				message: /lie in one another: name two that lie side by side/,
			});
		}

		assert.deepEqual(everythingIn(history.folder), before);
	});

	test('below one that cannot be written is told in a sentence', {
		skip:
			process.getuid?.() === 0 && !existsSync('/proc') ? 'there is no folder that root cannot write' : false,
	}, async () => {
		const closed = newTarget();
		mkdirSync(closed);
		chmodSync(closed, 0o500);
		const target = process.getuid?.() === 0 ? '/proc/restored' : join(closed, 'restored');
		await assert.rejects(restoreTo(target), {
			name: 'TargetFailed',
			exitCode: 1,
			message: new RegExp(`^${target} cannot be written: E[A-Z]+.*Free space, or choose another folder`),
		});
	});

	test('stays away when the restore is stopped, and so do the folders above it', async () => {
		const stop = new AbortController();
		const inBetween: string[] = [];
		const target = join(newTarget(), 'made', 'on the way');
		const before = everythingIn(history.folder);
		const restoring = restoreTo(target, {
			signal: stop.signal,
			metadataFolder: `${target}-metadata`,
			progress: () => {
				// What a kill would leave says what it is.
				inBetween.push(...readdirSync(dirname(target)));
				stop.abort(new Error('stopped'));
			},
		});
		await assert.rejects(restoring, /stopped/);
		assert.ok(inBetween.length > 0);
		assert.ok(
			inBetween.every(name => /^on the way(-metadata)?\.restore-unfinished-[0-9a-f]{8}(\.lock)?$/.test(name)),
		);
		assert.deepEqual(everythingIn(history.folder), before);
	});
});

describe('a damaged backup', () => {
	test('with an object that is gone, or has other bytes, is told, and leaves nothing', async () => {
		const {upstream, mirrorFolder, folder} = history;
		for (let index = 0; index < 5; index += 1) {
			upstream.commit('main', {
				[`${index}.txt`]: createHash('sha256').update(String(index)).digest('hex').repeat(50),
			});
		}

		const {refs} = await history.save();
		// Loose objects can be taken away one by one.
		for (const name of readdirSync(join(mirrorFolder, 'objects/pack')).filter(one => one.endsWith('.pack'))) {
			const path = join(mirrorFolder, 'objects/pack', name);
			const pack = readFileSync(path);
			rmSync(path);
			rmSync(path.replace(/pack$/, 'idx'));
			execFileSync('git', ['--git-dir', mirrorFolder, 'unpack-objects', '-q'], {input: pack});
		}

		const names = readdirSync(folder);
		const blob = runGitIn(mirrorFolder, ['rev-parse', `${refs.refs.get('refs/heads/main')}:4.txt`]);
		const path = join(mirrorFolder, 'objects', blob.slice(0, 2), blob.slice(2));
		const contents = readFileSync(path);
		chmodSync(path, 0o600);
		for (const damage of [
			() => rmSync(path),
			() => writeFileSync(path, contents.subarray(0, 20)),
			() => writeFileSync(path, contents.with(contents.length - 3, (contents.at(-3) ?? 0) ^ 1)),
			// Whole, and something else than its id says.
			() => writeFileSync(path, deflateSync('blob 5\0wrong')),
		]) {
			damage();
			await assert.rejects(restoreTo(newTarget(), {metadataFolder: newTarget()}), {name: 'BackupDamaged'});
			assert.deepEqual(readdirSync(folder), names);
		}

		writeFileSync(path, contents);
		await restoreTo(newTarget());
	});

	test('whose list of refs was made up is told, whatever stands in it', async () => {
		const first = history.upstream.commit('main', {'a.txt': 'a'});
		const {refs} = await history.save();
		for (const [name, id] of [
			['refs/heads/../../config', first],
			['refs/heads/x.lock', first],
			['refs/heads/x\u0001', first],
			['refs/heads/gone', '1'.repeat(40)],
		] as const) {
			const snapshot = {
				...(await history.snapshot()),
				refs: {...refs, refs: new Map([...refs.refs, [name, id]])},
			};
			const target = newTarget();
			await assert.rejects(restoreTo(target, {snapshot}), {name: 'BackupDamaged'});
			assert.equal(existsSync(target), false);
		}

		const snapshot = {...(await history.snapshot()), refs: {...refs, head: 'refs/heads/../../x'}};
		await assert.rejects(restoreTo(newTarget(), {snapshot}), {name: 'BackupDamaged'});
	});

	test('that is only repacked while it is read is read again', async () => {
		const {upstream, mirrorFolder, folder} = history;
		upstream.commit('main', {'a.txt': 'a'});
		const {refs} = await history.save();
		const packs = join(mirrorFolder, 'objects', 'pack');
		const real = (process.env['PATH'] ?? '')
			.split(delimiter)
			.map(part => join(part, 'git'))
			.find(existsSync);
		// Stands in for git: the packs that the first reader has in hand are gone before it is at its end.
		const bin = join(folder, 'bin');
		mkdirSync(bin);
		writeFileSync(
			join(bin, 'git'),
			`#!/bin/sh
case "$*" in *pack-objects*)
	echo again >> ${folder}/readings
	if test ! -e ${folder}/away; then
		mkdir ${folder}/away
		mv ${packs}/* ${folder}/away
		${real} "$@"
		code=$?
		for file in ${folder}/away/*; do cp $file ${packs}/$(basename $file | sed s/^pack-/pack-again-/); done
		exit $code
	fi
esac
exec ${real} "$@"
`,
			{mode: 0o755},
		);
		const path = process.env['PATH'];
		process.env['PATH'] = `${bin}${delimiter}${path}`;
		try {
			const target = newTarget();
			await restoreTo(target);
			assert.deepEqual(refsOf(target), refs);
			assert.equal(fsck(target), '');
		} finally {
			process.env['PATH'] = path;
		}

		assert.equal(readFileSync(join(folder, 'readings'), 'utf8'), 'again\nagain\n');
	});
});
