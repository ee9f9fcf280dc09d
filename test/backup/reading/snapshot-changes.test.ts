import assert from 'node:assert/strict';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {changesText} from '../../../source/actions/changes-text.ts';
import {type ChangedPath, parseRawDiff} from '../../../source/backup/reading/changed-paths.ts';
import {parseRefsDiff} from '../../../source/backup/reading/changed-refs.ts';
import {describeChanges} from '../../../source/backup/reading/describe-changes.ts';
import {findForwardMoves} from '../../../source/backup/reading/forward-moves.ts';
import {readChanges} from '../../../source/backup/reading/read-changes.ts';
import {diffSnapshots, isNothing} from '../../../source/backup/reading/snapshot-changes.ts';
import type {RefList} from '../../../source/backup/ref-list.ts';
import {type SavedHistory, startSavedHistory} from '../restore/saved-history.ts';

const refs = (head: string | undefined, all: Readonly<Record<string, string>>): RefList => ({
	head,
	refs: new Map(Object.entries(all)),
});

const path = (name: string, status: ChangedPath['status']): ChangedPath => ({
	path: name,
	status,
	before: status === 'added' ? undefined : '1',
	after: status === 'removed' ? undefined : '2',
});

describe('two lists of refs', () => {
	test('are told apart by kind, and by what became of each', () => {
		const changes = diffSnapshots({
			before: refs('refs/heads/main', {
				'refs/heads/gone': 'a',
				'refs/heads/main': 'a',
				'refs/heads/old': 'a',
				'refs/heads/same': 'a',
				'refs/notes/commits': 'a',
				'refs/tags/v1': 'a',
			}),
			after: refs('refs/heads/develop', {
				'refs/heads/develop': 'b',
				'refs/heads/main': 'b',
				'refs/heads/old': 'c',
				'refs/heads/same': 'a',
				'refs/notes/commits': 'b',
				'refs/tags/v1': 'b',
				'refs/tags/v2': 'b',
			}),
			paths: [path('refs', 'changed'), path('snapshot.json', 'changed')],
			isForward: (before, after) => before === 'a' && after === 'b',
		});
		assert.deepEqual(changes.head, {before: 'refs/heads/main', after: 'refs/heads/develop'});
		assert.deepEqual(changes.branches, {
			added: [{name: 'refs/heads/develop', id: 'b'}],
			moved: [
				{name: 'refs/heads/main', before: 'a', after: 'b', isForward: true},
				{name: 'refs/heads/old', before: 'a', after: 'c', isForward: false},
			],
			removed: [{name: 'refs/heads/gone', id: 'a'}],
		});
		assert.deepEqual(
			changes.tags.added.map(({name}) => name),
			['refs/tags/v2'],
		);
		assert.deepEqual(
			changes.otherRefs.moved.map(({name}) => name),
			['refs/notes/commits'],
		);
		assert.deepEqual(changes.files, []);
		assert.equal(isNothing(changes), false);
	});
});

describe('files of two snapshots', () => {
	const diff = (...paths: ChangedPath[]) =>
		diffSnapshots({before: undefined, after: undefined, paths, isForward: () => undefined});

	test('of a pull request are one change of it', () => {
		const changes = diff(
			path('pull-requests/7/comments.json', 'changed'),
			path('pull-requests/7/pull-request.json', 'changed'),
			path('pull-requests/41/comments.json', 'added'),
			path('pull-requests/41/pull-request.json', 'added'),
			path('pull-requests/9/patch', 'added'),
			path('pull-requests/3/pull-request.json', 'removed'),
			path('pull-requests/3/tasks.json', 'removed'),
			path('pipelines/12/pipeline.json', 'added'),
			path('pipelines/12/logs/1.log', 'added'),
			path('settings/hooks.json', 'changed'),
			path('downloads.json', 'added'),
		);
		assert.deepEqual(changes.pullRequests, {added: [41], updated: [7, 9], removed: [3]});
		assert.deepEqual(changes.pipelines, {added: [12], updated: [], removed: []});
		assert.deepEqual(changes.files, [
			{path: 'downloads.json', status: 'added'},
			{path: 'settings/hooks.json', status: 'changed'},
		]);
	});

	test('that say only what could be read are no change', () => {
		const changes = diff(path('snapshot.json', 'changed'));
		assert.ok(isNothing(changes));
		assert.equal(changesText(changes), 'the same data, only what could not be read differs');
	});

	test('are read from what git prints, also names with a line break or a blank', () => {
		const id = (digit: string): string => digit.repeat(40);
		const output = `${id('a')}\0:100644 100644 ${id('1')} ${id('2')} M\0one\0:000000 100644 ${id('0')} ${id('3')} A\0two words\n\0${id('b')}\0:100644 000000 ${id('4')} ${id('0')} D\0${id('c')}\0`;
		assert.deepEqual(
			[...parseRawDiff(Buffer.from(output))],
			[
				[
					id('a'),
					[
						{path: 'one', status: 'changed', before: id('1'), after: id('2')},
						{path: 'two words\n', status: 'added', before: undefined, after: id('3')},
					],
				],
				// A file may be called like a commit.
				[id('b'), [{path: id('c'), status: 'removed', before: id('4'), after: undefined}]],
			],
		);
	});
});

describe('lists of refs that git compared', () => {
	test('hold the lines that differ, and only those of the lists', () => {
		const id = (digit: string): string => digit.repeat(40);
		const output = [
			id('a'),
			'diff --git a/refs b/refs',
			`index ${id('1')}..${id('2')} 100644`,
			'--- a/refs',
			'+++ b/refs',
			'@@ -1,2 +1 @@ ref: refs/heads/main HEAD',
			'-ref: refs/heads/main HEAD',
			`-${id('3')} refs/heads/caf\xe9`,
			'+ref: refs/heads/x HEAD',
			`+${id('4')} refs/heads/caf\xe9`,
			'\\ No newline at end of file',
			id('b'),
			'diff --git a/refs b/refs',
			'+++ b/refs',
			`+${id('5')} HEAD`,
			'',
		].join('\n');
		assert.deepEqual(
			[...parseRefsDiff(Buffer.from(output, 'latin1'))],
			[
				[
					id('a'),
					{
						before: refs('refs/heads/main', {'refs/heads/caf\xe9': id('3')}),
						after: refs('refs/heads/x', {'refs/heads/caf\xe9': id('4')}),
					},
				],
				[id('b'), {before: refs(undefined, {}), after: refs(id('5'), {})}],
			],
		);
	});
});

describe('snapshots of a repository', () => {
	let history: SavedHistory;
	beforeEach(async () => {
		history = await startSavedHistory();
	});
	afterEach(async () => {
		await history.close();
	});

	async function changesOf(ids: readonly string[]) {
		const mirror = await history.reader();
		const commits = await Promise.all(ids.map(async id => (await history.snapshot(id)).commit));
		const pairs = commits.slice(1).map((after, index) => ({before: commits[index] ?? '', after}));
		return {mirror, pairs, changes: await readChanges(mirror, pairs)};
	}

	test('tell a branch that went on from one that was rewritten', async () => {
		const {upstream} = history;
		const first = upstream.commit('main', {'a.txt': 'a'});
		upstream.commit('ahead', {'b.txt': 'b'});
		upstream.commit('rewritten', {'c.txt': 'c'});
		upstream.git('update-ref', 'refs/heads/behind', first);
		const one = await history.save();
		upstream.commit('main', {'a.txt': 'b'});
		upstream.commit('main', {'a.txt': 'c'});
		upstream.commit('rewritten', {'c.txt': 'd'}, {orphan: true});
		// To where another branch stood before: nothing of it is new.
		upstream.git('update-ref', 'refs/heads/behind', 'refs/heads/main');
		upstream.git('update-ref', 'refs/heads/ahead', first);
		const two = await history.save();
		upstream.git('update-ref', 'refs/heads/behind', first);
		const three = await history.save();

		const {changes} = await changesOf([one.id, two.id, three.id]);
		assert.deepEqual(
			changes.map(({branches}) => branches.moved.map(({name, isForward}) => [name, isForward])),
			[
				[
					['refs/heads/ahead', false],
					['refs/heads/behind', true],
					['refs/heads/main', true],
					['refs/heads/rewritten', false],
				],
				[['refs/heads/behind', false]],
			],
		);
		assert.equal(
			changesText(changes[0] ?? assert.fail()),
			'2 branches moved (behind, main), 2 branches force-pushed (ahead, rewritten)',
		);
	});

	test('say nothing of moves that are too many to be asked about', async () => {
		const {upstream} = history;
		const tips = ['a', 'b', 'c'].map(name => ({
			before: upstream.commit(name, {'a.txt': name}),
			after: upstream.commit(name, {'a.txt': `${name} again`}, {orphan: true}),
		}));
		const kept = tips.map(({before}, index) =>
			upstream.git('update-ref', `refs/heads/kept-${index}`, before),
		);
		assert.equal(kept.length, 3);
		await history.save();
		const isForward = await findForwardMoves(await history.reader(), tips, 2);
		assert.deepEqual(
			tips.map(({before, after}) => isForward(before, after)),
			[false, false, undefined],
		);
	});

	test('say nothing of moves whose commits are not there', async () => {
		const first = history.upstream.commit('main', {'a.txt': 'a'});
		await history.save();
		const isForward = await findForwardMoves(await history.reader(), [
			{before: '1'.repeat(40), after: first},
		]);
		assert.equal(isForward('1'.repeat(40), first), undefined);
	});

	test('do not speak of what every push changes in the description', async () => {
		history.upstream.commit('main', {'a.txt': 'a'});
		const description = {name: 'web', size: 1, updated_on: '2026-11-01'};
		const one = await history.save({'repository.json': description});
		const two = await history.save({'repository.json': {...description, size: 2, updated_on: '2026-11-02'}});
		const three = await history.save({'repository.json': {...description, is_private: true}});
		const {changes, mirror, pairs} = await changesOf([one.id, two.id, three.id]);
		assert.deepEqual(
			changes.map(({files}) => files.map(({path: name}) => name)),
			[[], ['repository.json']],
		);
		const [, pair] = pairs;
		assert.ok(pair);
		assert.deepEqual((await describeChanges(mirror, pair)).repositoryFields, ['is_private']);
	});

	test('are described: titles, states, comments, downloads, LFS objects', async () => {
		history.upstream.commit('main', {'a.txt': 'a'});
		const pullRequest = (state: string, comments: number) => ({title: 'Fix', state, comment_count: comments});
		const one = await history.save({
			'pull-requests/7/pull-request.json': pullRequest('OPEN', 1),
			'downloads.json': [{download: {name: 'old.zip'}, sha256: null}],
			'lfs.json': [],
		});
		const two = await history.save({
			'pull-requests/7/pull-request.json': pullRequest('MERGED', 4),
			'pull-requests/8/pull-request.json': Buffer.from('{ cut'),
			'downloads.json': [{download: {name: 'new.zip'}, sha256: null}],
			'lfs.json': [{oid: 'ab', size: 1}],
		});
		const {mirror, pairs} = await changesOf([one.id, two.id]);
		const [pair] = pairs;
		assert.ok(pair);
		assert.deepEqual(await describeChanges(mirror, pair), {
			pullRequests: [
				{id: 7, title: 'Fix', state: {before: 'OPEN', after: 'MERGED'}, comments: 3, tasks: 0},
				{id: 8, title: undefined, state: {before: undefined, after: undefined}, comments: 0, tasks: 0},
			],
			repositoryFields: [],
			downloads: {added: ['new.zip'], removed: ['old.zip']},
			lfsObjects: {added: ['ab'], removed: []},
		});
	});
});
