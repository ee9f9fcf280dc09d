import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createRandom} from '../../source/sandbox/random.ts';

const draw = (seed: string) => {
	const random = createRandom(seed);
	return [
		random.uuid(),
		random.integer(0, 1_000_000),
		random.hexadecimal(9),
		random.bytes(5).toString('hex'),
	];
};

test('the same seed draws the same, another seed something else', () => {
	assert.deepEqual(draw('one'), draw('one'));
	assert.notDeepEqual(draw('one'), draw('two'));
});

test('a derived stream does not depend on what was drawn from its parent', () => {
	const fresh = createRandom('seed');
	const used = createRandom('seed');
	used.bytes(1000);
	assert.equal(fresh.derive('part').uuid(), used.derive('part').uuid());
	assert.notEqual(fresh.derive('part').uuid(), fresh.derive('other').uuid());
});

test('whole numbers reach both ends and never pass them', () => {
	const random = createRandom('dice');
	const seen = new Set(Array.from({length: 1000}, () => random.integer(1, 6)));
	assert.deepEqual([...seen].sort(), [1, 2, 3, 4, 5, 6]);
});

test('uuids are of version 4 in braces, and different', () => {
	const random = createRandom('uuids');
	const uuids = Array.from({length: 2000}, () => random.uuid());
	assert.equal(new Set(uuids).size, uuids.length);
	for (const uuid of uuids) {
		assert.match(uuid, /^\{[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\}$/);
	}
});

test('a sample holds different elements, no more than there are', () => {
	const random = createRandom('sample');
	assert.deepEqual(random.sample([1, 2, 3], 9).sort(), [1, 2, 3]);
	assert.equal(random.sample([1, 2, 3], 2).length, 2);
	assert.throws(() => random.pick([]), RangeError);
});
