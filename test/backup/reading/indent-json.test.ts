import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {indentJson} from '../../../source/backup/reading/indent-json.ts';

test('JSON is laid out as everybody does, whatever it holds', () => {
	fc.assert(
		fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, space) => {
			assert.equal(indentJson(JSON.stringify(value, undefined, space)), JSON.stringify(value, undefined, 2));
		}),
	);
});

test('JSON keeps its numbers, escapes and doubled keys to the letter; what is no JSON is left as it is', () => {
	assert.equal(
		indentJson('{"id":12345678901234567890,"a":1.0,"a":[],"b":{ },"c":"\\u0041, {"}'),
		'{\n  "id": 12345678901234567890,\n  "a": 1.0,\n  "a": [],\n  "b": {},\n  "c": "\\u0041, {"\n}',
	);
	for (const text of ['', '{', 'ref: refs/heads/main HEAD\n', 'undefined']) {
		assert.equal(indentJson(text), text);
	}
});
