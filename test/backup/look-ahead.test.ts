import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createLookAhead} from '../../source/backup/look-ahead.ts';

function bench(count: number) {
	const repositories = Array.from({length: count}, (_, index) => `r${index}`);
	const asked: string[] = [];
	let now = 0;
	const lookAhead = createLookAhead({
		repositories,
		ask: async repository => {
			asked.push(repository);
			if (repository === 'r2') {
				throw new Error('refused');
			}

			return `${repository} at ${now}`;
		},
		clock: {elapsed: () => now},
	});
	return {
		lookAhead,
		asked,
		pass: (milliseconds: number) => {
			now += milliseconds;
		},
	};
}

test('look ahead: the next ones are asked for with the first, each once', async () => {
	const {lookAhead, asked} = bench(100);
	assert.equal(await lookAhead.of('r0'), 'r0 at 0');
	assert.equal(asked.length, 25);
	assert.equal(await lookAhead.of('r1'), 'r1 at 0');
	assert.equal(asked.length, 26);
	await assert.rejects(lookAhead.of('r2'), /refused/);
	for (let index = 3; index < 100; index += 1) {
		await lookAhead.of(`r${index}`);
	}

	assert.equal(asked.length, 100);
	assert.equal(new Set(asked).size, 100);
});

test('look ahead: what was said too long ago is asked for again', async () => {
	const {lookAhead, pass} = bench(3);
	await lookAhead.of('r0');
	pass(61_000);
	assert.equal(await lookAhead.of('r1'), 'r1 at 61000');
});

test('look ahead: one that is asked for twice is asked anew', async () => {
	const {lookAhead, asked} = bench(2);
	await lookAhead.of('r1');
	await lookAhead.of('r1');
	assert.deepEqual(asked, ['r0', 'r1', 'r1']);
});
