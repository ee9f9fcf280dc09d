import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {type Key, splitKeys} from '../../source/app/input/keys.ts';

const names = (input: string): readonly string[] =>
	splitKeys(input).keys.map(key => (key.kind === 'paste' ? `paste ${key.text}` : key.name));

const table: ReadonlyArray<readonly [string, readonly string[]]> = [
	['jj', ['j', 'j']],
	['\u001b[A\u001b[B', ['up', 'down']],
	['\u001bOA', ['up']],
	['\u001b[Z\t', ['shift-tab', 'tab']],
	['\r\n', ['enter', 'enter']],
	['\u0013\u0003\u001a', ['ctrl-s', 'ctrl-c', 'ctrl-z']],
	['\u007f\b', ['backspace', 'backspace']],
	['ż漢👩', ['ż', '漢', '👩']],
	[' ', ['space']],
	['\u001b[5~\u001b[6~\u001b[3~', ['page-up', 'page-down', 'delete']],
	['\u001b[1;5A', ['unknown']],
	['\u001bx', ['escape', 'x']],
	['\u001b\u001b[A', ['escape', 'up']],
	['a\u001b[200~x\ny\u001b[201~b', ['a', 'paste x\ny', 'b']],
];

for (const [input, expected] of table) {
	test(`keys: ${JSON.stringify(input)}`, () => {
		assert.deepEqual(names(input), expected);
		assert.equal(splitKeys(input).rest, '');
	});
}

test('keys: the beginning of a sequence is handed back', () => {
	for (const part of ['\u001b', '\u001b[', '\u001b[1', '\u001bO', '\u001b[200~half of a paste']) {
		assert.deepEqual(splitKeys(`j${part}`), {keys: [{kind: 'key', name: 'j', raw: 'j'}], rest: part});
	}
});

test('keys: however the input is cut into pieces, the keys are the same', () => {
	const piece = fc.constantFrom(
		'j',
		'\r',
		'\u001b[A',
		'\u001bOB',
		'\u001b[200~tok\nen\u001b[201~',
		'漢',
		' ',
		'\u0013',
		'\u001b[6~',
	);
	fc.assert(
		fc.property(fc.array(piece, {maxLength: 20}), fc.array(fc.nat({max: 200})), (pieces, cuts) => {
			const input = pieces.join('');
			const whole = splitKeys(input).keys;
			const places = [...new Set(cuts.map(cut => cut % (input.length + 1)))].sort(
				(left, right) => left - right,
			);
			const keys: Key[] = [];
			let rest = '';
			let start = 0;
			for (const place of [...places, input.length]) {
				const split = splitKeys(rest + input.slice(start, place));
				keys.push(...split.keys);
				rest = split.rest;
				start = place;
			}

			assert.deepEqual(keys, whole);
			assert.equal(rest, '');
		}),
	);
});
