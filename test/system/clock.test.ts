import assert from 'node:assert/strict';
import {test} from 'node:test';
import {systemClock} from '../../source/system/clock.ts';

test('clock: waiting ends with the reason of whoever ends it', async () => {
	const abort = new AbortController();
	const reason = new Error('enough');
	const waiting = systemClock.wait(3_600_000, abort.signal);
	abort.abort(reason);
	await assert.rejects(waiting, (error: unknown) => error === reason);
	await assert.rejects(systemClock.wait(1, abort.signal), (error: unknown) => error === reason);
});

test('clock: longer than a timer can count is still long', async () => {
	const abort = new AbortController();
	const long = systemClock.wait(2 ** 40, abort.signal).then(
		() => 'over',
		() => 'aborted',
	);
	await systemClock.wait(20);
	abort.abort();
	assert.equal(await long, 'aborted');
});
