import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {sanitize} from '../../source/system/sanitize.ts';

const table: ReadonlyArray<readonly [string, string, string]> = [
	['plain text', 'feature/login', 'feature/login'],
	['letters of the world and emoji', 'zażółć 漢字 👩‍💻 é', 'zażółć 漢字 👩‍💻 é'],
	['colours', '\u001b[31mred\u001b[0m', 'red'],
	['a clipboard write (OSC 52) ended by BEL', 'a\u001b]52;c;ZXZpbA==\u0007b', 'ab'],
	['a clipboard write ended by the string terminator', 'a\u001b]52;c;ZXZpbA==\u001b\\b', 'ab'],
	['a title change that never ends', 'a\u001b]0;owned', 'a'],
	['a device control string', 'a\u001bP1$r\u001b\\b', 'ab'],
	['C1 control sequences', 'a\u009b31mb\u009d0;x\u009cc', 'abc'],
	['carriage return and backspace', 'good\rbad\b\b', 'good bad'],
	['line breaks of every kind', 'a\nb\r\nc\u2028d\u0085e', 'a b c d e'],
	['text turned around', 'user\u202etxt.exe\u202c', 'usertxt.exe'],
	['isolates', 'a\u2066b\u2069c', 'abc'],
	['zero width and soft hyphen', 'a\u200bb\u00adc\ufeffd', 'abcd'],
	['NUL and DEL', 'a\u0000b\u007fc', 'abc'],
	['a lone half of a pair', 'a\ud800b', 'a\ufffdb'],
	['a lone escape', 'a\u001b', 'a'],
	['a joiner that joins no emoji', 'ad\u200dmin', 'admin'],
	['two joiners', '👩\u200d\u200d💻', '👩💻'],
	['emoji with joiner, selector and skin colour', '🏳️\u200d🌈 👩🏽\u200d💻 ❤️', '🏳️\u200d🌈 👩🏽\u200d💻 ❤️'],
	['a selector behind a letter', 'a\ufe0fb\ufe0eb', 'abb'],
	['fillers that cannot be seen', 'a\u3164b\u115fc\u034fd\u2800', 'abcd\u2800'],
	[
		'every mark of direction',
		'a\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069b',
		'ab',
	],
	['an escape inside an escape', 'a\u001b\u001b[31m[31mb', 'a[31mb'],
	['an application command', 'a\u001b_Gf=100;AAAA\u001b\\b', 'ab'],
	['tag characters', 'a\u{e0041}b', 'ab'],
];

for (const [name, given, expected] of table) {
	test(`sanitize: ${name}`, () => {
		assert.equal(sanitize(given), expected);
	});
}

test('sanitize: whatever comes in, nothing that controls comes out, and a second time changes nothing', () => {
	const hostile = fc.oneof(
		fc.string({unit: 'binary'}),
		fc
			.array(
				fc.constantFrom(
					'\u001b',
					'[',
					']',
					'52;c;',
					'\u0007',
					'\\',
					'\u009b',
					'\u202e',
					'a',
					'\n',
					'31m',
					'\ud800',
					'\u200d',
					'\ufe0f',
					'👩',
					'💻',
					'\u200b',
				),
			)
			.map(parts => parts.join('')),
	);
	fc.assert(
		fc.property(hostile, text => {
			const safe = sanitize(text);
			assert.doesNotMatch(
				safe,
				/[\u0000-\u001f\u007f-\u009f\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/,
			);
			assert.ok(safe.isWellFormed());
			assert.equal(sanitize(safe), safe);
		}),
		{numRuns: 500},
	);
});
