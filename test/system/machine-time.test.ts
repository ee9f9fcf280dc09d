import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {uptime} from 'node:os';
import {test} from 'node:test';
import {createMachineTime} from '../../source/system/machine-time.ts';

function machine() {
	const state = {monotonic: 5000, slept: 0, noise: 0};
	const time = createMachineTime({
		monotonic: () => state.monotonic,
		uptime: () => (state.monotonic + state.slept + state.noise) / 1000,
		boot: () => 'a boot',
	});
	return {state, time};
}

test('machine time: goes with the monotonic clock while the machine is awake, whatever the noise of the uptime', () => {
	const {state, time} = machine();
	for (const noise of [0, -10, 9, -900, 400, 1400]) {
		state.noise = noise;
		state.monotonic += 5000;
		assert.equal(time.elapsed(), state.monotonic);
	}
});

test('machine time: a sleep counts, never for longer than it lasted and hardly for less', () => {
	const {state, time} = machine();
	const before = time.elapsed();
	state.slept = 3_600_000;
	state.monotonic += 2000;
	const passed = time.elapsed() - before;
	assert.ok(passed <= 3_602_000);
	assert.ok(passed >= 3_601_000 - 10);
});

test('machine time: an uptime that goes back takes nothing back', () => {
	const {state, time} = machine();
	state.slept = 3_600_000;
	state.monotonic += 2000;
	const before = time.elapsed();
	state.slept = 0;
	state.monotonic += 2000;
	assert.equal(time.elapsed(), before + 2000);
});

test('machine time: is the same for another process', () => {
	const here = createMachineTime();
	const script = `
		import {createMachineTime} from './source/system/machine-time.ts';
		const time = createMachineTime();
		console.log(JSON.stringify([time.elapsed(), time.boot()]));
	`;
	const before = here.elapsed();
	const [there, boot] = JSON.parse(
		execFileSync(process.execPath, ['--import=tsx', '--input-type=module', '--eval', script], {
			encoding: 'utf8',
			cwd: new URL('../..', import.meta.url),
		}),
	);
	assert.ok(there >= before - 25 && there <= here.elapsed() + 25);
	assert.equal(boot, here.boot());
	assert.ok(Math.abs(here.elapsed() / 1000 - uptime()) < 5);
});
