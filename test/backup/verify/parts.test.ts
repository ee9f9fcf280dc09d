import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import fc from 'fast-check';
import {idsOnlyIn} from '../../../source/backup/verify/fetch-anew.ts';
import {someOf} from '../../../source/backup/verify/finding.ts';
import {createFsckReader, type FsckReport, isSound} from '../../../source/backup/verify/fsck-report.ts';
import {parseRawTree} from '../../../source/backup/verify/lost-files.ts';
import {formatPackedRefs, parsePackedRefs} from '../../../source/backup/verify/packed-refs.ts';
import {chooseSample} from '../../../source/backup/verify/sample.ts';
import {snapshotIn} from '../../../source/backup/verify/snapshot-commit.ts';

const [a, b, c] = ['a', 'b', 'c'].map(letter => letter.repeat(40)) as [string, string, string];

describe('what git fsck says', () => {
	const pack = `pack-${a}`;
	const read = (...lines: string[]): FsckReport => {
		const reader = createFsckReader();
		lines.forEach(reader.error);
		return reader.report();
	};

	for (const line of [
		`error in commit ${a}: missingEmail: invalid author/committer line - missing email`,
		`warning in tree ${a}: hasDotgit: contains '.git'`,
		`error in tag ${a}: unterminatedHeader: unterminated header`,
		'notice: HEAD points to an unborn branch (main)',
		'notice: No default references',
		'Checking object directories: 100% (256/256), done.',
		'',
	]) {
		test(`"${line}" is no damage`, () => {
			assert.ok(isSound(read(line)));
		});
	}

	test('packs, objects, refs are told apart', () => {
		const report = read(
			`error: /acme/objects/pack.git/objects/pack/${pack}.pack pack checksum mismatch`,
			`error: index CRC mismatch for object ${b} from ./objects/pack/${pack}.pack at offset 12`,
			'error: inflate: data stream error (incorrect data check)',
			`error: cannot unpack ${a} from ./objects/pack/${pack}.pack at offset 358`,
			`error: packed ${c} from ./objects/pack/${pack}.pack is corrupt`,
			`error: refs/mirror/heads/a b: invalid sha1 pointer ${c}`,
			`error: ${b}: object corrupt or missing: ./objects/bb/${b.slice(2)}`,
			`error: corrupt loose object '${c}'`,
			'error: something new',
		);
		assert.deepEqual([...report.packs], [pack]);
		assert.deepEqual([...report.corrupt], [a, c]);
		assert.deepEqual([...report.changed], [b]);
		assert.deepEqual([...report.brokenRefs], [['refs/mirror/heads/a b', c]]);
		assert.deepEqual([...report.looseObjects], [`objects/bb/${b.slice(2)}`, `objects/cc/${c.slice(2)}`]);
		assert.deepEqual(report.others, ['error: something new']);
		assert.equal(isSound(report), false);
	});

	for (const line of [`missing blob ${a}`, `missing tree ${a}`, `missing commit ${a}`]) {
		test(`"${line}" is damage`, () => {
			const reader = createFsckReader();
			reader.output(line);
			reader.output(`broken link from    tree ${b}`);
			reader.output(`dangling commit ${c}`);
			assert.equal(isSound(reader.report()), false);
			assert.deepEqual([...reader.report().missing.keys()], [a]);
			assert.deepEqual(reader.report().dangling, [c]);
		});
	}
});

describe('packed refs', () => {
	const refs = new Map([
		['refs/mirror/heads/b', b],
		['refs/mirror/heads/\xfc', c],
		['refs/brigade/kept/x', a],
	]);

	test('are read as they are written', () => {
		const read = parsePackedRefs(formatPackedRefs(refs));
		assert.deepEqual(new Map([...read.refs].sort()), new Map([...refs].sort()));
		assert.deepEqual(read.badLines, []);
	});

	test('with what tags lead to', () => {
		const file = `# pack-refs with: peeled fully-peeled sorted \n${a} refs/mirror/tags/v1\n^${b}\n${c} refs/mirror/tags/v2\n`;
		const read = parsePackedRefs(Buffer.from(file));
		assert.deepEqual([...read.peeled], [[a, b]]);
		assert.equal(read.refs.size, 2);
		assert.deepEqual(read.badLines, []);
	});

	for (const [what, file, lines] of [
		['a line that was cut', `${a} refs/a\n${b} refs/b`, [2]],
		['a line that is no ref', `${a} refs/a\nnonsense\n${b} refs/b\n`, [2]],
		['a line in the wrong place', `${a} refs/b\n${b} refs/a\n`, [2]],
		['the same ref twice', `${a} refs/b\n${b} refs/b\n`, [2]],
		['a target without a tag', `^${a}\n${b} refs/a\n`, [1]],
		['a head that is none', `# pack-refs wiht: sorted\n${a} refs/a\n`, [1]],
		['a head in the middle', `${a} refs/a\n# pack-refs with: sorted \n`, [2]],
		['a control character', `${a} refs/a\x07b\n`, [1]],
	] as const) {
		test(`${what} is told, and the others are read`, () => {
			const read = parsePackedRefs(Buffer.from(file, 'latin1'));
			assert.deepEqual(read.badLines, lines);
		});
	}
});

test('what one sorted list has and the other has not', () => {
	const list = (ids: Iterable<string>): Buffer =>
		Buffer.from(
			[...ids]
				.sort()
				.map(id => `${id}\n`)
				.join(''),
		);
	const ids = fc.uniqueArray(fc.integer({min: 0, max: 30}).map(number => String(number).padStart(40, '0')));
	fc.assert(
		fc.property(ids, ids, (first, second) => {
			const expected = first.filter(id => !second.includes(id)).sort();
			assert.deepEqual(idsOnlyIn(list(first), list(second)), expected);
		}),
	);
});

test('a tree as git stores it', () => {
	const entry = (mode: string, name: string, id: string): Buffer =>
		Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')]);
	const tree = Buffer.concat([entry('100644', 'a b.json', a), entry('40000', 'settings', b)]);
	assert.deepEqual(parseRawTree(tree), [
		{name: 'a b.json', id: a, isTree: false},
		{name: 'settings', id: b, isTree: true},
	]);
	assert.deepEqual(parseRawTree(Buffer.alloc(0)), []);
});

test('a commit of a snapshot says of what time it is', () => {
	const commit = (identity: string, message: string, parent = ''): string =>
		`tree ${a}\n${parent}author ${identity} 1763776860 +0000\ncommitter ${identity} 1763776860 +0000\n\n${message}\n`;
	const ours = 'Bucket Brigade <bucket-brigade@localhost>';
	const title = 'Snapshot of acme/web at 2026-11-22T02:01:00.123Z';
	assert.equal(snapshotIn(commit(ours, title)), '20261122T020100.123Z');
	assert.equal(snapshotIn(commit('Ada <ada@example.com>', title)), undefined);
	assert.equal(snapshotIn(commit(ours, 'Draft of the next snapshot')), undefined);
	assert.equal(snapshotIn(commit(ours, title, `parent ${b}\n`)), undefined);
});

describe('the sample that is restored on trial', () => {
	const refs = new Map(Array.from({length: 100}, (_, index) => [`refs/heads/${index}`, a] as const));
	const list = {head: 'refs/heads/42', refs};
	const large = 100 * 1024 * 1024;

	test('is a small repository as a whole', () => {
		assert.deepEqual(chooseSample(list, 1000, 7), {refs, isWhole: true});
	});

	test('is some refs of a large one, and always that of HEAD', () => {
		for (let pick = 0; pick < 200; pick += 1) {
			const {refs: chosen, isWhole} = chooseSample(list, large, pick);
			assert.equal(isWhole, false);
			assert.ok(chosen.has('refs/heads/42'));
			assert.ok(chosen.size >= 4 && chosen.size <= 5);
		}
	});

	test('is another one each time, until all had their turn', () => {
		const seen = new Set<string>();
		for (let pick = 0; pick < 25; pick += 1) {
			for (const name of chooseSample(list, large, pick).refs.keys()) {
				seen.add(name);
			}
		}

		assert.equal(seen.size, 100);
	});

	test('is nothing of an empty repository', () => {
		assert.equal(chooseSample({head: undefined, refs: new Map()}, large, 3).refs.size, 0);
	});
});

test('a list of names is short', () => {
	assert.equal(someOf([]), '');
	assert.equal(someOf(['a']), 'a');
	assert.equal(someOf(['a', 'b']), 'a and b');
	assert.equal(someOf(['a', 'b', 'c', 'd']), 'a, b, c and d');
	assert.equal(someOf(['a', 'b', 'c', 'd', 'e']), 'a, b, c and 2 more');
});
