import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {widthOf} from '../../source/app/cells.ts';
import {factLine, firstLines, rowLines, wrapLines} from '../../source/app/text-lines.ts';

const text = fc
	.array(
		fc.constantFrom(
			'one',
			'fourteen',
			'データ湖',
			'🚀',
			'https://bitbucket.org/a/long/address/without/blanks',
			'\u001b[31mred',
		),
		{
			maxLength: 12,
		},
	)
	.map(words => words.join(' '));
const lead = fc.constantFrom('', '> ', '- ', '  ', '    ', '> > - ', 'Default branch ');

test('text: no line is wider than it may be, and nothing of it is lost', () => {
	fc.assert(
		fc.property(lead, text, fc.integer({min: 12, max: 100}), (before, said, width) => {
			for (const line of [{text: before + said}, {lead: before, text: said}]) {
				const lines = wrapLines([line], width);
				assert.ok(lines.every(one => widthOf(one.text) <= width));
				const letters = (all: string): string => all.replaceAll(/[\s>]/g, '').replaceAll('\u001b[31m', '');
				assert.equal(letters(lines.map(one => one.text).join('')), letters(before + said));
			}
		}),
	);
});

const table: ReadonlyArray<readonly [string, number, readonly string[]]> = [
	['> a quote that is broken', 18, ['> a quote that is', '> broken']],
	['- an entry of a list that is broken', 24, ['- an entry of a list', '  that is broken']],
	['  12. an entry with a number', 24, ['  12. an entry with a', '      number']],
	['', 20, ['']],
];

for (const [given, width, expected] of table) {
	test(`text: "${given}" in ${width} cells`, () => {
		assert.deepEqual(
			wrapLines([{text: given}], width).map(one => one.text),
			expected,
		);
	});
}

test('text: what is said of a name goes on below its own beginning; where there is no room, below the name', () => {
	assert.deepEqual(
		wrapLines([factLine('Data', 'git, lfs, pull-requests, settings')], 36).map(one => one.text),
		['Data           git, lfs,', '               pull-requests,', '               settings'],
	);
	assert.deepEqual(
		wrapLines([factLine('Data', 'git, lfs')], 20).map(one => one.text),
		['Data git, lfs'],
	);
});

test('text: where there is no room for its end, that is marked', () => {
	const lines = [{text: 'one'}, {text: 'exactly ten', tone: 'bad' as const}, {text: 'three'}];
	assert.deepEqual(firstLines(lines, 3, 11), lines);
	assert.deepEqual(firstLines(lines, 2, 11), [{text: 'one'}, {text: 'exactly te…', tone: 'bad'}]);
	assert.deepEqual(firstLines(lines, 1, 11), [{text: 'one…'}]);
	assert.deepEqual(firstLines([], 2, 11), []);
});

test('text: columns stand below one another, and what is too long for one is not cut', () => {
	const long = 'a-branch-with-a-name-that-is-much-too-long';
	assert.deepEqual(
		wrapLines(
			rowLines(
				[
					['main', 'moved on', '1a → 2b'],
					[long, 'new', '3c'],
					['データ湖', 'gone', '4d'],
				],
				60,
			),
			60,
		).map(one => one.text),
		[
			'  main                  moved on  1a → 2b',
			`  ${long}  new       3c`,
			'  データ湖              gone      4d',
		],
	);
});
