import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createTransferSlots} from '../../source/backup/transfer-slots.ts';

test('transfer slots: never more at once than there are, and who waits longest comes next', async () => {
	const slots = createTransferSlots(2);
	const gates = Array.from({length: 5}, () => Promise.withResolvers<void>());
	const begun: number[] = [];
	const all = gates.map(async ({promise}, index) =>
		slots.use(async () => {
			begun.push(index);
			await promise;
			return index;
		}),
	);
	const settle = async (): Promise<void> =>
		new Promise(resolve => {
			setImmediate(resolve);
		});
	await settle();
	assert.deepEqual(begun, [0, 1]);
	gates[1]?.resolve();
	await settle();
	assert.deepEqual(begun, [0, 1, 2]);
	gates[0]?.resolve();
	gates[2]?.resolve();
	await settle();
	assert.deepEqual(begun, [0, 1, 2, 3, 4]);
	gates[3]?.resolve();
	gates[4]?.resolve();
	assert.deepEqual(await Promise.all(all), [0, 1, 2, 3, 4]);
});

test('transfer slots: one that fails gives its slot back', async () => {
	const slots = createTransferSlots(1);
	await assert.rejects(
		slots.use(async () => {
			throw new Error('it broke');
		}),
		/it broke/,
	);
	assert.equal(await slots.use(async () => 'next'), 'next');
});
