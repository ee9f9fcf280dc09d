import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type ByteRange, parseByteRange} from '../../source/sandbox/byte-range.ts';

const cases: ReadonlyArray<
	readonly [header: string | undefined, size: number, expected: ReturnType<typeof parseByteRange>]
> = [
	[undefined, 10, undefined],
	['bytes=0-', 10, range(0, 9)],
	['bytes=4-6', 10, range(4, 6)],
	['bytes=4-600', 10, range(4, 9)],
	['bytes=-3', 10, range(7, 9)],
	['bytes=-30', 10, range(0, 9)],
	['bytes=10-', 10, 'unsatisfiable'],
	['bytes=0-', 0, 'unsatisfiable'],
	['bytes=-', 10, undefined],
	['bytes=1-2,4-5', 10, undefined],
	['lines=1-2', 10, undefined],
];

for (const [header, size, expected] of cases) {
	test(`${header} of ${size} bytes`, () => {
		assert.deepEqual(parseByteRange(header, size), expected);
	});
}

function range(start: number, end: number): ByteRange {
	return {start, end};
}
