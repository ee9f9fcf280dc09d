import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type Typed, typeMore} from '../../source/commands/type-unseen.ts';

for (const [name, before, part, expected] of [
	['letters', 'ab', 'cd', {text: 'abcd'}],
	['Enter', 'ab', 'c\rd', {text: 'abc', end: 'entered'}],
	['a pasted line end', '', 'token\n', {text: 'token', end: 'entered'}],
	['Backspace', 'añ', '\u007f', {text: 'a'}],
	['Backspace over a character of two units', 'a😀', '\b', {text: 'a'}],
	['Backspace where nothing is', '', '\u007fx', {text: 'x'}],
	['Ctrl-U', 'abc', '\u0015d', {text: 'd'}],
	['Ctrl-C', 'abc', '\u0003', {text: 'abc', end: 'interrupted'}],
	['Ctrl-D', 'abc', '\u0004', {text: 'abc', end: 'ended'}],
	[
		'arrows and function keys, which are no text',
		'a',
		'\u001b[A\u001b[1;5C\u001bOPb\u001b[200~c\u001b',
		{text: 'abc'},
	],
	['tabs and other controls, which are no text', 'a', '\t\u0001b', {text: 'ab'}],
] as ReadonlyArray<readonly [string, string, string, Typed]>) {
	test(`typed unseen: ${name}`, () => {
		assert.deepEqual(typeMore(before, part), expected);
	});
}
