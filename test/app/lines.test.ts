import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {cutLines, widthOf, wrapped} from '../../source/app/cells.ts';
import {crumbLine} from '../../source/app/components/crumb-line.ts';
import {footerEntries} from '../../source/app/components/footer.tsx';
import {frameLayout} from '../../source/app/layout.ts';
import {breadcrumbs, navigate, startNavigation} from '../../source/app/navigation.ts';
import {asciiSigns, unicodeSigns} from '../../source/app/theme.ts';
import {dateTimeText} from '../../source/app/words.ts';

const prose = fc.array(
	fc.oneof(
		fc.stringMatching(/^[a-z]{1,12}$/),
		fc.constantFrom('データ湖', '🚀', 'https://bitbucket.org/a/very/long/address/without/a/blank'),
	),
	{maxLength: 30},
);

test('lines: a text is broken between words, no line is wider than it may be, and nothing is lost', () => {
	fc.assert(
		fc.property(prose, fc.integer({min: 2, max: 60}), (words, width) => {
			const lines = wrapped(words.join(' '), width);
			assert.ok(lines.every(line => widthOf(line) <= width && line !== ''));
			assert.equal(lines.join('').replaceAll(' ', ''), words.join(''));
			if (words.every(word => widthOf(word) <= width)) {
				assert.equal(lines.join(' '), words.join(' '));
			}
		}),
	);
});

test('lines: what has no room is marked at the end of the last line', () => {
	const text = 'one two three four five';
	assert.deepEqual(cutLines(text, 9, 3), ['one two', 'three', 'four five']);
	assert.deepEqual(cutLines(text, 9, 2), ['one two', 'three fo…']);
	assert.deepEqual(cutLines(text, 9, 1), ['one two …']);
	assert.deepEqual(cutLines('', 9, 1), []);
});

test('lines: what was said takes a line, or more of the body when it is long, and all rows are accounted for', () => {
	fc.assert(
		fc.property(
			fc.integer({min: 40, max: 300}),
			fc.integer({min: 12, max: 100}),
			fc.nat({max: 12}),
			(columns, rows, said) => {
				const frame = frameLayout({columns, rows}, said);
				assert.equal(3 + (frame.hasGap ? 1 : 0) + frame.body.rows + frame.flashRows, rows);
				assert.ok(frame.flashRows >= 1 && frame.flashRows <= Math.max(1, said));
				assert.ok(frame.body.rows >= 6);
			},
		),
	);
});

const way = ['DevOps', 'acme', 'web-frontend', 'Edit', 'Additional credentials', 'Add new'];

const crumbTable: ReadonlyArray<readonly [width: number, status: string, way: string, status: string]> = [
	[78, '', 'DevOps › acme › web-frontend › Edit › Additional credentials › Add new', ''],
	[60, '', '… › web-frontend › Edit › Additional credentials › Add new', ''],
	[38, '', '… › Additional credentials › Add new', ''],
	[38, '5 credentials', '… › Add new', '5 credentials'],
	[38, 'running 3 min 12 s · ends about 19:20', '… › Add new', 'running 3 min 12 s ·…'],
];

for (const [width, status, expectedWay, expectedStatus] of crumbTable) {
	test(`crumbs: ${width} cells beside "${status}"`, () => {
		const line = crumbLine({crumbs: way, status, width, signs: unicodeSigns});
		assert.equal(line.way.trimEnd(), expectedWay);
		assert.equal(line.status, expectedStatus);
	});
}

test('crumbs: they fill their line exactly, whatever they say', () => {
	fc.assert(
		fc.property(
			fc.array(fc.stringMatching(/^[a-z]{1,30}$/), {minLength: 1, maxLength: 6}),
			fc.stringMatching(/^[a-z ]{0,60}$/),
			fc.integer({min: 38, max: 200}),
			(crumbs, status, width) => {
				const line = crumbLine({crumbs, status, width, signs: asciiSigns});
				assert.equal(widthOf(line.way) + 1 + widthOf(line.status), width);
			},
		),
	);
});

test('crumbs: a run is called by its plan and the time at which it began', () => {
	const navigation = navigate(startNavigation(), {
		type: 'open',
		place: {screen: 'run', run: '20261122T140215.123Z-weekly-full'},
	});
	assert.deepEqual(breadcrumbs(navigation), [
		'Runs',
		'weekly-full',
		dateTimeText('2026-11-22T14:02:15.123Z'),
	]);
	assert.match(dateTimeText('2026-11-22T14:02:15.123Z'), /^2[123] Nov \d\d:\d\d$/);
	assert.equal(dateTimeText('no time'), '–');
});

test('footer: the way back stays where there is room for little', () => {
	const run = (): void => undefined;
	const commands = (['add', 'edit', 'check', 'back', 'help', 'quit'] as const).map(id => ({id, run}));
	const keysAt = (width: number): string =>
		footerEntries(commands, width)
			.map(({key}) => key)
			.join(' ');
	assert.equal(keysAt(80), 'a e c Esc ? q');
	assert.equal(keysAt(60), 'a e c Esc ? q');
	assert.equal(keysAt(39), 'a e Esc ?');
	assert.equal(keysAt(26), 'e Esc ?');
	assert.equal(keysAt(20), 'Esc ?');
});
