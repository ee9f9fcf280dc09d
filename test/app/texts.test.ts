import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {toAscii} from '../../source/app/ascii-output.ts';
import {cut, fit, widthOf} from '../../source/app/cells.ts';
import {footerEntries} from '../../source/app/components/footer.tsx';
import {breadcrumbs, navigate, type Place, type Step, startNavigation} from '../../source/app/navigation.ts';
import {quotaBar, quotaCells} from '../../source/app/screens/run/quota-bar.ts';
import {asciiSigns, unicodeSigns} from '../../source/app/theme.ts';
import {bytesText, daysText, durationText, untilText} from '../../source/app/words.ts';

test('cells: a text is cut and filled to exactly its width, whatever it is made of', () => {
	const text = fc.oneof(
		fc.string({unit: 'grapheme'}),
		fc.constantFrom('データ湖', '👩‍👩‍👧 family', 'e\u0301\u0301', '\u001b[31mred'),
	);
	fc.assert(
		fc.property(text, fc.integer({min: 1, max: 40}), (given, width) => {
			assert.equal(widthOf(fit(given, width)), width);
			assert.ok(widthOf(cut(given, width)) <= width);
		}),
		{numRuns: 500},
	);
});

const words: ReadonlyArray<readonly [string, string]> = [
	[durationText(0), '0 s'],
	[durationText(59_400), '59 s'],
	[durationText(192_000), '3 min 12 s'],
	[durationText(7_500_000), '2 h 5 min'],
	[untilText(12_000, 0), '12 s'],
	[untilText(130_000, 0), '2:10'],
	[untilText(2_460_000, 0), '41 min'],
	[untilText(7_200_000, 0), '2 h'],
	[untilText(0, 5000), '0 s'],
	[bytesText(84), '84 B'],
	[bytesText(999), '999 B'],
	[bytesText(1_240_000_000), '1.2 GB'],
	[bytesText(310_000_000), '310 MB'],
	[daysText('2026-12-04', Date.parse('2026-11-22T12:00:00Z')), 'in 12 days'],
	[daysText('2026-11-20', Date.parse('2026-11-22T12:00:00Z')), '2 days ago'],
];

for (const [given, expected] of words) {
	test(`words: ${expected}`, () => {
		assert.equal(given, expected);
	});
}

test('quota bar: exactly as wide as it should be, full only when the quota is, and one request is seen', () => {
	fc.assert(
		fc.property(
			fc.integer({min: 1, max: 60_000}),
			fc.nat({max: 70_000}),
			fc.nat({max: 90}),
			fc.integer({min: 4, max: 80}),
			(limit, used, percent, width) => {
				const reserve = Math.min(limit - 1, Math.ceil((limit * percent) / 100));
				const quota = {limit, used, reserve};
				const cells = quotaCells(quota, width);
				assert.equal(cells.used + cells.free + cells.reserve, width);
				assert.ok(cells.used >= 0 && cells.free >= 0 && cells.reserve >= 0);
				assert.equal(cells.used > 0, used > 0);
				if (used < limit) {
					assert.ok(cells.used < width || width === 1);
				}

				for (const signs of [unicodeSigns, asciiSigns]) {
					assert.equal(widthOf(quotaBar(quota, width, signs)), width + 2);
				}
			},
		),
	);
});

test('cells: in ASCII a text takes as many cells as before', () => {
	fc.assert(
		fc.property(fc.string({unit: 'grapheme'}), given => {
			const ascii = toAscii(given);
			assert.match(ascii, /^[\u0000-\u007f]*$/);
			assert.equal(widthOf(ascii), widthOf(given));
		}),
	);
});

test('signs: ASCII is ASCII', () => {
	assert.match(JSON.stringify(asciiSigns), /^[\u0020-\u007e]*$/);
});

test('footer: help is always there, the others as far as they fit, quitting last, the unavailable marked', () => {
	const run = (): void => undefined;
	const commands = [
		{id: 'edit', run},
		{id: 'run', run, unavailable: 'There is no plan.'},
		{id: 'up', run},
		{id: 'help', run},
		{id: 'quit', run},
	] as const;
	assert.deepEqual(
		footerEntries(commands, 80).map(({key, isAvailable}) => [key, isAvailable]),
		[
			['e', true],
			['r', false],
			['?', true],
			['q', true],
		],
	);
	assert.deepEqual(
		footerEntries(commands, 20).map(({key}) => key),
		['e', '?'],
	);
});

const repository: Place = {screen: 'repository', workspace: 'acme', repository: 'web'};
const credentials: Place = {screen: 'credentials', workspace: 'acme', repository: 'web'};

const ways: ReadonlyArray<readonly [string, readonly Step[], readonly string[]]> = [
	['the start', [], ['DevOps']],
	['a tab', [{type: 'tab', tab: 'plans'}], ['Plans']],
	[
		'down to the credentials',
		[
			{type: 'open', place: repository},
			{type: 'open', place: credentials},
		],
		['DevOps', 'acme', 'web', 'Edit', 'Additional credentials'],
	],
	[
		'one level back',
		[{type: 'open', place: repository}, {type: 'open', place: credentials}, {type: 'back'}],
		['DevOps', 'acme', 'web', 'Edit'],
	],
	['back at the root stays there', [{type: 'back'}, {type: 'back'}], ['DevOps']],
	[
		'a run is shown under Runs',
		[{type: 'open', place: {screen: 'run', run: 'x-nightly'}}],
		['Runs', 'x-nightly'],
	],
	[
		'a tab finds again where one was',
		[
			{type: 'open', place: repository},
			{type: 'tab', tab: 'runs'},
			{type: 'tab', tab: 'devops'},
		],
		['DevOps', 'acme', 'web', 'Edit'],
	],
];

for (const [name, steps, expected] of ways) {
	test(`navigation: ${name}`, () => {
		assert.deepEqual(breadcrumbs(steps.reduce(navigate, startNavigation())), expected);
	});
}
