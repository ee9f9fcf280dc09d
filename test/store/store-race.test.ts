import assert from 'node:assert/strict';
import {once} from 'node:events';
import {createInterface} from 'node:readline';
import {test} from 'node:test';
import {temporaryFolder} from '../temporary-folder.ts';
import {openStoreIn, planNames, startRacer} from './store-users.ts';

test('store race: five processes that write at once lose nothing, and a reader is never told of damage', async context => {
	const folder = await temporaryFolder(context);
	const racers = Array.from({length: 5}, (_, index) => startRacer(folder, `racer-${index}`, 20));
	let isOver = false;
	const over = Promise.all(racers.map(async racer => once(racer, 'exit'))).finally(() => {
		isOver = true;
	});
	const reader = await openStoreIn(folder);
	let most = 0;
	while (!isOver) {
		const {length} = await planNames(reader);
		assert.ok(length >= most, 'what was read once is not gone');
		most = length;
	}

	assert.deepEqual(
		(await over).map(([code]) => code),
		[0, 0, 0, 0, 0],
	);
	assert.deepEqual(reader.notices(), []);
	assert.equal(new Set(await planNames(reader)).size, 100);
});

test('store race: a killed writer leaves the old or the new store, and all that it acknowledged', async context => {
	const folder = await temporaryFolder(context);
	const acknowledged: string[] = [];
	for (let round = 0; round < 8; round += 1) {
		const racer = startRacer(folder, `round-${round}`, 1_000_000);
		const lines = createInterface({input: racer.stdout ?? process.stdin});
		lines.on('line', line => acknowledged.push(line));
		// From the first write on, so many event loops later: another instant of another write in each round.
		await once(lines, 'line');
		for (let turn = 0; turn < round * 37; turn += 1) {
			await new Promise(resolve => {
				setImmediate(resolve);
			});
		}

		racer.kill('SIGKILL');
		await Promise.all([once(racer, 'exit'), once(lines, 'close')]);

		const store = await openStoreIn(folder);
		const names = new Set(await planNames(store));
		assert.deepEqual(
			acknowledged.filter(name => !names.has(name)),
			[],
		);
		assert.deepEqual(store.notices(), []);
	}
});
