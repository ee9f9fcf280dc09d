import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {importCommits, writeRefs} from './many-refs.ts';
import {makeSmallWorkspace, type SmallWorkspace, uuidOf} from './small-workspace.ts';
import {refsIn, runGitIn} from './upstream-repository.ts';

describe('a repository with 50,000 refs', () => {
	const count = 50_000;
	/** So many refs have a commit of their own, which no other ref leads to. */
	const own = 1200;
	let workspace: SmallWorkspace;
	let main: string;
	let roots: readonly string[];
	let children: readonly string[];
	const refs = new Map<string, string>();
	const nameOf = (index: number): string => `refs/heads/team-${index % 100}/branch-${index}`;
	const push = (from: number, to: number, idOf: (index: number) => string): void => {
		for (let index = from; index < to; index += 1) {
			refs.set(nameOf(index), idOf(index));
		}

		writeRefs(workspace.web.folder, refs);
	};

	before(async () => {
		workspace = await makeSmallWorkspace();
		workspace.answers.set('/repositories/acme', [{uuid: uuidOf(1), slug: 'web', full_name: 'acme/web'}]);
		main = workspace.web.commit('main', {'readme.md': 'web'});
		workspace.web.git('pack-refs', '--all', '--prune');
		({roots, children} = importCommits(workspace.web.folder, own));
		refs.set('refs/heads/main', main);
		push(0, count - 1, index => roots[index] ?? main);
	});
	after(async () => {
		await workspace.close();
	});

	/** Runs, and sees whether mirror and snapshot hold exactly what upstream has. */
	const run = async (): Promise<string> => {
		const {of} = await workspace.run(['git']);
		const lines = [...refs].sort(([left], [right]) => (left < right ? -1 : 1));
		assert.equal(
			workspace.file('web', 'refs'),
			['ref: refs/heads/main HEAD', ...lines.map(([name, id]) => `${id} ${name}`)].join('\n'),
		);
		assert.equal(refsIn(workspace.mirror('web'), 'refs/mirror').size, refs.size);
		return of('web').status;
	};

	const kept = (): string[] => [...refsIn(workspace.mirror('web'), 'refs/brigade/kept').values()].sort();

	test('is backed up with every one of them, none in a file of its own', async () => {
		assert.equal(refs.size, count);
		assert.equal(await run(), 'backed-up');
		assert.equal(existsSync(join(workspace.mirror('web'), 'refs', 'mirror', 'heads', 'main')), false);
		assert.equal(runGitIn(workspace.mirror('web'), ['fsck', '--connectivity-only', '--no-dangling']), '');
	});

	test('is unchanged when nothing has changed', async () => {
		assert.equal(await run(), 'unchanged');
		assert.deepEqual(kept(), []);
	});

	test('keeps the tips of ten that were force-pushed', async () => {
		push(0, 10, () => main);
		assert.equal(await run(), 'backed-up');
		assert.deepEqual(kept(), roots.slice(0, 10).sort());
	});

	test('keeps the tips of hundreds that were force-pushed, and no pin of hundreds that moved on', async () => {
		push(10, 610, () => main);
		push(610, 1110, index => children[index] ?? main);
		assert.equal(await run(), 'backed-up');
		assert.deepEqual(kept(), roots.slice(0, 610).sort());
	});

	test('keeps every tip when all but one are deleted', async () => {
		refs.clear();
		refs.set('refs/heads/main', main);
		writeRefs(workspace.web.folder, refs);
		assert.equal(await run(), 'backed-up');
		const tips = [...roots.slice(0, 610), ...children.slice(610, 1110), ...roots.slice(1110)];
		assert.deepEqual(kept(), tips.sort());
		assert.equal(workspace.snapshots('web').length, 4);
		const packed = readFileSync(join(workspace.mirror('web'), 'packed-refs'), 'latin1');
		assert.equal(packed.split('\n').filter(line => line.includes(' refs/mirror/')).length, 1);
	});
});
