import assert from 'node:assert/strict';
import {test} from 'node:test';
import {elementFile, elementsIn, listFile, listsFile} from '../../source/backup/metadata/list-file.ts';

const raw = (...texts: readonly string[]): Buffer[] => texts.map(text => Buffer.from(text));

test('a list is kept with an element a line, each as it came', () => {
	const file = listFile(raw('{"id":12345678901234567890}', '1.0', '"\\u00e9"'));
	assert.equal(file.toString(), '[\n{"id":12345678901234567890},\n1.0,\n"\\u00e9"\n]\n');
	assert.deepEqual(
		elementsIn(file).map(element => element.raw.toString()),
		['{"id":12345678901234567890}', '1.0', '"\\u00e9"'],
	);
	assert.equal(listFile([]).toString(), '[]\n');
	assert.equal(elementFile(Buffer.from('{}')).toString(), '{}\n');
});

test('lists by names are one object, whatever is in a name', () => {
	const file = listsFile(
		new Map([
			['{1}', listFile(raw('{"a":1.0}'))],
			['"\n', listFile([])],
		]),
	);
	assert.equal(file.toString(), '{\n"{1}": [\n{"a":1.0}\n],\n"\\"\\n": []\n}\n');
	assert.deepEqual(JSON.parse(file.toString()), {'{1}': [{a: 1}], '"\n': []});
	assert.equal(listsFile(new Map()).toString(), '{}\n');
});

test('what is no list has no elements', () => {
	assert.deepEqual(elementsIn(Buffer.from('{"a":1}')), []);
	assert.deepEqual(elementsIn(Buffer.from('[1')), []);
});
