import assert from 'node:assert/strict';
import test from 'node:test';
import {tableLines} from '../../source/commands/table.ts';

test('columns are as wide as their widest cell on screen', () => {
	assert.deepEqual(
		tableLines([
			['name', 'state', 'x'],
			['バックアップ', 'ok', 'y'],
			['e\u0301te\u0301', '', 'z'],
		]),
		['name          state  x', 'バックアップ  ok     y', 'e\u0301te\u0301                  z'],
	);
});

test('nothing that Bitbucket or anybody else named reaches the terminal raw', () => {
	const [line = ''] = tableLines([['a\u001b]52;c;aGk=\u0007b', 'c\nd', 'e\u202ef']]);
	assert.doesNotMatch(line, /[\u0000-\u001f\u202e]/);
});
