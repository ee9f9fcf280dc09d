import assert from 'node:assert/strict';
import {readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {makeSmallWorkspace, type SmallWorkspace, uuidOf} from './small-workspace.ts';
import {readGitIn, refsIn, runGitIn} from './upstream-repository.ts';

let workspace: SmallWorkspace;
beforeEach(async () => {
	workspace = await makeSmallWorkspace();
	workspace.answers.set('/repositories/acme', [{uuid: uuidOf(1), slug: 'web', full_name: 'acme/web'}]);
});
afterEach(async () => {
	await workspace.close();
});

/** The file `refs` of the newest snapshot, as a byte string. */
function listed(): string[] {
	const snapshot = workspace.snapshots('web').at(-1);
	const file = readGitIn(workspace.mirror('web'), [
		'cat-file',
		'blob',
		`refs/brigade/snapshots/${snapshot}:refs`,
	]);
	return file.toString('latin1').split('\n').slice(0, -1);
}

/** What upstream has, in the same form. */
const upstreamRefs = (): string[] =>
	readGitIn(workspace.web.folder, ['for-each-ref', '--sort=refname', '--format=%(objectname) %(refname)'])
		.toString('latin1')
		.split('\n')
		.slice(0, -1);

/** Gives upstream these refs and no others; `main` stands at its commit, all others at another object. */
function setUpstreamRefs(main: string, names: readonly string[], target: string): void {
	const lines = ['refs/heads/main', ...names]
		.sort()
		.map(name => `${name === 'refs/heads/main' ? main : target} ${name}\n`);
	writeFileSync(join(workspace.web.folder, 'packed-refs'), Buffer.from(lines.join(''), 'latin1'));
	assert.equal(upstreamRefs().length, names.length + 1, 'git takes them all');
}

describe('refs of whatever names git lets through', () => {
	const bytes = (text: string): string => Buffer.from(text).toString('latin1');
	const strange = [
		'refs/heads/HEAD',
		'refs/heads/@',
		'refs/heads/-x',
		'refs/heads/--upload-pack=evil',
		'refs/heads/refs/heads/main',
		'refs/heads/feature',
		'refs/heads/Feature',
		'refs/heads/FEATURE',
		'refs/tags/feature',
		'refs/tags/main',
		'refs/heads/$(touch$IFSevil);`x`|&<>\'"!#%()+,=',
		bytes('refs/heads/ünï✨'),
		// The same letter, once composed and once not.
		bytes('refs/heads/\u00e9'),
		bytes('refs/heads/e\u0301'),
		// Turns text around, colours it, and is no UTF-8 at all.
		bytes('refs/heads/\u202egnp.exe'),
		bytes('refs/heads/\u009b31mred'),
		'refs/heads/\x9b31m',
		'refs/heads/\xff\xfe\x80',
		`refs/heads/${'x'.repeat(250)}`,
		`refs/heads/${Array.from({length: 100}, () => 'a').join('/')}`,
		`refs/heads/${Array.from({length: 12}, () => 'y'.repeat(250)).join('/')}`,
		// What our own refs are called.
		'refs/brigade/draft',
		'refs/brigade/snapshots/20990101T000000.000Z',
		'refs/mirror/heads/main',
		'refs/notes/commits',
		'refs/one-level',
	];

	/** With these git itself could not work one by one. */
	const tooLong = [`refs/heads/${'x'.repeat(251)}`, `refs/tags/${'x'.repeat(300)}`, 'refs/heads/short'];
	const tooDeep = [`refs/heads/${Array.from({length: 16}, () => 'y'.repeat(250)).join('/')}`];

	for (const [text, names] of [
		['strange ones', strange],
		['ones that are too long for a file', tooLong],
		['one that is too long for a path', tooDeep],
	] as const) {
		test(`${text}: are listed byte for byte; unchanged they stay unchanged, lost they are kept`, async () => {
			const {web} = workspace;
			const main = web.commit('main', {'readme.md': 'web'});
			const lost = web.commit('lost', {'readme.md': 'lost'}, {orphan: true});
			const other = web.commit('other', {'readme.md': 'other'}, {orphan: true});
			web.git('pack-refs', '--all', '--prune');
			setUpstreamRefs(main, names, lost);
			const first = await workspace.run(['git']);
			assert.deepEqual(first.outcome.problems, []);
			assert.equal(first.of('web').status, 'backed-up');
			assert.deepEqual(listed(), ['ref: refs/heads/main HEAD', ...upstreamRefs()]);
			assert.equal(workspace.snapshots('web').length, 1, 'none of them is taken for one of ours');
			assert.equal((await workspace.run(['git'])).of('web').status, 'unchanged');

			setUpstreamRefs(main, names, other);
			assert.equal((await workspace.run(['git'])).of('web').status, 'backed-up');
			assert.deepEqual(listed(), ['ref: refs/heads/main HEAD', ...upstreamRefs()]);
			setUpstreamRefs(main, [], other);
			assert.equal((await workspace.run(['git'])).of('web').status, 'backed-up');
			assert.deepEqual(listed(), ['ref: refs/heads/main HEAD', `${main} refs/heads/main`]);

			const kept = refsIn(workspace.mirror('web'), 'refs/brigade/kept');
			assert.deepEqual([...kept.values()].sort(), [lost, other].sort());
			assert.deepEqual([...refsIn(workspace.mirror('web'), 'refs/mirror').values()], [main]);
			assert.equal(runGitIn(workspace.mirror('web'), ['fsck', '--full', '--strict', '--no-dangling']), '');
			assert.ok(!readdirSync('.').includes('evil') && !readdirSync(workspace.folder).includes('evil'));
		});
	}
});

describe('HEAD', () => {
	for (const [text, prepare, head] of [
		['of an empty repository', () => undefined, []],
		[
			'that points to another branch than main',
			() => {
				workspace.web.commit('develop', {'a.txt': 'a'});
				workspace.web.git('symbolic-ref', 'HEAD', 'refs/heads/develop');
			},
			['ref: refs/heads/develop HEAD'],
		],
		[
			'that is detached',
			() => {
				const id = workspace.web.commit('main', {'a.txt': 'a'});
				workspace.web.commit('main', {'a.txt': 'b'});
				writeFileSync(join(workspace.web.folder, 'HEAD'), `${id}\n`);
			},
			'detached',
		],
		[
			'that points to a branch which does not exist',
			() => {
				workspace.web.commit('main', {'a.txt': 'a'});
				workspace.web.git('symbolic-ref', 'HEAD', 'refs/heads/nowhere');
			},
			[],
		],
		[
			'that points to a branch whose name is no UTF-8',
			() => {
				const id = workspace.web.commit('main', {'a.txt': 'a'});
				writeFileSync(
					join(workspace.web.folder, 'packed-refs'),
					Buffer.from(`${id} refs/heads/\xff\n`, 'latin1'),
				);
				writeFileSync(join(workspace.web.folder, 'HEAD'), Buffer.from('ref: refs/heads/\xff\n', 'latin1'));
			},
			['ref: refs/heads/\xff HEAD'],
		],
	] as const) {
		test(`${text} stands in the snapshot as it is; the next run finds nothing new`, async () => {
			prepare();
			const first = await workspace.run(['git']);
			assert.equal(first.of('web').status, 'backed-up');
			assert.deepEqual(first.outcome.problems, []);
			const expected = head === 'detached' ? [`${workspace.web.git('rev-parse', 'HEAD')} HEAD`] : head;
			assert.deepEqual(listed(), [...expected, ...upstreamRefs()]);
			const second = await workspace.run(['git']);
			assert.equal(second.of('web').status, 'unchanged');
			assert.equal(second.outcome.status, 'succeeded');
		});
	}

	test('that moves to another branch makes a new snapshot', async () => {
		workspace.web.commit('main', {'a.txt': 'a'});
		workspace.web.commit('develop', {'a.txt': 'a'});
		await workspace.run(['git']);
		workspace.web.git('symbolic-ref', 'HEAD', 'refs/heads/develop');
		assert.equal((await workspace.run(['git'])).of('web').status, 'backed-up');
		assert.equal(listed()[0], 'ref: refs/heads/develop HEAD');
		assert.equal(workspace.snapshots('web').length, 2);
	});
});
