import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {
	formatRefList,
	isSameRefList,
	noRefs,
	parseRefList,
	refsThatDiffer,
} from '../../source/backup/ref-list.ts';

const a = 'a'.repeat(40);
const b = 'b'.repeat(40);

test('the file of a snapshot: HEAD first, then refs by name', () => {
	const refs = new Map([
		['refs/tags/v1', b],
		['refs/heads/main', a],
	]);
	assert.equal(
		formatRefList({head: 'refs/heads/main', refs}).toString(),
		`ref: refs/heads/main HEAD\n${a} refs/heads/main\n${b} refs/tags/v1\n`,
	);
	assert.equal(formatRefList({head: a, refs}).toString().split('\n')[0], `${a} HEAD`);
	assert.equal(formatRefList(noRefs).length, 0);
});

test('any names, any bytes: what is written is read again', () => {
	const name = fc
		.array(
			fc.integer({min: 0x21, max: 0xff}).filter(code => code !== 0x7f),
			{minLength: 1, maxLength: 20},
		)
		.map(codes => `refs/heads/${String.fromCharCode(...codes)}`);
	fc.assert(
		fc.property(fc.uniqueArray(name), fc.option(name, {nil: undefined}), (names, head) => {
			const list = {head, refs: new Map(names.map(text => [text, a]))};
			assert.ok(isSameRefList(parseRefList(formatRefList(list)), list));
		}),
	);
});

test('differences are named in both directions', () => {
	const upstream = new Map([
		['refs/heads/main', a],
		['refs/heads/new', a],
	]);
	const mirror = new Map([
		['refs/heads/main', b],
		['refs/heads/old', a],
	]);
	assert.deepEqual(refsThatDiffer(upstream, mirror), ['refs/heads/main', 'refs/heads/new', 'refs/heads/old']);
	assert.deepEqual(refsThatDiffer(upstream, upstream), []);
});
