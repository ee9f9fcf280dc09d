import assert from 'node:assert/strict';
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {describe, test} from 'node:test';
import {PlanSchema} from '../../../source/model/plan.ts';
import {runGitIn} from '../upstream-repository.ts';
import {keepMoving, oidOf, pointerText} from './lfs-upstream.ts';
import {codeOf as code, openLfsWorkspace} from './lfs-workspace.ts';

const {workspace, lfs, pathOf, isHere, run, listed} = openLfsWorkspace();

describe('the history that is searched', () => {
	test('is also what a plan without LFS has fetched in between', async () => {
		const first = lfs().keep('first');
		workspace().web.commit('main', {'a.bin': first.pointer});
		await run('git', 'lfs');
		const second = lfs().keep('second');
		workspace().web.commit('main', {'a.bin': second.pointer});
		await run('git');
		assert.equal(isHere(second.oid), false);
		await run('git', 'lfs');
		assert.ok(isHere(second.oid), 'although nothing has changed since');

		const third = lfs().keep('third');
		workspace().web.commit('main', {'a.bin': third.pointer});
		await run('git');
		workspace().web.commit('main', {'b.txt': 'text'});
		await run('git');
		workspace().web.commit('main', {'c.txt': 'text'});
		await run('git', 'lfs');
		assert.ok(isHere(third.oid));
	});

	test('what was missing stays wanted, although a plan without LFS came in between', async () => {
		const lost = lfs().keep('lost');
		workspace().web.commit('main', {'a.bin': lost.pointer});
		const {describe: link} = lfs();
		lfs().describe = code(404);
		assert.equal((await run('git', 'lfs')).status, 'partial');
		workspace().web.commit('main', {'b.txt': 'text'});
		await run('git');
		lfs().describe = link;
		await run('git', 'lfs');
		assert.ok(isHere(lost.oid));
	});

	test('is also what upstream lost before the plan wanted LFS', async () => {
		const gone = lfs().keep('gone by a force-push');
		workspace().web.commit('main', {'a.bin': gone.pointer});
		await run('git');
		workspace().web.commit('main', {'b.txt': 'text'}, {orphan: true});
		await run('git');
		await run('git', 'lfs');
		assert.ok(isHere(gone.oid));
		assert.deepEqual(listed(), [{oid: gone.oid, size: 20}]);
	});

	test('is also what a killed run fetched and upstream lost before the next', async () => {
		workspace().web.commit('main', {'a.txt': 'text'});
		await run('git', 'lfs');
		const unseen = lfs().keep('fetched by a run that made no snapshot');
		const tip = workspace().web.commit('main', {'a.bin': unseen.pointer});
		runGitIn(workspace().mirror('web'), [
			'fetch',
			'--quiet',
			workspace().web.folder,
			'+refs/heads/*:refs/mirror/heads/*',
		]);
		workspace().web.commit('main', {'c.txt': 'other'}, {orphan: true});
		await run('git', 'lfs');
		assert.ok(isHere(unseen.oid), tip);
	});

	test('objects stay listed, and wanted, when a force-push takes their history away', async () => {
		const kept = lfs().keep('kept');
		const lost = lfs().keep('lost');
		workspace().web.commit('main', {'a.bin': kept.pointer, 'b.bin': lost.pointer});
		const {describe: link} = lfs();
		lfs().describe = object => (object.oid === lost.oid ? code(404)(object) : link(object));
		await run();
		workspace().web.commit('main', {'c.txt': 'other'}, {orphan: true});
		assert.equal((await run()).status, 'partial');
		assert.deepEqual(
			listed().map(({oid}) => oid),
			[kept.oid, lost.oid].sort(),
		);
		assert.ok(isHere(kept.oid));
		lfs().describe = link;
		assert.equal((await run()).status, 'backed-up', 'and fetched as soon as it is there');
		assert.ok(isHere(lost.oid));
	});

	test('is searched anew where the last snapshot is lost', async () => {
		const first = lfs().keep('first');
		workspace().web.commit('main', {'a.bin': first.pointer});
		await run();
		const second = lfs().keep('second');
		workspace().web.commit('main', {'a.bin': second.pointer});
		await run();
		const mirror = workspace().mirror('web');
		runGitIn(mirror, ['update-ref', '-d', `refs/brigade/snapshots/${workspace().snapshots('web').at(-1)}`]);
		rmSync(pathOf(second.oid));
		await run();
		assert.ok(isHere(second.oid));
		assert.equal(listed().length, 2);
	});

	test('and where the list of the last one cannot be read', async () => {
		const first = lfs().keep('first');
		workspace().web.commit('main', {'a.bin': first.pointer});
		await run();
		const [snapshot] = workspace().snapshots('web');
		const mirror = workspace().mirror('web');
		const blob = runGitIn(mirror, ['rev-parse', `refs/brigade/snapshots/${snapshot}:lfs.json`]);
		const tree = runGitIn(mirror, ['ls-tree', `refs/brigade/snapshots/${snapshot}`]).replace(
			blob,
			runGitIn(mirror, ['hash-object', '-w', '--stdin'], 'no list'),
		);
		const commit = runGitIn(mirror, [
			'commit-tree',
			'-m',
			'damaged',
			runGitIn(mirror, ['mktree'], `${tree}\n`),
		]);
		runGitIn(mirror, ['update-ref', `refs/brigade/snapshots/${snapshot}`, commit]);
		const second = lfs().keep('second');
		workspace().web.commit('main', {'b.bin': second.pointer});
		await run();
		assert.deepEqual(
			listed()
				.map(({oid}) => oid)
				.sort(),
			[first.oid, second.oid].sort(),
		);
	});

	test('where objects of it are missing, the mirror is repaired, and it is searched in the same run', async () => {
		const first = lfs().keep('first');
		const hidden = lfs().keep('hidden');
		workspace().web.commit('main', {'a.bin': first.pointer});
		await run();
		const tip = workspace().web.commit('main', {'a.bin': hidden.pointer});
		await run('git');
		const mirror = workspace().mirror('web');
		const tree = runGitIn(mirror, ['rev-parse', `${tip}^{tree}`]);
		hideObject(mirror, tree);
		const {status, problems} = await run('git', 'lfs');
		assert.equal(status, 'backed-up', problems.join('\n'));
		assert.match(problems[0] ?? '', /^the backup on disk was damaged, and was repaired: /);
		assert.deepEqual(
			listed()
				.map(({oid}) => oid)
				.sort(),
			[first.oid, hidden.oid].sort(),
		);
		assert.ok(isHere(hidden.oid));
	});
});

test('what only forgotten history pointed to goes with the next full pass, no byte of it sooner', async () => {
	const old = lfs().keep('an object that is thrown away');
	const kept = lfs().keep('an object that stays');
	workspace().web.commit('main', {'a.bin': kept.pointer});
	workspace().web.commit('side', {'b.bin': old.pointer});
	const day = 86_400_000;
	const plan = PlanSchema.parse({
		name: 'nightly',
		organization: 'acme',
		data: ['git', 'lfs'],
		keep: {last: 1},
		cycles: {fullPass: '28d', verify: 'never'},
	});
	const backUp = async () => {
		workspace().clock.jump(day);
		return (await keepMoving(workspace(), workspace().run(['git', 'lfs'], {plan}))).of('web');
	};

	await backUp();
	workspace().web.commit('side', {'b.bin': 'text'}, {orphan: true});
	await backUp();
	assert.equal(workspace().snapshots('web').length, 1);
	assert.equal(listed().length, 2, 'the last search saw only what was new');
	workspace().clock.jump(40 * day);
	assert.equal((await backUp()).status, 'backed-up');
	assert.deepEqual(
		listed().map(({oid}) => oid),
		[kept.oid],
	);
	assert.equal((await backUp()).status, 'unchanged');
	assert.ok(isHere(kept.oid));
	assert.equal(existsSync(pathOf(old.oid)), false);
});

describe('pointers that contradict each other', () => {
	const right = Buffer.from('twelve bytes');
	const oid = oidOf(right);

	for (const [name, sizes] of [
		['the wrong one comes first', [12, 5]],
		['the right one comes first', [5, 12]],
		['several are wrong', [12, 1, 99_999_999]],
	] as const) {
		for (const isStrict of [true, false]) {
			test(`cost no object: ${name}, and the server ${isStrict ? 'minds' : 'does not mind'}`, async () => {
				lfs().contents.set(oid, right);
				// The newest commit is seen first.
				for (const [index, size] of sizes.entries()) {
					workspace().web.commit('main', {[`${index}.bin`]: pointerText(oid, size)});
				}

				const {describe: link} = lfs();
				lfs().describe = object => (isStrict && object.size !== 12 ? code(422)(object) : link(object));
				const {status, problems} = await run();
				assert.deepEqual([status, problems], ['backed-up', []]);
				assert.ok(isHere(oid));
				assert.deepEqual(listed(), [{oid, size: 12}]);
			});
		}
	}

	test('stay in the list, each of them, as long as nobody has the object', async () => {
		workspace().web.commit('main', {'a.bin': pointerText(oid, 12)});
		workspace().web.commit('main', {'b.bin': pointerText(oid, 5)});
		const {describe: link} = lfs();
		lfs().describe = code(404);
		assert.equal((await run()).status, 'partial');
		assert.deepEqual(listed(), [
			{oid, size: 5},
			{oid, size: 12},
		]);
		lfs().contents.set(oid, right);
		lfs().describe = link;
		assert.equal((await run()).status, 'backed-up');
		assert.deepEqual(listed(), [{oid, size: 12}]);
	});
});

/** Takes an object out of a repository. */
function hideObject(folder: string, id: string): {putBack: () => void} {
	const packs = join(folder, 'objects', 'pack');
	const aside = join(folder, 'aside');
	mkdirSync(aside);
	for (const name of readdirSync(packs).filter(one => one.endsWith('.pack'))) {
		const bytes = readFileSync(join(packs, name));
		for (const part of [name, name.replace('.pack', '.idx'), name.replace('.pack', '.rev')]) {
			rmSync(join(packs, part), {force: true});
		}

		runGitIn(folder, ['unpack-objects', '-q'], bytes);
	}

	const path = join(folder, 'objects', id.slice(0, 2), id.slice(2));
	const contents = readFileSync(path);
	rmSync(path);
	return {
		putBack: () => {
			mkdirSync(dirname(path), {recursive: true});
			writeFileSync(path, contents);
		},
	};
}
