import assert from 'node:assert/strict';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import type {RunEvent} from '../../source/runs/events.ts';
import {listRuns} from '../../source/runs/run-list.ts';
import {finished, notificationFailed, quota, repositoryFinished, started} from './events.ts';

let folder: string;
before(async () => {
	folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-runs-'));
});
after(async () => {
	await rm(folder, {recursive: true, force: true});
});

const lines = (events: readonly RunEvent[]): string =>
	events.map(event => `${JSON.stringify(event)}\n`).join('');

test('no folder, no runs', async () => {
	assert.deepEqual(await listRuns(join(folder, 'absent')), []);
});

test('lists runs newest first: finished, running, interrupted, never begun', async () => {
	await writeFile(join(folder, '20261120T020000.000Z-nightly.ndjson'), lines([started(), finished()]));
	await writeFile(
		join(folder, '20261121T020000.000Z-nightly.ndjson'),
		lines([started({pid: 1}), repositoryFinished('a')]),
	);
	await writeFile(
		join(folder, '20261122T020000.000Z-weekly-full.ndjson'),
		lines([started({pid: 2, plan: 'weekly-full'})]),
	);
	await writeFile(join(folder, '20261123T020000.500Z-weekly-full.ndjson'), '');
	await writeFile(join(folder, 'notes.txt'), 'not a journal');

	const runs = await listRuns(folder, {isAlive: pid => pid === 2});
	assert.deepEqual(
		runs.map(({run, plan, status}) => [run, plan, status]),
		[
			['20261123T020000.500Z-weekly-full', 'weekly-full', 'interrupted'],
			['20261122T020000.000Z-weekly-full', 'weekly-full', 'running'],
			['20261121T020000.000Z-nightly', 'nightly', 'interrupted'],
			['20261120T020000.000Z-nightly', 'nightly', 'succeeded'],
		],
	);
	assert.equal(runs[0]?.startedAt, '2026-11-23T02:00:00.500Z');
	assert.equal(runs[2]?.counts.total, 3);
	assert.equal(runs[2]?.durationMs, 9000);
	const last = runs[3];
	assert.deepEqual(
		[last?.requests, last?.bytes, last?.durationMs, last?.finishedAt, last?.counts.backedUp],
		[33, 3000, 60_000, '2026-11-22T13:16:00.000Z', 3],
	);
});

test('of a run that goes on, or was interrupted, what it finished so far is counted', async () => {
	const inside = await mkdtemp(join(folder, 'so-far-'));
	const events = [
		started({pid: 2, repositories: 9}),
		repositoryFinished('a'),
		quota(),
		repositoryFinished('b', {status: 'unchanged'}),
		repositoryFinished('c', {status: 'partial'}),
		repositoryFinished('d', {status: 'failed'}),
		repositoryFinished('e'),
	];
	const cut = JSON.stringify(repositoryFinished('f')).slice(0, -5);
	await writeFile(join(inside, '20261121T020000.000Z-nightly.ndjson'), `${lines(events)}${cut}`);
	for (const [isAlive, status] of [
		[true, 'running'],
		[false, 'interrupted'],
	] as const) {
		const [run] = await listRuns(inside, {isAlive: () => isAlive});
		assert.deepEqual(
			[run?.status, run?.counts],
			[status, {total: 9, backedUp: 2, unchanged: 1, partial: 1, failed: 1}],
		);
	}
});

test('of a long journal, both ends are enough', async () => {
	const path = join(folder, '20261124T020000.000Z-long.ndjson');
	const middle = lines(Array.from({length: 3000}, () => quota()));
	await writeFile(path, lines([started({plan: 'long'})]) + middle + lines([finished({bytes: 42})]));
	const [run] = await listRuns(folder, {isAlive: () => false});
	assert.equal(run?.plan, 'long');
	assert.equal(run?.bytes, 42);
});

test('that nobody could be told of its end changes nothing of how a run ended, and is among its problems', async () => {
	const path = join(folder, '20261121T020000.000Z-untold.ndjson');
	await writeFile(path, lines([started({plan: 'untold'}), finished(), notificationFailed('mail is gone')]));
	const found = (await listRuns(folder)).find(({plan}) => plan === 'untold');
	assert.equal(found?.status, 'succeeded');
	assert.equal(found?.finishedAt, '2026-11-22T13:16:00.000Z');
	assert.deepEqual(found?.problems, ['mail is gone']);
});

test('what a run measured is listed; of one plan, the newest few are read', async () => {
	const measured = finished({pace: 8.5, beside: {api: 12}});
	for (const [day, plan] of [
		['01', 'few'],
		['02', 'few'],
		['03', 'not-few'],
		['04', 'few'],
	] as const) {
		await writeFile(
			join(folder, `202612${day}T020000.000Z-${plan}.ndjson`),
			lines([started({plan}), day === '02' ? finished() : measured]),
		);
	}

	const runs = await listRuns(folder, {plan: 'few', newest: 2});
	assert.deepEqual(
		runs.map(({run, pace, beside}) => [run, pace, beside]),
		[
			['20261204T020000.000Z-few', 8.5, {api: 12}],
			['20261202T020000.000Z-few', undefined, undefined],
		],
	);
});
