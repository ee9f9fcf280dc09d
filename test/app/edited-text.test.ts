import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {widthOf} from '../../source/app/cells.ts';
import {textAtCursor} from '../../source/app/text-cursor.ts';
import {createFakeServices} from './fake-services.ts';
import {openApp} from './open-app.ts';
import {keys} from './terminal.ts';

const shown: ReadonlyArray<
	readonly [text: string, offset: number, width: number, expected: readonly string[]]
> = [
	['', 0, 10, ['', '', '']],
	['abc', 3, 10, ['abc', '', '']],
	['abc', 0, 10, ['', 'a', 'bc']],
	['abc', 1, 10, ['a', 'b', 'c']],
	// What is too long shows its end, and as much before it as leaves the cursor in sight.
	['abcdefghij', 10, 5, ['ghij', '', '']],
	['abcdefghij', 8, 5, ['gh', 'i', 'j']],
	['abcdefghij', 2, 5, ['', 'c', 'defg']],
	['データ湖', 3, 5, ['タ', '湖', '']],
	// An emoji is one, wherever in it the cursor stands.
	['a🚀b', 2, 10, ['a', '🚀', 'b']],
	['a🚀b', 3, 10, ['a🚀', 'b', '']],
];

for (const [text, offset, width, expected] of shown) {
	test(`text at cursor: ${JSON.stringify(text)} at ${offset} in ${width} cells`, () => {
		const {before, at, after} = textAtCursor(text, offset, width);
		assert.deepEqual([before, at, after], expected);
	});
}

test('text at cursor: never wider than its field, and the cursor is always in it', () => {
	fc.assert(
		fc.property(
			fc.string({unit: 'grapheme'}),
			fc.nat(),
			fc.integer({min: 4, max: 40}),
			(text, place, width) => {
				const offset = place % (text.length + 1);
				const {before, at, after} = textAtCursor(text, offset, width);
				assert.ok(widthOf(before) + Math.max(1, widthOf(at)) + widthOf(after) <= width);
			},
		),
	);
});

const place = {screen: 'credential', workspace: 'acme', repository: 'repository-0'} as const;

/** What was pressed in a field that holds nothing, and what it holds then; `_` stands where one types. */
const edits: ReadonlyArray<readonly [pressed: string, marked: string]> = [
	['abc', 'abc_'],
	[`abc${keys.left}`, 'ab_c'],
	[`abc${keys.left.repeat(2)}X`, 'aX_bc'],
	// Beyond the ends there is nothing, however often it is tried.
	[`abc${keys.left.repeat(4)}X`, 'X_abc'],
	[`abc${keys.left.repeat(9)}XYZ`, 'XYZ_abc'],
	[`abc${keys.right}XYZ`, 'abcXYZ_'],
	[`abc${keys.right.repeat(3)}X${keys.right.repeat(2)}YZ`, 'abcXYZ_'],
	[`abc${keys.left.repeat(5)}${keys.backspace}${keys.right}X`, 'aX_bc'],
	[`abc${keys.left}${keys.backspace}${keys.right.repeat(3)}d`, 'acd_'],
	['\u001b[200~pasted\u001b[201~!', 'pasted!_'],
	[`ab${keys.left}\u001b[200~pasted\u001b[201~!`, 'apasted!_b'],
];

for (const hasColours of [false, true]) {
	test(`a field ${hasColours ? 'with' : 'without'} colours: what is typed goes where the cursor is, and that is seen`, async context => {
		const app = openApp(context, createFakeServices(), {
			columns: 80,
			rows: 24,
			startAt: place,
			environment: hasColours ? {} : {NO_COLOR: '1'},
		});
		await app.waitFor('Label');
		app.type(keys.tab);
		for (const [pressed, marked] of edits) {
			app.type(pressed);
			const expected = hasColours ? marked.replace('_', '') : marked;
			await app.waitFor(new RegExp(`^ > Label +${expected}$`, 'm'));
			// At its end, then away with all of it.
			app.type(keys.right.repeat(12) + keys.backspace.repeat(12));
			await app.waitFor(hasColours ? /^ > Label$/m : /^ > Label +_$/m);
		}
	});
}

test('a secret keeps its order, whatever arrows were pressed in it', async context => {
	const services = createFakeServices();
	const app = openApp(context, services, {columns: 80, rows: 24, startAt: place});
	await app.waitFor('Label');
	app.type(`${keys.tab}bot-9${keys.tab}bot@acme.example${keys.tab}ATATT${keys.right}secret${keys.save}`);
	await app.waitFor('bot-9 is saved');
	const secrets = services.calls
		.filter(({name}) => name === 'addCredential')
		.map(call => (call.arguments[1] as {secret: string}).secret);
	assert.deepEqual(secrets, ['ATATTsecret']);
});

test('a text that is longer than its field shows the part in which one types', async context => {
	const app = openApp(context, createFakeServices(), {columns: 40, rows: 12, startAt: place});
	await app.waitFor('Label');
	app.type(`${keys.tab}${'0123456789'.repeat(5)}END`);
	await app.waitFor('789END');
	app.type(keys.left.repeat(53));
	await app.waitFor(/Label +0123456789/);
	assert.doesNotMatch(app.text(), /END/);
});

test('a filter without colours shows where one types', async context => {
	const app = openApp(context, createFakeServices(), {environment: {NO_COLOR: '1'}});
	await app.waitFor('web-frontend');
	app.type(`/wfb${keys.left.repeat(2)}e`);
	await app.waitFor(/\/ we_fb/);
});
