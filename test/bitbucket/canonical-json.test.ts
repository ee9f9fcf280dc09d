import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {canonicalJson} from '../../source/bitbucket/canonical-json.ts';
import {anyJson} from './json-text.ts';

const canonical = (text: string): string => canonicalJson(Buffer.from(text));

/** Writes a value with its keys in the order that `order` gives them, and as much space as `space`. */
function write(value: unknown, order: (keys: string[]) => string[], space: string): string {
	if (Array.isArray(value)) {
		return `[${value.map(element => space + write(element, order, space)).join(`${space},`)}]`;
	}

	if (typeof value === 'object' && value !== null) {
		const members = order(Object.keys(value)).map(
			key =>
				`${space}${JSON.stringify(key)}${space}:${space}${write((value as Record<string, unknown>)[key], order, space)}`,
		);
		return `{${members.join(`${space},`)}${space}}`;
	}

	return JSON.stringify(value);
}

test('the order of keys and the space between them make no difference', () => {
	fc.assert(
		fc.property(fc.jsonValue(), fc.constantFrom('', ' ', '\n\t'), (value, space) => {
			const plain = write(value, keys => keys, '');
			assert.equal(canonical(write(value, keys => keys.toReversed(), space)), canonical(plain));
			assert.equal(canonical(JSON.stringify(value, undefined, 2)), canonical(plain));
		}),
	);
});

test('is JSON of the same value, and its own canonical form', () => {
	fc.assert(
		fc.property(anyJson, text => {
			assert.deepEqual(JSON.parse(canonical(text)), JSON.parse(text));
			assert.equal(canonical(canonical(text)), canonical(text));
		}),
	);
});

test('texts of one canonical form have one value', () => {
	const pairs = anyJson.chain(text =>
		fc.tuple(fc.constant(text), fc.oneof(anyJson, fc.constant(` ${text} `))),
	);
	fc.assert(
		fc.property(pairs, ([one, other]) => {
			if (canonical(one) === canonical(other)) {
				assert.deepEqual(JSON.parse(one), JSON.parse(other));
			}
		}),
	);
});

for (const [one, other, isSame] of [
	['{"a":1,"b":2}', '{ "b":2, "a":1 }', true],
	['"\\u00e9"', '"é"', true],
	['"\\/"', '"/"', true],
	['1.0', '1', false],
	['12345678901234567890', '12345678901234567891', false],
	['1e5', '100000', false],
	['{"a":1,"a":2}', '{"a":2,"a":1}', false],
	['{"b":0,"a":1,"a":2}', '{"a":1,"b":0,"a":2}', true],
	['[1,2]', '[2,1]', false],
	['{"__proto__":1}', '{}', false],
	['"\\ud800"', '"\\udc00"', false],
] as const) {
	test(`${one} and ${other} are ${isSame ? 'the same' : 'not the same'}`, () => {
		assert.equal(canonical(one) === canonical(other), isSame);
	});
}

test('what is nested deeper than anything of Bitbucket’s is compared as it is', () => {
	const depth = 100_000;
	const deep = '['.repeat(depth) + ']'.repeat(depth);
	assert.equal(canonical(deep), deep);
	assert.notEqual(canonical(deep), canonical(`[${deep}]`));
});
