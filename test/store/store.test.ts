import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readdir, readFile, rm, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';
import {PlanSchema} from '../../source/model/plan.ts';
import {resolveHome} from '../../source/store/home.ts';
import {openStore, type Store} from '../../source/store/store.ts';
import {systemClock} from '../../source/system/clock.ts';
import {temporaryFolder} from '../temporary-folder.ts';

const open = async (folder: string): Promise<Store> =>
	openStore(resolveHome({BUCKET_BRIGADE_HOME: folder}), systemClock);

const addPlan = async (store: Store, name: string): Promise<void> => {
	await store.update(contents => ({
		...contents,
		plans: [...contents.plans, PlanSchema.parse({name, organization: 'acme'})],
	}));
};

test('store: empty at first, then what was written, for its owner alone', async context => {
	const folder = await temporaryFolder(context);
	const store = await open(folder);
	assert.deepEqual(await store.read(), {organizations: [], plans: [], settings: {}});
	await addPlan(store, 'nightly');
	const again = await open(folder);
	assert.equal((await again.read()).plans[0]?.name, 'nightly');
	assert.deepEqual(again.notices(), []);
	assert.equal((await stat(join(folder, 'store.json'))).mode & 0o777, 0o600);
});

for (const [name, damage] of [
	['cut in half', (text: string) => text.slice(0, text.length / 2)],
	['empty', () => ''],
	['of zeros', (text: string) => '\0'.repeat(text.length)],
	['JSON of another kind', () => '{"version": 1, "plans": "none"}'],
] as const) {
	test(`store: damaged (${name}), the newest generation is used, and said so`, async context => {
		const folder = await temporaryFolder(context);
		const store = await open(folder);
		await addPlan(store, 'first');
		await addPlan(store, 'second');
		const path = join(folder, 'store.json');
		const damaged = damage(await readFile(path, 'utf8'));
		await writeFile(path, damaged);

		const again = await open(folder);
		assert.deepEqual(
			(await again.read()).plans.map(plan => plan.name),
			['first', 'second'],
		);
		assert.equal(again.notices().length, 1);
		assert.match(again.notices()[0] ?? '', /damaged .* generation 2 .* is used/);

		await addPlan(again, 'third');
		const third = await open(folder);
		assert.deepEqual(
			(await third.read()).plans.map(plan => plan.name),
			['first', 'second', 'third'],
		);
		assert.deepEqual(third.notices(), []);
		const aside = (await readdir(folder)).find(file => file.includes('damaged'));
		assert.equal(await readFile(join(folder, aside ?? ''), 'utf8'), damaged);
	});
}

test('store: missing while generations are there is no first use', async context => {
	const folder = await temporaryFolder(context);
	await addPlan(await open(folder), 'nightly');
	await rm(join(folder, 'store.json'));
	const again = await open(folder);
	assert.equal((await again.read()).plans.length, 1);
	assert.match(again.notices()[0] ?? '', /missing/);
});

test('store: with nothing left to fall back on it refuses, and stays as it is', async context => {
	const folder = await temporaryFolder(context);
	await addPlan(await open(folder), 'nightly');
	for (const file of await readdir(folder)) {
		if (file.startsWith('store.json')) {
			await writeFile(join(folder, file), 'rubbish');
		}
	}

	await assert.rejects(open(folder), /damaged .*no earlier generation/);
	assert.equal(await readFile(join(folder, 'store.json'), 'utf8'), 'rubbish');
});

test('store: of a newer program it is neither read nor replaced', async context => {
	const folder = await temporaryFolder(context);
	await addPlan(await open(folder), 'nightly');
	const path = join(folder, 'store.json');
	const newer = (await readFile(path, 'utf8')).replace('"version": 1', '"version": 99');
	await writeFile(path, newer);
	await assert.rejects(open(folder), /newer Bucket Brigade/);
	assert.equal(await readFile(path, 'utf8'), newer);
});

test('store: what is not valid is not written, and the field is named', async context => {
	const folder = await temporaryFolder(context);
	const store = await open(folder);
	await addPlan(store, 'nightly');
	await assert.rejects(
		store.update(contents => ({
			...contents,
			plans: contents.plans.map(plan => ({...plan, name: '../escape'})),
		})),
		/plans\.0\.name/,
	);
	assert.equal((await store.read()).plans[0]?.name, 'nightly');
});

test('store: keeps the last generations and no more', async context => {
	const folder = await temporaryFolder(context);
	const store = await open(folder);
	for (let n = 0; n < 9; n += 1) {
		await addPlan(store, `plan-${n}`);
	}

	const files = (await readdir(folder)).filter(file => /^store\.json\.\d+$/.test(file));
	assert.deepEqual(
		files.sort(),
		[5, 6, 7, 8, 9].map(n => `store.json.${n}`),
	);
});

test('store: five processes that write at once lose nothing', async context => {
	const folder = await temporaryFolder(context);
	const racers = Array.from({length: 5}, (_, index) =>
		spawn(
			process.execPath,
			['--import=tsx', join(import.meta.dirname, 'store-racer.ts'), `racer-${index}`, '8'],
			{
				env: {...process.env, BUCKET_BRIGADE_HOME: folder},
				stdio: 'inherit',
			},
		),
	);
	const codes = await Promise.all(racers.map(async racer => once(racer, 'exit')));
	assert.deepEqual(
		codes.map(([code]) => code),
		[0, 0, 0, 0, 0],
	);
	const names = (await (await open(folder)).read()).plans.map(plan => plan.name);
	assert.equal(new Set(names).size, 40);
});
