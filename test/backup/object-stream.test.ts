import assert from 'node:assert/strict';
import {test} from 'node:test';
import {linesOf, objectsIn} from '../../source/backup/object-stream.ts';

const id = (digit: string): string => digit.repeat(40);
const object = (digit: string, contents: string): string =>
	`${id(digit)} blob ${contents.length}\n${contents}\n`;
const output = Buffer.from(
	`${object('1', 'first\nline')}${id('2')} missing\n${object('3', '')}${object('4', 'x'.repeat(300))}`,
);

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
	for (let start = 0; start < bytes.length; start += size) {
		yield bytes.subarray(start, start + size);
	}
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
	const all: Item[] = [];
	for await (const item of items) {
		all.push(item);
	}

	return all;
}

for (const size of [1, 2, 3, 7, 41, 50, 300, 10_000]) {
	test(`object stream: objects are the same in pieces of ${size} bytes`, async () => {
		const objects = await collect(objectsIn(inPieces(output, size)));
		assert.deepEqual(
			objects.map(({name, type, contents}) => [name, type, contents.toString()]),
			[
				[id('1'), 'blob', 'first\nline'],
				[id('3'), 'blob', ''],
				[id('4'), 'blob', 'x'.repeat(300)],
			],
		);
	});

	test(`object stream: lines are the same in pieces of ${size} bytes`, async () => {
		const text = 'one\n\nthree ü\nlast';
		const lines = await collect(linesOf(inPieces(Buffer.from(text, 'latin1'), size)));
		assert.deepEqual(lines.flat(), text.split('\n'));
	});
}

for (const [name, bytes] of [
	['in a header', output.subarray(0, 20)],
	['in its contents', output.subarray(0, 52)],
	['before the line break after them', output.subarray(0, output.length - 1)],
] as const) {
	test(`object stream: an output that is cut ${name} is not taken for the whole`, async () => {
		await assert.rejects(collect(objectsIn(inPieces(bytes, 10))), /is cut/);
	});
}

test('object stream: something else is no output of git', async () => {
	await assert.rejects(collect(objectsIn(inPieces(Buffer.from('fatal: no\n'), 10))), /not what was expected/);
});

test('object stream: a large output is never held as a whole', async () => {
	const piece = Buffer.from(object('5', 'y'.repeat(65_000)));
	let yielded = 0;
	async function* endless(): AsyncGenerator<Buffer> {
		for (; yielded < 2000; yielded += 1) {
			yield piece;
		}
	}

	let seen = 0;
	for await (const {contents} of objectsIn(endless())) {
		assert.equal(contents.length, 65_000);
		seen += 1;
		// What comes is given away before more is taken.
		assert.ok(yielded - seen < 2);
	}

	assert.equal(seen, 2000);
});
