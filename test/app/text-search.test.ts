import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {findHits, hitBeside, searchedParts} from '../../source/app/text-search.ts';
import {backupPlace, compared, snapshots} from './fake-backups.ts';
import {createFakeServices} from './fake-services.ts';
import {openApp} from './open-app.ts';
import {keys} from './terminal.ts';

const linesOf = (...texts: readonly string[]) => texts.map(text => ({text}));

const hits: ReadonlyArray<
	readonly [searched: string, lines: readonly string[], expected: readonly number[]]
> = [
	['', ['one', ''], []],
	['  ', ['one', ''], []],
	['ONE', ['one', 'two', 'none'], [0, 2]],
	['a.c', ['abc', 'a.c'], [1]],
	['[x', ['[x]', 'x'], [0]],
	// Broken amid it, with or without a lead, and however many blanks there are.
	['looks good', ['    it looks', '    good to me', 'looks', 'bad'], [0]],
	['looks good', ['it looks   good'], [0]],
	// It begins in the line where it is counted, and once.
	['good', ['looks', 'good'], [1]],
	['データ', ['データ湖', 'lake'], [0]],
	['İ', ['i', 'İstanbul'], [1]],
];

for (const [searched, lines, expected] of hits) {
	test(`text search: "${searched}" is found in ${JSON.stringify(lines)} at ${JSON.stringify(expected)}`, () => {
		assert.deepEqual(findHits(linesOf(...lines), searched), expected);
	});
}

test('text search: whatever is searched for is found where it stands', () => {
	fc.assert(
		fc.property(fc.string(), fc.string({minLength: 1}), fc.string(), (start, searched, end) => {
			fc.pre(searched.trim() !== '');
			const found = findHits(linesOf('', `${start}|${searched.trim()}|${end}`), searched);
			assert.deepEqual(found, [1]);
		}),
	);
});

test('text search: the next hit is beside where one is, and after the last comes the first', () => {
	for (const [from, step, expected] of [
		[-1, 1, 2],
		[2, 1, 5],
		[9, 1, 2],
		[9, -1, 5],
		[2, -1, 9],
		[4, -1, 2],
	] as const) {
		assert.equal(hitBeside([2, 5, 9], from, step), expected, `${from} ${step}`);
	}

	assert.equal(hitBeside([], 3, 1), undefined);
});

test('text search: the parts of a line are the line, and those that are hits are what is searched for', () => {
	const piece = fc.constantFrom('ab', 'AB', 'b', ' ', '.', '湖', '(', 'x');
	fc.assert(
		fc.property(fc.array(piece), fc.array(piece, {maxLength: 2}), (line, wanted) => {
			const text = line.join('');
			const searched = wanted.join('').trim();
			const parts = searchedParts(text, searched);
			assert.equal(parts.map(part => part.text).join(''), text);
			for (const part of parts.filter(one => one.isHit)) {
				assert.equal(
					part.text.toLowerCase().replaceAll(/\s+/g, ' '),
					searched.toLowerCase().replaceAll(/\s+/g, ' '),
				);
			}
		}),
	);
});

const snapshot = snapshots[0]?.id ?? '';
const before = snapshots[1]?.id ?? '';

for (const [columns, rows] of [
	[40, 12],
	[80, 24],
] as const) {
	test(`a pull request at ${columns}x${rows}: / goes to the next place as one types, n and N to those beside it, Esc stays there`, async context => {
		const app = openApp(context, createFakeServices(), {
			columns,
			rows,
			startAt: {screen: 'pull-request', ...backupPlace, snapshot, number: 42},
		});
		await app.waitFor('# #42');
		app.type('/COMMENT 3');
		await app.waitFor('1 of 11');
		await app.waitFor(/^>- comment 3: looks good/m);
		app.type(`9${keys.enter}`);
		await app.waitFor('1 of 1');
		await app.waitFor(/^>- comment 39/m);
		assert.doesNotMatch(app.text(), /comment 3:/);
		app.type('/');
		app.type(keys.backspace + keys.enter);
		await app.waitFor('11 of 11');
		app.type('n');
		await app.waitFor(/^>- comment 3:/m);
		await app.waitFor('1 of 11');
		app.type('N');
		await app.waitFor(/^>- comment 39/m);
		app.type('N');
		await app.waitFor(/^>- comment 38/m);
		app.type(keys.escape);
		await app.waitFor(/^ - comment 38/m);
		assert.doesNotMatch(app.text(), /of 11/);
		app.type(keys.escape);
		await app.settled();
		assert.doesNotMatch(app.text(), /comment/);
	});
}

test('a search that finds nothing says so, and moves nothing', async context => {
	const app = openApp(context, createFakeServices(), {
		startAt: {screen: 'comparison', ...backupPlace, before, after: snapshot},
	});
	await app.waitFor('Branches (3)');
	app.type('/no such ref');
	await app.waitFor('not found');
	assert.match(app.text(), /Branches \(3\)/);
	app.type(`${keys.enter}nN`);
	await app.settled();
	assert.match(app.text(), /Branches \(3\)/);
	assert.match(app.text(), /not found/);
});

test('ten thousand changes: a search finds the last of them, and counts them', async context => {
	const rows = Array.from({length: 10_000}, (_, index) => [`branch-${index}`, 'new']);
	const services = createFakeServices({
		compare: async (_of, pair) => ({...compared, ...pair, sections: [{title: 'Branches', rows}]}),
	});
	const app = openApp(context, services, {
		columns: 80,
		rows: 24,
		startAt: {screen: 'comparison', ...backupPlace, before, after: snapshot},
	});
	await app.waitFor('Branches (10,000)');
	app.type('/branch-9999');
	await app.waitFor(/^> +branch-9999 +new/m);
	assert.match(app.text(), /of 10,0\d\d/);
	app.type(keys.backspace.repeat(4) + keys.enter);
	await app.waitFor(/of 10,000/);
});

test('read aloud, a search says what was found and in which line', async context => {
	const app = openApp(context, createFakeServices(), {
		columns: 80,
		rows: 60,
		environment: {INK_SCREEN_READER: 'true'},
		startAt: {screen: 'pull-request', ...backupPlace, snapshot, number: 42},
	});
	await app.waitFor('# #42');
	app.type(`/comment 7${keys.enter}`);
	await app.waitFor('search: comment 7 1 of 1');
	await app.waitFor('found: - comment 7');
});
