import assert from 'node:assert/strict';
import {test} from 'node:test';
import {assembleDraft, chunksIn, isYoung, nextChunkName, takeOver} from '../../source/backup/draft.ts';
import {draftBounds, isDraftDue} from '../../source/backup/draft-bounds.ts';
import {type DraftRecord, parseDraftRecord} from '../../source/backup/draft-record.ts';
import type {TreeEntry} from '../../source/backup/git-objects.ts';
import {createSnapshotTree} from '../../source/backup/snapshot-tree.ts';

const hour = 3_600_000;
const now = Date.parse('2026-11-22T12:00:00.000Z');

const record = (fields: Partial<DraftRecord> = {}): DraftRecord => ({
	version: 1,
	repository: '{web}',
	run: '20261122T020000.000Z-nightly',
	at: '2026-11-22T11:00:00.000Z',
	data: ['git', 'pull-requests'],
	whole: [],
	downloads: {},
	...fields,
});

/** A tree of files by their paths, each with the id that is given. */
function treeOf(files: Readonly<Record<string, string>>): ReadonlyMap<string, TreeEntry> {
	const entries = new Map<string, TreeEntry>();
	for (const [path, id] of Object.entries(files)) {
		for (let end = path.indexOf('/'); end > 0; end = path.indexOf('/', end + 1)) {
			entries.set(path.slice(0, end), {type: 'tree', id: `tree of ${path.slice(0, end)}`});
		}

		entries.set(path, {type: 'blob', id});
	}

	return entries;
}

for (const {name, readAt, young} of [
	{name: 'now', readAt: now, young: true},
	{name: 'a little less than an hour ago', readAt: now - hour + 1, young: true},
	{name: 'an hour ago', readAt: now - hour, young: false},
	{name: 'in the future', readAt: now + 1, young: false},
	{name: 'at no time', readAt: Number.NaN, young: false},
]) {
	test(`what was read ${name} is ${young ? 'young' : 'old'}`, () => {
		assert.equal(isYoung(readAt, now), young);
	});
}

for (const {name, unsaved, due} of [
	{name: 'little', unsaved: {files: draftBounds.files - 1, bytes: draftBounds.bytes - 1}, due: false},
	{name: 'many files', unsaved: {files: draftBounds.files, bytes: 0}, due: true},
	{name: 'many bytes', unsaved: {files: 1, bytes: draftBounds.bytes}, due: true},
]) {
	test(`${name} ${due ? 'has' : 'has not'} to be saved now`, () => {
		assert.equal(isDraftDue(unsaved), due);
	});
}

test('chunks are numbered, and sort by their names', () => {
	assert.equal(nextChunkName(undefined), '000001');
	assert.equal(nextChunkName('000009'), '000010');
	assert.ok(nextChunkName('000099') > '000099');
});

test('a draft consists of chunks and of nothing else', () => {
	const chunks = treeOf({'000002/draft.json': 'b', '000001/draft.json': 'a'});
	assert.deepEqual(chunksIn(chunks), ['000001', '000002']);
	for (const stranger of ['readme.md', '000003', 'parts/000003', '0003/draft.json', '000003x/draft.json']) {
		assert.equal(chunksIn(new Map([...chunks, ...treeOf({[stranger]: 'x'})])), undefined, stranger);
	}
});

test('of a unit that was saved twice the last one counts, alone', () => {
	const entries = treeOf({
		'000001/parts/pull-requests/7/pull-request.json': 'old',
		'000001/parts/pull-requests/7/tasks.json': 'old tasks',
		'000001/parts/pull-requests/8/pull-request.json': 'eight',
		'000002/parts/pull-requests/7/pull-request.json': 'new',
		'000002/parts/pipelines/7/logs/1.log': 'log',
		'000002/parts/settings/hooks.json': 'hooks',
	});
	const {units, chunks} = assembleDraft(
		entries,
		new Map([
			['000001', record({whole: ['pull-requests/7', 'pull-requests/8']})],
			[
				'000002',
				record({
					at: '2026-11-22T11:30:00.000Z',
					data: ['pull-requests'],
					whole: ['pull-requests/7', 'pipelines/7', 'settings/hooks.json', 'settings/runners.json'],
				}),
			],
		]),
	);
	assert.deepEqual(units.get('pull-requests/7'), {
		data: ['pull-requests'],
		readAt: Date.parse('2026-11-22T11:30:00.000Z'),
		files: new Map([['pull-request.json', 'new']]),
	});
	assert.deepEqual(units.get('pull-requests/8')?.data, ['git', 'pull-requests']);
	assert.deepEqual([...(units.get('pipelines/7')?.files ?? [])], [['logs/1.log', 'log']]);
	assert.deepEqual([...(units.get('settings/hooks.json')?.files ?? [])], [['', 'hooks']]);
	assert.equal(units.get('settings/runners.json')?.files.size, 0);
	assert.deepEqual(
		[...chunks],
		[
			['000001', 'tree of 000001'],
			['000002', 'tree of 000002'],
		],
	);
});

test('a unit that is not said to be whole is none', () => {
	const entries = treeOf({
		'000001/parts/pull-requests/7/comments.json': 'seven',
		'000002/parts/pull-requests/8/comments.json': 'eight',
	});
	const records = [
		['000001', record({whole: ['pull-requests/7']})],
		['000002', record()],
	] as const;
	assert.deepEqual([...assembleDraft(entries, new Map(records)).units.keys()], ['pull-requests/7']);
});

test('the files of a folder are taken over one by one, beside what is there', () => {
	const tree = createSnapshotTree(new Map([['pipelines/7', {type: 'tree', id: 'before'}]]));
	tree.keep('pipelines/7');
	takeOver('pipelines/7', {data: [], readAt: now, files: new Map([['logs/1.log', 'log']])}, tree);
	assert.deepEqual(
		[...tree.parts()],
		[
			['pipelines/7', {kind: 'kept', type: 'tree', id: 'before'}],
			['pipelines/7/logs/1.log', {kind: 'kept', type: 'blob', id: 'log'}],
		],
	);
});

test('hashes of downloads come together from all chunks, the last one counts', () => {
	const hash = (digit: string): string => digit.repeat(64);
	const {downloads} = assembleDraft(
		treeOf({'000001/draft.json': 'a', '000002/draft.json': 'b'}),
		new Map([
			['000001', record({downloads: {a: hash('1'), b: hash('2')}})],
			['000002', record({downloads: {b: hash('3')}})],
		]),
	);
	assert.deepEqual(
		[...downloads],
		[
			['a', hash('1')],
			['b', hash('3')],
		],
	);
});

for (const {name, text, isOne} of [
	{name: 'its own', text: JSON.stringify(record()), isOne: true},
	{name: 'of a later version', text: JSON.stringify({...record(), version: 2}), isOne: false},
	{name: 'without a time', text: JSON.stringify({...record(), at: 'yesterday'}), isOne: false},
	{
		name: 'with a path for a hash',
		text: JSON.stringify(record({downloads: {a: '../../evil'}})),
		isOne: false,
	},
	{name: 'cut', text: JSON.stringify(record()).slice(0, -5), isOne: false},
	{name: 'empty', text: '', isOne: false},
]) {
	test(`a record that is ${name} is ${isOne ? '' : 'not '}believed`, () => {
		assert.equal(parseDraftRecord(Buffer.from(text)) !== undefined, isOne);
	});
}
