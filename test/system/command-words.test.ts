import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {joinWords, splitWords} from '../../source/system/command-words.ts';

for (const [text, words] of [
	['', []],
	['  mail  root ', ['mail', 'root']],
	["mail -s 'Backup of Bitbucket' root", ['mail', '-s', 'Backup of Bitbucket', 'root']],
	['say "it\'s done" a\\ b', ['say', "it's done", 'a b']],
	['"a\\"b\\\\c\\d"', ['a"b\\c\\d']],
	["a'b'\"c\"d ''", ['abcd', '']],
	['echo $HOME | cat *', ['echo', '$HOME', '|', 'cat', '*']],
	["mail 'not closed", undefined],
	['mail "not closed', undefined],
	['mail \\', undefined],
] as const) {
	test(`words of ${JSON.stringify(text)}`, () => {
		assert.deepEqual(splitWords(text), words);
	});
}

test('words are written so that they are read again as they were', () => {
	fc.assert(
		fc.property(fc.array(fc.string({unit: 'grapheme'})), words => {
			assert.deepEqual(splitWords(joinWords(words)), words);
		}),
	);
});
