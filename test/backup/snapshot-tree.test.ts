import assert from 'node:assert/strict';
import {test} from 'node:test';
import {blobId, parseBatch, parseTree, type TreeEntry} from '../../source/backup/git-objects.ts';
import {createSnapshotTree, isSameTree} from '../../source/backup/snapshot-tree.ts';
import {stableJson} from '../../source/backup/stable-json.ts';
import {fastImportStream} from '../../source/backup/write-snapshot.ts';

const text = (contents: string): Buffer => Buffer.from(contents);
const blob = (contents: string): TreeEntry => ({type: 'blob', id: blobId(text(contents))});
const last = new Map<string, TreeEntry>([
	['refs', blob('one')],
	['snapshot.json', blob('then')],
	['pull-requests', {type: 'tree', id: '1'.repeat(40)}],
	['pull-requests/7', {type: 'tree', id: '7'.repeat(40)}],
	['pull-requests/7/comments.json', blob('[]')],
]);

test('ids of blobs are git’s own', () => {
	assert.equal(blobId(Buffer.alloc(0)), 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391');
	assert.equal(blobId(text('hello\n')), 'ce013625030ba8dba906f756967f9e9ca394464a');
});

for (const {name, fill, same} of [
	{
		name: 'all as before, the record aside',
		fill: [
			['refs', 'one'],
			['keep', 'pull-requests/7'],
			['snapshot.json', 'now'],
		],
		same: true,
	},
	{
		name: 'the folder above kept',
		fill: [
			['refs', 'one'],
			['keep', 'pull-requests'],
		],
		same: true,
	},
	{
		name: 'a file that changed',
		fill: [
			['refs', 'two'],
			['keep', 'pull-requests'],
		],
		same: false,
	},
	{
		name: 'a file that is new',
		fill: [
			['refs', 'one'],
			['keep', 'pull-requests'],
			['new', 'x'],
		],
		same: false,
	},
	{name: 'a file that is gone', fill: [['refs', 'one']], same: false},
] as const) {
	test(`a tree is ${same ? 'the same' : 'another'}: ${name}`, () => {
		const tree = createSnapshotTree(last);
		for (const [path, contents] of fill) {
			if (path === 'keep') {
				assert.ok(tree.keep(contents));
			} else {
				tree.write(path, text(contents));
			}
		}

		assert.equal(isSameTree(tree.parts(), last), same);
	});
}

test('a tree lets go of what is in the mirror, unless it was written anew meanwhile', () => {
	const tree = createSnapshotTree(last);
	tree.write('refs', text('two'));
	tree.write('downloads.json', text('[]'));
	const [refs, downloads] = [tree.parts().get('refs'), tree.parts().get('downloads.json')];
	assert.ok(refs !== undefined && downloads !== undefined);
	tree.write('downloads.json', text('[1]'));
	tree.release('refs', refs);
	tree.release('downloads.json', downloads);
	tree.release('absent', refs);
	assert.deepEqual(
		[...tree.parts()],
		[
			['refs', {kind: 'kept', type: 'blob', id: blobId(text('two'))}],
			['downloads.json', {kind: 'new', contents: text('[1]')}],
		],
	);
});

test('what the last snapshot has not cannot be kept', () => {
	assert.equal(createSnapshotTree(last).keep('downloads.json'), false);
});

test('the stream for fast-import names what is kept and holds what is new', () => {
	const tree = createSnapshotTree(last);
	tree.write('refs', text('two\n'));
	tree.keep('pull-requests/7');
	const commit = {
		ref: 'refs/brigade/snapshots/20261122T131500.123Z',
		at: Date.parse('2026-11-22T13:15:00.123Z'),
		title: 'Snapshot of acme/web',
		parts: tree.parts(),
	};
	const stream = Buffer.concat([...fastImportStream(commit)].map(part => Buffer.from(part))).toString();
	assert.equal(
		stream,
		`commit refs/brigade/snapshots/20261122T131500.123Z\ncommitter Bucket Brigade <bucket-brigade@localhost> 1795353300 +0000\ndata 21\nSnapshot of acme/web\n\nM 100644 inline refs\ndata 4\ntwo\n\nM 040000 ${'7'.repeat(40)} pull-requests/7\ndone\n`,
	);
});

test('cat-file: objects, missing ones, contents that look like headers; a cut one is an error', () => {
	const id = 'c'.repeat(40);
	const output = text(`${id} blob 3\na\nb\nnowhere missing\n${id} blob 0\n\n`);
	assert.deepEqual(
		parseBatch(output).map(object => object?.contents.toString()),
		['a\nb', undefined, ''],
	);
	assert.throws(() => parseBatch(output.subarray(0, 50)), /cut/);
	assert.throws(() => parseBatch(text('fatal: rubbish\n')), /not what was expected/);
});

test('ls-tree: files and folders by path, whatever is in a name', () => {
	const tree = parseTree(
		text(`040000 tree ${'1'.repeat(40)}\ta\u0000100644 blob ${'2'.repeat(40)}\ta/b\tc\nd\u0000`),
	);
	assert.deepEqual(tree.get('a/b\tc\nd'), {type: 'blob', id: '2'.repeat(40)});
	assert.equal(tree.size, 2);
});

test('JSON is the same whatever order the keys came in, and keeps odd keys', () => {
	const one = stableJson(JSON.parse('{"b":[{"y":1,"x":null}],"a":"ü","__proto__":{"z":1}}'));
	const other = stableJson(JSON.parse('{"__proto__":{"z":1},"a":"ü","b":[{"x":null,"y":1}]}'));
	assert.ok(one.equals(other));
	assert.equal(
		one.toString(),
		'{\n\t"__proto__": {\n\t\t"z": 1\n\t},\n\t"a": "ü",\n\t"b": [\n\t\t{\n\t\t\t"x": null,\n\t\t\t"y": 1\n\t\t}\n\t]\n}\n',
	);
});
