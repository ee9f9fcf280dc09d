import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createSmoothing} from '../../source/accounts/smooth-starts.ts';
import {waitUntil} from '../system/wait-until.ts';

const hour = 3_600_000;

for (const [what, by] of [
	['back by two hours', -2 * hour],
	['back by four hundred days', -9600 * hour],
	['forth by two hours', 2 * hour],
] as const) {
	test(`starts go on when the clock is set ${what} amid them`, async context => {
		const real = Date.now;
		let offset = 0;
		context.mock.method(Date, 'now', () => real() + offset);
		const smooth = createSmoothing(4, new AbortController().signal);
		let started = 0;
		const starts = Array.from({length: 7}, async () => {
			await smooth();
			started += 1;
		});
		await waitUntil(() => started >= 3);
		offset = by;
		starts.push(smooth(), smooth());
		await Promise.all(starts);
		await Promise.all([smooth(), smooth(), smooth(), smooth(), smooth()]);
	});
}

test('whoever waits is told why it ends', async () => {
	const end = new AbortController();
	const smooth = createSmoothing(1, end.signal);
	await smooth();
	const waiting = smooth();
	end.abort(new Error('The run was cancelled.'));
	await assert.rejects(waiting, /The run was cancelled/);
});
