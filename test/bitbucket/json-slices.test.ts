import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {NotJson, type Slice, sliceArray, sliceObject, sliceText} from '../../source/bitbucket/json-slices.ts';
import {elementsOfArray, elementsOfPage} from '../../source/bitbucket/list-elements.ts';
import {anyJson, anySpace, anyString} from './json-text.ts';

const text = (bytes: Buffer, {start, end}: Slice): string => bytes.subarray(start, end).toString('utf8');

/** What lies between parts, before the first and after the last. */
function between(bytes: Buffer, parts: readonly Slice[]): string[] {
	const starts = [...parts.map(({start}) => start), bytes.length];
	const ends = [0, ...parts.map(({end}) => end)];
	return ends.map((end, index) => bytes.subarray(end, starts[index]).toString('utf8'));
}

test('the parts of any array parse to its elements, and with what lies between them are its bytes', () => {
	const arrays = fc.tuple(
		anySpace,
		fc.array(fc.tuple(anySpace, anyJson, anySpace), {maxLength: 6}),
		anySpace,
	);
	fc.assert(
		fc.property(arrays, ([before, elements, after]) => {
			const bytes = Buffer.from(`${before}[${elements.map(parts => parts.join('')).join(',')}]${after}`);
			const parts = sliceArray(bytes, sliceText(bytes));
			assert.deepEqual(
				parts.map(part => text(bytes, part)),
				elements.map(([, element]) => element),
			);
			assert.deepEqual(
				elementsOfArray(bytes).map(({value}) => value),
				JSON.parse(bytes.toString('utf8')),
			);
			const separators = between(bytes, parts);
			assert.ok(separators.every(separator => /^[\s[\],]+$/.test(separator)));
			const whole = separators.map((separator, index) => {
				const part = parts[index];
				return separator + (part === undefined ? '' : text(bytes, part));
			});
			assert.equal(whole.join(''), bytes.toString('utf8'));
		}),
	);
});

test('the members of any object are its names and values, in their order', () => {
	const member = fc.tuple(anySpace, anyString, anySpace, anySpace, anyJson, anySpace);
	fc.assert(
		fc.property(fc.array(member, {maxLength: 6}), members => {
			const inside = members.map(
				([one, name, two, three, value, four]) => `${one}${name}${two}:${three}${value}${four}`,
			);
			const bytes = Buffer.from(`{${inside.join(',')}}`);
			const found = sliceObject(bytes, sliceText(bytes));
			assert.deepEqual(
				found.map(part => [part.name, text(bytes, part)]),
				members.map(([, name, , , value]) => [JSON.parse(name), value]),
			);
			const last = new Map(found.map(part => [part.name, JSON.parse(text(bytes, part))]));
			const parsed = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
			assert.equal(Object.keys(parsed).length, last.size);
			for (const [name, value] of last) {
				assert.deepEqual(value, Object.getOwnPropertyDescriptor(parsed, name)?.value);
			}
		}),
	);
});

test('the whole of any JSON is found without the space around it', () => {
	fc.assert(
		fc.property(anySpace, anyJson, anySpace, (before, value, after) => {
			const bytes = Buffer.from(before + value + after);
			assert.equal(text(bytes, sliceText(bytes)), value);
		}),
	);
});

test('whatever bytes come: what JSON.parse takes is cut as it says, and nothing is cut without end', () => {
	const pieces = fc.array(
		fc.constantFrom('[', ']', '{', '}', ',', ':', '"', '\\', 'values', '1', 'null', ' ', '\u{1f600}', 'é'),
		{maxLength: 20},
	);
	fc.assert(
		fc.property(pieces, parts => {
			const bytes = Buffer.from(parts.join(''));
			let parsed: unknown;
			try {
				parsed = JSON.parse(bytes.toString('utf8'));
			} catch {
				parsed = undefined;
			}

			if (Array.isArray(parsed)) {
				assert.deepEqual(
					elementsOfArray(bytes).map(({value}) => value),
					parsed,
				);
				return;
			}

			try {
				elementsOfArray(bytes);
			} catch (error) {
				assert.ok(error instanceof NotJson || error instanceof SyntaxError, String(error));
				return;
			}

			assert.fail('no array, and cut all the same');
		}),
		{numRuns: 2000},
	);
});

for (const wrong of [
	'',
	'[',
	'[1',
	'[1,',
	'[1,]',
	'[,1]',
	'[1 2]',
	'[1]]',
	'[1]x',
	'["a]',
	'["\\"]',
	'[{]',
	'{}',
]) {
	test(`is no array: ${wrong}`, () => {
		assert.throws(() => elementsOfArray(Buffer.from(wrong)));
	});
}

test('the elements of a page are those of its last member `values`, digits and escapes as they came', () => {
	const body = Buffer.from(
		'{"values":[1],"size": 2, "v\\u0061lues" : [ {"id":12345678901234567890,"x":1.0,"x":"\\u00e9"} , "a,]" ],"next":"n"}',
	);
	const {values} = JSON.parse(body.toString()) as {values: unknown[]};
	assert.deepEqual(
		elementsOfPage(body, values)?.map(({raw}) => raw.toString()),
		['{"id":12345678901234567890,"x":1.0,"x":"\\u00e9"}', '"a,]"'],
	);
	assert.equal(elementsOfPage(body, [...values, 3]), undefined, 'not what JSON.parse saw');
});

test('what is nested as deep as a sender likes is passed over without recursion', () => {
	const depth = 200_000;
	const body = Buffer.from(`{"values":[${'['.repeat(depth)}${']'.repeat(depth)}]}`);
	const {values} = JSON.parse(body.toString()) as {values: unknown[]};
	assert.equal(elementsOfPage(body, values)?.[0]?.raw.length, 2 * depth);
});
