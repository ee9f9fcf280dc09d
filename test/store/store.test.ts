import assert from 'node:assert/strict';
import {copyFile, readdir, readFile, rm, stat, utimes, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';
import {UserError} from '../../source/system/user-error.ts';
import {temporaryFolder} from '../temporary-folder.ts';
import {addPlan, openStoreIn, planNames} from './store-users.ts';

test('store: empty at first, then what was written, for its owner alone', async context => {
	const folder = await temporaryFolder(context);
	const store = await openStoreIn(folder);
	assert.deepEqual(await store.read(), {organizations: [], plans: [], settings: {}});
	await addPlan(store, 'nightly');
	const again = await openStoreIn(folder);
	assert.deepEqual(await planNames(again), ['nightly']);
	assert.deepEqual(again.notices(), []);
	assert.equal((await stat(join(folder, 'store.json'))).mode & 0o777, 0o600);
});

test('store: what a newer program of the same form added is kept', async context => {
	const folder = await temporaryFolder(context);
	const store = await openStoreIn(folder);
	await addPlan(store, 'nightly');
	const path = join(folder, 'store.json');
	const file = JSON.parse(await readFile(path, 'utf8')) as {plans: object[]; settings: object};
	await writeFile(
		path,
		JSON.stringify({
			...file,
			plans: file.plans.map(plan => ({...plan, colour: 'blue'})),
			settings: {sound: true},
			extra: [1],
		}),
	);
	await addPlan(store, 'weekly');
	const written = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
	assert.equal((written['plans'] as Array<{colour?: string}>)[0]?.colour, 'blue');
	assert.deepEqual(written['settings'], {sound: true});
	assert.deepEqual(written['extra'], [1]);
});

for (const [name, damage] of [
	['cut in half', (text: string) => text.slice(0, text.length / 2)],
	['empty', () => ''],
	['of zeros', (text: string) => '\0'.repeat(text.length)],
	['JSON of another kind', () => '{"version": 1, "plans": "none"}'],
	['without a version', () => '{}'],
] as const) {
	test(`store: damaged (${name}), the newest generation is used, and said so`, async context => {
		const folder = await temporaryFolder(context);
		const store = await openStoreIn(folder);
		await addPlan(store, 'first');
		await addPlan(store, 'second');
		const path = join(folder, 'store.json');
		const damaged = damage(await readFile(path, 'utf8'));
		await writeFile(path, damaged);
		await utimes(path, new Date(), new Date('2026-11-22T13:15:00.123Z'));

		const again = await openStoreIn(folder);
		assert.deepEqual(await planNames(again), ['first', 'second']);
		assert.equal(again.notices().length, 1);
		assert.match(again.notices()[0] ?? '', /damaged .* generation 2 .* is used/);

		await addPlan(again, 'third');
		const third = await openStoreIn(folder);
		assert.deepEqual(await planNames(third), ['first', 'second', 'third']);
		assert.deepEqual(third.notices(), []);
		assert.equal(await readFile(`${path}.damaged-20261122T131500.123Z`, 'utf8'), damaged);
	});
}

test('store: a damaged generation is passed over for an older one', async context => {
	const folder = await temporaryFolder(context);
	const store = await openStoreIn(folder);
	await addPlan(store, 'first');
	await addPlan(store, 'second');
	await writeFile(join(folder, 'store.json'), 'rubbish');
	await writeFile(join(folder, 'store.json.2'), 'rubbish');
	const again = await openStoreIn(folder);
	assert.deepEqual(await planNames(again), ['first']);
	await addPlan(again, 'third');
	assert.deepEqual(await planNames(await openStoreIn(folder)), ['first', 'third']);
});

test('store: missing while generations are there is no first use', async context => {
	const folder = await temporaryFolder(context);
	await addPlan(await openStoreIn(folder), 'nightly');
	await rm(join(folder, 'store.json'));
	const again = await openStoreIn(folder);
	assert.deepEqual(await planNames(again), ['nightly']);
	assert.match(again.notices()[0] ?? '', /missing/);
});

test('store: with nothing left to fall back on it refuses, and stays as it is', async context => {
	const folder = await temporaryFolder(context);
	await addPlan(await openStoreIn(folder), 'nightly');
	for (const file of await readdir(folder)) {
		if (file.startsWith('store.json')) {
			await writeFile(join(folder, file), 'rubbish');
		}
	}

	await assert.rejects(openStoreIn(folder), /damaged .*no earlier generation/);
	assert.equal(await readFile(join(folder, 'store.json'), 'utf8'), 'rubbish');
});

for (const file of ['store.json', 'store.json.1']) {
	test(`store: a ${file} of a newer program is neither read nor replaced`, async context => {
		const folder = await temporaryFolder(context);
		await addPlan(await openStoreIn(folder), 'nightly');
		const path = join(folder, file);
		const newer = (await readFile(path, 'utf8')).replace('"version": 1', '"version": 99');
		await writeFile(join(folder, 'store.json'), 'rubbish');
		await writeFile(path, newer);
		await assert.rejects(openStoreIn(folder), /newer Bucket Brigade/);
		assert.equal(await readFile(path, 'utf8'), newer);
	});
}

test('store: an old copy that was put back counts, and what is written after it is the newest generation', async context => {
	const folder = await temporaryFolder(context);
	const path = join(folder, 'store.json');
	const store = await openStoreIn(folder);
	await addPlan(store, 'first');
	const copy = join(folder, 'copy');
	await copyFile(path, copy);
	for (let n = 0; n < 6; n += 1) {
		await addPlan(store, `unwanted-${n}`);
	}

	await copyFile(copy, path);
	await addPlan(store, 'second');
	await writeFile(path, 'rubbish');
	assert.deepEqual(await planNames(await openStoreIn(folder)), ['first', 'second']);
});

test('store: what is not valid is not written, and the field is named', async context => {
	const folder = await temporaryFolder(context);
	const store = await openStoreIn(folder);
	await addPlan(store, 'nightly');
	await assert.rejects(
		store.update(contents => ({
			...contents,
			plans: contents.plans.map(plan => ({...plan, name: '../escape'})),
		})),
		(error: unknown) =>
			error instanceof UserError && error.exitCode === 2 && /plans\.0\.name: expected/.test(error.message),
	);
	assert.deepEqual(await planNames(store), ['nightly']);
});

test('store: an edit that throws changes nothing, and the next one works', async context => {
	const folder = await temporaryFolder(context);
	const store = await openStoreIn(folder);
	await assert.rejects(
		store.update(() => {
			throw new Error('changed my mind');
		}),
		/changed my mind/,
	);
	await addPlan(store, 'nightly');
	assert.deepEqual(await planNames(store), ['nightly']);
});

test('store: keeps the last generations and no more', async context => {
	const folder = await temporaryFolder(context);
	const store = await openStoreIn(folder);
	for (let n = 0; n < 9; n += 1) {
		await addPlan(store, `plan-${n}`);
	}

	const files = (await readdir(folder)).filter(file => /^store\.json\.\d+$/.test(file));
	assert.deepEqual(
		files.sort(),
		[5, 6, 7, 8, 9].map(n => `store.json.${n}`),
	);
});

test('store: the next writer clears away what killed ones left, and nothing else', async context => {
	const folder = await temporaryFolder(context);
	const store = await openStoreIn(folder);
	await addPlan(store, 'first');
	const left = ['.store.json.0b9c.new', '.store.json.2.0b9c.new'];
	for (const name of [...left, '.store.json.swp']) {
		await writeFile(join(folder, name), '{');
	}

	assert.deepEqual(await planNames(store), ['first']);
	await addPlan(store, 'second');
	const names = await readdir(folder);
	assert.deepEqual(
		names.filter(name => name.startsWith('.')),
		['.store.json.swp'],
	);
});

test('store: two that are open see each other, and keep their own edits', async context => {
	const folder = await temporaryFolder(context);
	const [left, right] = [await openStoreIn(folder), await openStoreIn(folder)];
	await Promise.all([addPlan(left, 'left'), addPlan(right, 'right')]);
	assert.deepEqual([...(await planNames(left))].sort(), ['left', 'right']);
	assert.deepEqual(await planNames(right), await planNames(left));
});
