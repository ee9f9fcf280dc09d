import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {snapshotId} from '../../../source/backup/snapshot-id.ts';
import {createVerifyBudget} from '../../../source/backup/verify/verify-budget.ts';
import {isVerifyTurn} from '../../../source/backup/verify/verify-turn.ts';
import {createFakeClock} from '../../fake-clock.ts';

const day = 86_400_000;
const begin = Date.parse('2026-11-01T02:00:00.000Z');

describe('a mirror is verified in its turn', () => {
	const first = snapshotId(begin);
	const turn = (
		uuid: string,
		now: number,
		verifiedAt?: number,
		cycle: '30d' | '7d' | 'never' = '30d',
		oldestSnapshot: string | undefined = first,
	): boolean =>
		isVerifyTurn(
			{
				identity: uuid,
				verifiedAt: verifiedAt === undefined ? undefined : new Date(verifiedAt).toISOString(),
				oldestSnapshot,
			},
			cycle,
			now,
		);

	test('never where the plan says so, and not at its first backup', () => {
		assert.equal(turn('{a}', begin + 100 * day, undefined, 'never'), false);
		assert.equal(
			isVerifyTurn({identity: '{a}', verifiedAt: undefined, oldestSnapshot: undefined}, '30d', begin),
			false,
		);
		assert.equal(turn('{a}', begin), false);
	});

	test('after a whole cycle at the latest', () => {
		assert.equal(turn('{a}', begin + 30 * day), true);
		assert.equal(turn('{a}', begin + 100 * day, begin + 70 * day), true);
		assert.equal(turn('{a}', begin + 100 * day, begin + 100 * day - 1000), false);
	});

	test('one that is damaged for good comes once in a cycle too', () => {
		const mirror = {identity: '{a}', verifiedAt: undefined, oldestSnapshot: first};
		const foundDamagedAt = new Date(begin + 100 * day).toISOString();
		assert.equal(isVerifyTurn(mirror, '30d', begin + 100 * day + 1000), true);
		assert.equal(isVerifyTurn({...mirror, foundDamagedAt}, '30d', begin + 100 * day + 1000), false);
		assert.equal(isVerifyTurn({...mirror, foundDamagedAt}, '30d', begin + 130 * day), true);
	});

	test('400 of them that were backed up on the same day are spread over the cycle, each once', () => {
		const uuids = Array.from({length: 400}, (_, index) => `{${index}-1111-4222-8333-444455556666}`);
		const verified = new Map<string, number>();
		const perRun: number[] = [];
		for (let run = 1; run <= 60; run += 1) {
			const now = begin + run * day;
			const due = uuids.filter(uuid => turn(uuid, now, verified.get(uuid)));
			for (const uuid of due) {
				verified.set(uuid, now);
			}

			perRun.push(due.length);
		}

		assert.equal(
			perRun.slice(0, 30).reduce((sum, count) => sum + count),
			400,
		);
		assert.equal(
			perRun.slice(30).reduce((sum, count) => sum + count),
			400,
		);
		assert.ok(Math.max(...perRun) < 400 / 10, perRun.join());
	});
});

describe('a run’s time for verification', () => {
	test('is a quarter of an hour, and a quarter of what the run takes; what is begun comes to its end', async () => {
		const clock = createFakeClock();
		const budget = createVerifyBudget(clock);
		const verify = async (minutes: number): Promise<string | undefined> =>
			budget.spend(async () => {
				clock.jump(minutes * 60_000);
				return 'done';
			});
		assert.equal(await verify(10), 'done');
		assert.equal(await verify(100), 'done');
		assert.equal(await verify(1), undefined);
		clock.jump(200 * 60_000);
		assert.equal(await verify(1), undefined, '110 minutes of 310');
		clock.jump(100 * 60_000);
		assert.equal(await verify(1), 'done', '110 minutes of 410');
	});

	test('counts what is under way', async () => {
		const clock = createFakeClock();
		const budget = createVerifyBudget(clock);
		let end: () => void = () => undefined;
		const long = budget.spend(
			async () =>
				new Promise<void>(resolve => {
					end = resolve;
				}),
		);
		clock.jump(60 * 60_000);
		assert.equal(await budget.spend(async () => true), undefined);
		end();
		await long;
	});

	test('is given back by one that fails', async () => {
		const clock = createFakeClock();
		const budget = createVerifyBudget(clock);
		await assert.rejects(
			budget.spend(async () => {
				throw new Error('no');
			}),
			/no/,
		);
		assert.equal(await budget.spend(async () => true), true);
	});
});
