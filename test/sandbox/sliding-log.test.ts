import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {createSlidingLog} from '../../source/sandbox/sliding-log.ts';

test('a moment counts until exactly one window later', () => {
	const log = createSlidingLog(10);
	log.add(100);
	log.add(104, 2);
	assert.equal(log.used(109), 3);
	assert.equal(log.used(110), 2);
	assert.equal(log.used(113), 2);
	assert.equal(log.used(114), 0);
});

test('says when fewer than the limit are left', () => {
	const log = createSlidingLog(10);
	log.add(0);
	log.add(3);
	log.add(5);
	assert.equal(log.freesAt(6, 3), 10);
	assert.equal(log.freesAt(6, 2), 13);
	assert.equal(log.freesAt(6, 4), 6);
	assert.equal(log.freesAt(14, 2), 14);
});

test('agrees with counting everything anew, for any arrivals', () => {
	const steps = fc.array(fc.record({pause: fc.nat(7), times: fc.nat(3)}), {maxLength: 300});
	fc.assert(
		fc.property(steps, fc.integer({min: 1, max: 20}), (arrivals, window) => {
			const log = createSlidingLog(window);
			const all: number[] = [];
			let time = 0;
			for (const {pause, times} of arrivals) {
				time += pause;
				log.add(time, times);
				all.push(...Array.from({length: times}, () => time));
				assert.equal(log.used(time), all.filter(moment => moment + window > time).length);
			}
		}),
	);
});

test('forgets what is long past, however much came', () => {
	const log = createSlidingLog(1000);
	for (let time = 0; time < 20_000; time++) {
		log.add(time);
	}

	assert.equal(log.used(20_000), 999);
	assert.equal(log.used(30_000), 0);
});
