import assert from 'node:assert/strict';
import {PassThrough} from 'node:stream';
import {StringDecoder} from 'node:string_decoder';
import {test} from 'node:test';
import fc from 'fast-check';
import {createKeySource, pastedLine} from '../../source/app/input/key-source.ts';
import {createKeySplitter, type KeySplitter} from '../../source/app/input/key-splitter.ts';
import type {Key} from '../../source/app/input/keys.ts';

const nameOf = (key: Key): string => (key.kind === 'paste' ? `paste ${key.text}` : key.name);

/** What a terminal sends at once for one thing that a person did, and what that is. */
type Piece = {readonly sent: string; readonly keys: readonly string[]};

const piece = (sent: string, ...keys: readonly string[]): Piece => ({sent, keys});

const pieces: fc.Arbitrary<Piece> = fc.oneof(
	fc
		.constantFrom(...'jkgG/?qe 0123ż漢é✓')
		.map(character => piece(character, character === ' ' ? 'space' : character)),
	fc.string({unit: 'grapheme', minLength: 1, maxLength: 3}).map(text => {
		const characters = [...text.replaceAll(/[\p{Cc}\p{Cs} ]/gu, '')];
		return piece(characters.join(''), ...characters);
	}),
	fc.constantFrom(
		piece('\r', 'enter'),
		piece('\t', 'tab'),
		piece('\u007f', 'backspace'),
		piece('\u0013', 'ctrl-s'),
		piece('\u001b[A', 'up'),
		piece('\u001bOB', 'down'),
		piece('\u001bOM', 'enter'),
		piece('\u001b[6~', 'page-down'),
		piece('\u001b[Z', 'shift-tab'),
		// What nobody asked for: kitty's and xterm's longer forms, function keys, what a terminal tells of itself.
		piece('\u001b[97;5u', 'unknown'),
		piece('\u001b[27;5;106~', 'unknown'),
		piece('\u001b[57441;2:3u', 'unknown'),
		piece('\u001b[[A', 'f1'),
		piece('\u001b[[E', 'unknown'),
		piece('\u001b[24~', 'unknown'),
		piece('\u001b]11;rgb:1e1e/1e1e/2e2e\u0007', 'unknown'),
		piece('\u001b[?62;22c', 'unknown'),
		piece('\u001bP>|tmux 3.4\u001b\\', 'unknown'),
	),
	fc
		.array(fc.constantFrom('a', '\n', '\r', '\u001b', '[', '201', '~', '漢', '👩‍👩‍👧', '\u001b[A'), {
			maxLength: 12,
		})
		.map(parts => parts.join(''))
		.filter(text => !`${text}\u001b[201~`.slice(0, -1).includes('\u001b[201~'))
		.map(text => piece(`\u001b[200~${text}\u001b[201~`, `paste ${text}`)),
);

test('input: however the bytes are cut, every key and every pasted character is there once, and none is split', () => {
	fc.assert(
		fc.property(
			fc.array(pieces, {maxLength: 30}),
			fc.array(fc.nat({max: 100_000}), {maxLength: 60}),
			(sent, cuts) => {
				const bytes = Buffer.from(sent.map(one => one.sent).join(''));
				const decoder = new StringDecoder('utf8');
				const splitter = createKeySplitter();
				const places = [...new Set(cuts.map(cut => cut % (bytes.length + 1)))].sort(
					(one, other) => one - other,
				);
				const keys: Key[] = [];
				let start = 0;
				for (const place of [...places, bytes.length]) {
					keys.push(...splitter.feed(decoder.write(bytes.subarray(start, place))));
					start = place;
				}

				assert.deepEqual(
					keys.map(nameOf),
					sent.flatMap(one => one.keys),
				);
				assert.equal(splitter.waitsFor(), 'nothing');
			},
		),
		{numRuns: 1500},
	);
});

test('input: pieces with any silence between them are the same keys, Escape among them', () => {
	const withEscape = fc.oneof(pieces, fc.constant(piece('\u001b', 'escape')));
	fc.assert(
		fc.property(fc.array(withEscape, {maxLength: 30}), sent => {
			const splitter = createKeySplitter();
			const keys = sent.flatMap(one => [...splitter.feed(one.sent), ...silence(splitter)]);
			assert.deepEqual(
				keys.map(nameOf),
				sent.flatMap(one => one.keys),
			);
		}),
		{numRuns: 500},
	);
});

/** Nothing comes for so long that nothing is waited for any more. */
function silence(splitter: KeySplitter): readonly Key[] {
	const keys: Key[] = [];
	while (splitter.waitsFor() !== 'nothing') {
		keys.push(...splitter.endWaiting());
	}

	return keys;
}

/** `|` is a silence in which an Escape is taken for itself, but its remainder may still come. */
const late: ReadonlyArray<readonly [string, readonly string[]]> = [
	['\u001b|[A', ['escape']],
	['\u001b|[|', ['escape', '[']],
	['\u001b[|A', ['escape']],
	['\u001b[1;|5A', ['escape']],
	['\u001b|OA', ['escape']],
	['\u001b|OK', ['escape', 'O', 'K']],
	['\u001b|ok', ['escape', 'o', 'k']],
	['\u001b|[A[A', ['escape', '[', 'A']],
	['\u001b|[200~a\nb\u001b[201~c', ['escape', 'paste a\nb', 'c']],
	['\u001b[\r', ['escape', '[', 'enter']],
	['\u001b]x', ['escape', ']', 'x']],
];

for (const [input, expected] of late) {
	test(`input: ${JSON.stringify(input)} over a line that stalls at "|"`, () => {
		const splitter = createKeySplitter();
		const keys = input
			.split('|')
			.flatMap((part, index, all) => [
				...[...part].flatMap(character => splitter.feed(character)),
				...(index < all.length - 1 ? splitter.endWaiting() : silence(splitter)),
			]);
		assert.deepEqual(keys.map(nameOf), expected);
	});
}

test('input: a paste of a megabyte is one key, also bytewise; what is beyond is counted, not kept', () => {
	const text = 'token '.repeat(174_000);
	const splitter = createKeySplitter();
	const keys: Key[] = [];
	for (const character of `\u001b[200~${text}\u001b[201~j`) {
		keys.push(...splitter.feed(character));
	}

	assert.deepEqual(keys, [
		{kind: 'paste', text},
		{kind: 'key', name: 'j', raw: 'j'},
	]);
	const [huge] = createKeySplitter().feed(`\u001b[200~${'x'.repeat(1_048_576 + 77)}\u001b[201~`);
	assert.equal(huge?.kind === 'paste' && huge.text.length, 1_048_576);
	assert.equal(huge?.kind === 'paste' && huge.lost, 77);
});

test('input: Ctrl-C leaves a paste whose end never comes', () => {
	const splitter = createKeySplitter();
	assert.deepEqual(splitter.feed('\u001b[200~half a token'), []);
	assert.deepEqual(splitter.feed('\u0003').map(nameOf), ['ctrl-c']);
	assert.deepEqual(splitter.feed('j').map(nameOf), ['j']);
});

for (const [pasted, line] of [
	['ATATT3x\n', 'ATATT3x'],
	['ATA\r\n  TT3x', 'ATA  TT3x'],
	['\ufeffATATT\u200b3x', 'ATATT3x'],
	['\u001b[31mred\u001b[0m', 'red'],
	['👩‍👩‍👧', '👩‍👩‍👧'],
] as const) {
	test(`input: ${JSON.stringify(pasted)} becomes one line of a field`, () => {
		assert.equal(pastedLine(pasted), line);
	});
}

test('input: keys come one after the other to the handler, and what it does not take goes to the field', async () => {
	const input = Object.assign(new PassThrough(), {isTTY: true});
	const source = createKeySource(input);
	const taken: string[] = [];
	let typed = '';
	source.inkInput.on('data', (chunk: Buffer) => {
		typed += chunk.toString('utf8');
	});
	const end = new Promise<void>(resolve => {
		source.onKey(key => {
			const name = nameOf(key);
			if (name === 'ctrl-q') {
				resolve();
			}

			taken.push(name);
			return name.startsWith('ctrl-') || name === 'tab';
		});
	});
	source.start();
	const bytes = Buffer.from('bot-漢\t\u001b[200~to\nken\u001b[201~👩\u001b[97;5u\u0013\u0011');
	for (const byte of bytes) {
		input.write(Buffer.from([byte]));
	}

	await end;
	source.stop();
	assert.equal(typed, 'bot-漢token👩');
	assert.deepEqual(taken.slice(0, 7), ['b', 'o', 't', '-', '漢', 'tab', 'paste to\nken']);
});
