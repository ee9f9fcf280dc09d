import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {test} from 'node:test';
import {temporaryFolder} from '../temporary-folder.ts';
import {endWriters} from './end-writers.ts';
import {runOverFaults} from './faulty-runs.ts';
import {createRandom} from './seeded-random.ts';

/* A bounded part of what `npm run torture` does for as long as one likes. A seed is printed where it fails. */

const seed = Number(process.env['TORTURE_SEED'] ?? 20_261_127);

test('store, vault, ledger and journal: what was acknowledged is there after each kill and each failure of the disk', async context => {
	const {kills, diskFaults, acknowledged, losses} = await endWriters({
		folder: await temporaryFolder(context),
		random: createRandom(seed),
		goesOn: ended => ended < 40,
	});
	assert.deepEqual(losses, [], `seed ${seed}`);
	// Some do not outlive the failures of their disk.
	assert.ok(kills > 20, `${kills} kills`);
	assert.ok(diskFaults > 50 || spawnSync('strace', ['-V']).error !== undefined, `${diskFaults} faults`);
	assert.ok(acknowledged > 100, `${acknowledged} were acknowledged`);
});

test('runs over a network that fails: nothing is lost, and once it is well all is backed up', async context => {
	const {faults, losses} = await runOverFaults({
		folder: await temporaryFolder(context),
		random: createRandom(seed),
		rate: 0.3,
		goesOn: count => count < 60,
	});
	assert.deepEqual(losses, [], `seed ${seed}`);
	assert.ok(Object.values(faults).reduce((sum, count) => sum + count, 0) >= 60);
});
