import assert from 'node:assert/strict';
import {test} from 'node:test';
import {killRuns} from '../faults/kill-runs.ts';
import {createRandom} from '../faults/seeded-random.ts';
import {temporaryFolder} from '../temporary-folder.ts';

/** A moment of death is drawn for each of them; printed where the test fails, so that it can be set to try the same again. */
const seed = Number(process.env['KILL_SEED'] ?? 20_261_127);

test('a run that is killed fifty times at random moments resumes, with nothing to repair by hand', {
	skip: process.platform !== 'linux' && 'it looks for processes in /proc',
}, async context => {
	const {kills, losses} = await killRuns({
		folder: await temporaryFolder(context),
		random: createRandom(seed),
		goesOn: count => count < 50,
	});
	assert.deepEqual(losses, [], `seed ${seed}`);
	assert.equal(kills, 50, `seed ${seed}`);
});
