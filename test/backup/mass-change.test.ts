import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, beforeEach, describe, test} from 'node:test';
import {goneInMasses, heedMassChange} from '../../source/backup/mass-change.ts';
import {changeMirrorNote, type MirrorNote, readMirrorNote} from '../../source/backup/mirror-note.ts';
import {createProblems} from '../../source/backup/problems.ts';
import type {RefList} from '../../source/backup/ref-list.ts';
import {workIn} from './retention/mirror-history.ts';
import {makeUpstream, refsIn, type UpstreamRepository} from './upstream-repository.ts';

const refsNamed = (names: readonly string[]): RefList => ({
	head: 'refs/heads/main',
	refs: new Map(names.map(name => [name, '1'.repeat(40)])),
});

test('refs that are gone in masses', () => {
	const cases: ReadonlyArray<readonly [readonly string[], readonly string[], string | undefined]> = [
		[['a', 'b', 'c', 'd'], ['a', 'b', 'c', 'd'], undefined],
		[['a', 'b', 'c', 'd'], ['a', 'b'], undefined],
		[['a', 'b', 'c', 'd'], ['a'], 'more than half of the refs are gone upstream'],
		[['a', 'b', 'c', 'd'], ['a', 'x', 'y', 'z'], 'more than half of the refs are gone upstream'],
		[['a', 'b', 'c'], ['a'], undefined],
		[['a', 'b'], ['a'], undefined],
		[['a'], ['b'], undefined],
		[['a'], [], 'all refs are gone upstream'],
		[['a', 'b', 'c', 'd'], [], 'all refs are gone upstream'],
		[[], [], undefined],
		[[], ['a', 'b', 'c', 'd'], undefined],
	];
	for (const [past, now, expected] of cases) {
		assert.equal(goneInMasses(refsNamed(past), refsNamed(now)), expected, `${past} → ${now}`);
	}
});

describe('what a repository came to', () => {
	const uuid = '{00000001-1111-4222-8333-444455556666}';
	let folder: string;
	let number = 0;
	/** Stands for upstream and mirror alike: the commits of both lie in it. */
	let repository: UpstreamRepository;
	before(() => {
		folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-mass-'));
	});
	after(() => {
		rmSync(folder, {recursive: true, force: true});
	});
	beforeEach(() => {
		number += 1;
		repository = makeUpstream(join(folder, `r${number}.git`));
	});

	const list = (head = 'refs/heads/main'): RefList => ({head, refs: refsIn(repository.folder)});

	async function heed(
		past: RefList | undefined,
		at = 0,
	): Promise<{frozen: MirrorNote['frozen']; texts: string}> {
		const problems = createProblems();
		await workIn(repository.folder, async mirror =>
			heedMassChange({mirror, uuid, before: past, now: list(list().head), problems, at}),
		);
		assert.deepEqual(problems.incomplete(), []);
		return {frozen: (await readMirrorNote(repository.folder))?.frozen, texts: problems.texts().join()};
	}

	const isCalm = async (past: RefList | undefined): Promise<void> => {
		assert.deepEqual(await heed(past), {frozen: undefined, texts: ''});
	};

	test('by a push: nothing of it', async () => {
		repository.commit('main', {a: '1'});
		const past = list();
		repository.commit('main', {a: '2'});
		await isCalm(past);
		await isCalm(undefined);
	});

	test('by a force-push to its default branch: it is frozen, whether or not another branch still has it', async () => {
		repository.commit('main', {a: '1'});
		repository.git('branch', 'other', 'main');
		const past = list();
		repository.commit('main', {a: '2'}, {orphan: true});
		const {frozen, texts} = await heed(past, Date.parse('2026-01-01T00:00:00Z'));
		assert.deepEqual(frozen, {
			since: '2026-01-01T00:00:00.000Z',
			reason: 'the default branch was rewritten upstream',
		});
		assert.equal(texts, 'the default branch was rewritten upstream; what was there before is kept');
	});

	test('by a force-push to another branch: nothing of it', async () => {
		repository.commit('main', {a: '1'});
		repository.commit('side', {a: '1'});
		const past = list();
		repository.commit('side', {a: '2'}, {orphan: true});
		await isCalm(past);
	});

	test('by a new name of its default branch: nothing of it', async () => {
		repository.commit('master', {a: '1'});
		const past = list('refs/heads/master');
		repository.git('branch', '-m', 'master', 'main');
		repository.commit('main', {a: '2'});
		await isCalm(past);
	});

	test('by another default branch while the old one is there: nothing of it', async () => {
		repository.commit('old', {a: '1'});
		const past = list('refs/heads/old');
		repository.commit('main', {a: '2'}, {orphan: true});
		await isCalm(past);
	});

	test('by the loss of its default branch: it is frozen', async () => {
		repository.commit('master', {a: '1'});
		repository.commit('main', {a: '2'}, {orphan: true});
		const past = list('refs/heads/master');
		repository.git('update-ref', '-d', 'refs/heads/master');
		assert.match((await heed(past)).frozen?.reason ?? '', /rewritten/);
	});

	test('one after the other: the first time and all reasons are kept', async () => {
		repository.commit('main', {a: '1'});
		const past = list();
		repository.commit('main', {a: '2'}, {orphan: true});
		await heed(past, 0);
		const then = list();
		repository.commit('main', {a: '3'}, {orphan: true});
		await heed(then, 1000);
		repository.git('update-ref', '-d', 'refs/heads/main');
		const {frozen} = await heed(then, 2000);
		assert.deepEqual(frozen, {
			since: '1970-01-01T00:00:00.000Z',
			reason: 'the default branch was rewritten upstream; then all refs are gone upstream',
		});
		await changeMirrorNote(repository.folder, uuid, {frozen: undefined});
		await isCalm(list());
	});

	test('when the mirror is damaged, so that nobody can tell: it is frozen', async () => {
		repository.commit('main', {a: '1'});
		const past = {head: 'refs/heads/main', refs: new Map([['refs/heads/main', '1'.repeat(40)]])};
		assert.match((await heed(past)).frozen?.reason ?? '', /rewritten/);
	});
});
