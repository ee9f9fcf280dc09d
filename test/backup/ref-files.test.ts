import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, beforeEach, describe, test} from 'node:test';
import fc from 'fast-check';
import {DamagedRefs, readRefFiles} from '../../source/backup/ref-files.ts';
import {isRefName} from '../../source/backup/ref-name.ts';
import {changeRefs, foldRefs} from '../../source/backup/write-refs.ts';
import {makeUpstream, refsIn, runGitIn, type UpstreamRepository} from './upstream-repository.ts';

let folder: string;
let repository: UpstreamRepository;
let number = 0;
before(() => {
	folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-refs-'));
});
after(() => {
	rmSync(folder, {recursive: true, force: true});
});
beforeEach(() => {
	number += 1;
	repository = makeUpstream(join(folder, `r${number}.git`));
});

/** What is read of it here, as git's own list has it. */
async function read(): Promise<Map<string, string>> {
	const stored = await readRefFiles(repository.folder);
	return new Map(
		[...stored].flatMap(([name, {id}]) =>
			id === undefined ? [] : [[Buffer.from(name, 'latin1').toString(), id] as const],
		),
	);
}

describe('names of refs', () => {
	test('are what git itself takes', () => {
		const parts = fc.constantFrom(
			...[
				'a',
				'b.c',
				'.d',
				'e.lock',
				'',
				'..',
				'f~1',
				'g^',
				'h:i',
				'j?',
				'k*',
				'l[',
				'\\',
				'm n',
				'@',
				'@{',
				'-x',
			],
			...['ü', '\x01', '\x7f', 'o.', 'lock', '.lock', 'HEAD', 'a@{b', '@@'],
		);
		const judge = (name: string): boolean =>
			spawnSync('git', ['check-ref-format', name], {encoding: 'latin1'}).status === 0;
		fc.assert(
			fc.property(fc.array(parts, {minLength: 1, maxLength: 3}), names => {
				const name = `refs/${names.join('/')}`;
				assert.equal(isRefName(name), judge(name), name);
			}),
			{numRuns: 150},
		);
	});

	test('have to stand below refs', () => {
		for (const name of ['HEAD', 'heads/main', 'refs', 'refs/', 'objects/pack']) {
			assert.equal(isRefName(name), false, name);
		}
	});
});

describe('refs of a mirror', () => {
	test('are read as git reads them: packed, in files of their own, in both, through other names', async () => {
		const first = repository.commit('main', {a: '1'});
		repository.git('tag', '-a', '-m', 'one', 'v1', first);
		repository.git('update-ref', 'refs/heads/old', first);
		repository.git('pack-refs', '--all');
		const second = repository.commit('main', {a: '2'});
		repository.git('update-ref', 'refs/mirror/heads/größe/x', second);
		repository.git('symbolic-ref', 'refs/brigade/draft', 'refs/heads/old');
		assert.deepEqual(await read(), repository.refs());
		const stored = await readRefFiles(repository.folder);
		assert.deepEqual(stored.get('refs/brigade/draft'), {id: first, isLoose: true, isSymbolic: true});
		assert.equal(stored.get('refs/heads/main')?.id, second);
	});

	test('that git cannot read have no id; names that lead in a circle neither', async () => {
		repository.commit('main', {a: '1'});
		mkdirSync(join(repository.folder, 'refs/brigade'), {recursive: true});
		writeFileSync(join(repository.folder, 'refs/brigade/broken'), 'nonsense');
		writeFileSync(join(repository.folder, 'refs/brigade/circle'), 'ref: refs/brigade/circle\n');
		const stored = await readRefFiles(repository.folder);
		assert.equal(stored.get('refs/brigade/broken')?.id, undefined);
		assert.equal(stored.get('refs/brigade/circle')?.id, undefined);
	});

	test('in a damaged list are an error, not fewer refs', async () => {
		const id = repository.commit('main', {a: '1'});
		repository.git('pack-refs', '--all');
		for (const damage of [`${id} refs/heads/cut`, `${id.slice(1)} refs/heads/main\n`, 'x\n']) {
			writeFileSync(join(repository.folder, 'packed-refs'), damage);
			await assert.rejects(readRefFiles(repository.folder), DamagedRefs);
		}
	});

	test('are changed all at once, also a branch that becomes a folder; git finds them so', async () => {
		const id = repository.commit('main', {a: '1'});
		repository.git('update-ref', 'refs/mirror/heads/a', id);
		repository.git('update-ref', 'refs/mirror/heads/b', id);
		await changeRefs(
			repository.folder,
			new Map([
				['refs/mirror/heads/a', undefined],
				['refs/mirror/heads/a/b', id],
				['refs/brigade/kept/x', id],
				['refs/mirror/heads/\xfc-latin', id],
			]),
		);
		assert.equal(repository.refs().size, 5);
		assert.ok(repository.refs().has('refs/mirror/heads/a/b'));
		assert.ok(repository.refs().has('refs/mirror/heads/b'));
		assert.ok(!repository.refs().has('refs/mirror/heads/a'));
		assert.ok(!existsSync(join(repository.folder, 'refs/mirror/heads/b')), 'ours are folded into the list');
		// Git goes on from there: an annotated tag is peeled, a ref is changed and deleted.
		repository.git('tag', '-a', '-m', 'one', 'v1', id);
		repository.git('update-ref', '-d', 'refs/mirror/heads/a/b');
		repository.git('update-ref', 'refs/mirror/heads/a', id);
		assert.equal(repository.git('fsck', '--no-dangling'), '');
	});

	test('that are nobody’s here stay as they are written', async () => {
		const id = repository.commit('main', {a: '1'});
		repository.git('symbolic-ref', 'refs/brigade/other', 'refs/heads/main');
		const before = repository.refs();
		await changeRefs(repository.folder, new Map([['refs/mirror/heads/main', id]]));
		assert.deepEqual(repository.refs(), new Map([...before, ['refs/mirror/heads/main', id]].sort() as never));
		assert.equal(readFileSync(join(repository.folder, 'refs/heads/main'), 'utf8'), `${id}\n`);
		assert.equal(
			readFileSync(join(repository.folder, 'refs/brigade/other'), 'utf8'),
			'ref: refs/heads/main\n',
		);
	});

	test('are as git has them after any changes', async () => {
		const id = repository.commit('main', {a: '1'});
		const other = repository.commit('side', {a: '2'});
		const names = [
			'refs/mirror/heads/a',
			'refs/mirror/heads/a-b',
			'refs/mirror/heads/a.b',
			'refs/mirror/tags/Z',
		];
		const change = fc.record({
			name: fc.constantFrom(...names),
			id: fc.constantFrom(id, other, undefined),
			byGit: fc.boolean(),
		});
		await fc.assert(
			fc.asyncProperty(fc.array(change, {maxLength: 8}), async changes => {
				const expected = new Map<string, string>();
				await changeRefs(repository.folder, new Map(names.map(name => [name, undefined])));
				for (const one of changes) {
					if (one.id === undefined) {
						expected.delete(one.name);
					} else {
						expected.set(one.name, one.id);
					}

					if (one.byGit) {
						repository.git('update-ref', ...(one.id === undefined ? ['-d', one.name] : [one.name, one.id]));
					} else {
						await changeRefs(repository.folder, new Map([[one.name, one.id]]));
					}
				}

				assert.deepEqual(refsIn(repository.folder, 'refs/mirror'), new Map([...expected].sort()));
				const own = [...(await read())].filter(([name]) => name.startsWith('refs/mirror/'));
				assert.deepEqual(own, [...expected].sort());
			}),
			{numRuns: 15},
		);
	});

	test('are not changed while git changes them', async () => {
		const id = repository.commit('main', {a: '1'});
		writeFileSync(join(repository.folder, 'packed-refs.lock'), '');
		await assert.rejects(changeRefs(repository.folder, new Map([['refs/mirror/heads/main', id]])), /EEXIST/);
		assert.ok(existsSync(join(repository.folder, 'packed-refs.lock')), 'the lock is somebody else’s');
	});

	test('that have files of their own are folded into the list once they are many', async () => {
		const id = repository.commit('main', {a: '1'});
		const isLoose = (name: string): boolean => existsSync(join(repository.folder, name));
		for (let index = 0; index < 20; index += 1) {
			repository.git('update-ref', `refs/brigade/snapshots/${index}`, id);
			await foldRefs(repository.folder);
		}

		assert.ok(isLoose('refs/brigade/snapshots/19'));
		assert.ok(!isLoose('refs/brigade/snapshots/3'));
		assert.equal(refsIn(repository.folder, 'refs/brigade').size, 20);
	});

	test('by the ten thousand take one file', async () => {
		const id = repository.commit('main', {a: '1'});
		const many = Array.from(
			{length: 10_000},
			(_, index) => [`refs/mirror/heads/branch-${index}`, id] as const,
		);
		await changeRefs(repository.folder, new Map(many));
		const count = execFileSync('git', ['-C', repository.folder, 'for-each-ref', 'refs/mirror'], {
			maxBuffer: 1e8,
		});
		assert.equal(count.toString().split('\n').length, 10_001);
		assert.equal(runGitIn(repository.folder, ['rev-parse', 'refs/mirror/heads/branch-9999']), id);
	});
});
