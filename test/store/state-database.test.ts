import assert from 'node:assert/strict';
import {mkdir, readdir, readFile, stat, utimes, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {type TestContext, test} from 'node:test';
import {createCatalog} from '../../source/store/catalog.ts';
import {lostAt, openStateDatabase} from '../../source/store/state-database.ts';
import type {DatabaseSync} from '../../source/system/sqlite.ts';
import {UserError} from '../../source/system/user-error.ts';
import {temporaryFolder} from '../temporary-folder.ts';

function opened(
	context: TestContext,
	path: string,
	notices: string[] = [],
): {database: DatabaseSync; close: () => void} {
	const database = openStateDatabase(path, notice => notices.push(notice));
	let isOpen = true;
	const close = (): void => {
		if (isOpen) {
			isOpen = false;
			database.close();
		}
	};

	context.after(close);
	return {database, close};
}

const entry = {
	workspace: 'acme',
	uuid: '{1}',
	slug: 'web',
	plan: 'nightly',
	lastRunAt: '2026-11-22T13:15:00.123Z',
};

test('state database: made with its folder, for its owner alone, with a log beside it', async context => {
	const path = join(await temporaryFolder(context), 'state', 'state.db');
	const {database} = opened(context, path);
	createCatalog(database).put(entry);
	assert.equal((await stat(join(path, '..'))).mode & 0o777, 0o700);
	for (const suffix of ['', '-wal', '-shm']) {
		assert.equal((await stat(`${path}${suffix}`)).mode & 0o777, 0o600, suffix);
	}

	assert.equal(lostAt(database), undefined);
});

test('state database: two connections see what the other one committed', async context => {
	const path = join(await temporaryFolder(context), 'state.db');
	const [left, right] = [opened(context, path).database, opened(context, path).database];
	createCatalog(left).put(entry);
	assert.equal(createCatalog(right).get('acme', '{1}')?.slug, 'web');
});

for (const [name, damage] of [
	['rubbish from its start', (bytes: Buffer) => bytes.fill(0x5a, 0, 100)],
	['a table that is torn', (bytes: Buffer) => bytes.fill(0x5a, 8192, 8192 + 2048)],
	['cut in the middle', (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2))],
] as const) {
	test(`state database: damaged (${name}), it is put aside, begun anew, and that is said once`, async context => {
		const folder = await temporaryFolder(context);
		const path = join(folder, 'state.db');
		const before = opened(context, path);
		const catalog = createCatalog(before.database);
		for (let n = 0; n < 400; n += 1) {
			catalog.put({...entry, uuid: `{${n}}`, slug: 'web'.repeat(30)});
		}

		before.close();
		const damaged = damage(await readFile(path));
		await writeFile(path, damaged);
		await utimes(path, new Date(), new Date('2026-11-22T13:15:00.123Z'));

		const notices: string[] = [];
		const after = opened(context, path, notices);
		assert.deepEqual(createCatalog(after.database).list('acme'), []);
		createCatalog(after.database).put(entry);
		assert.equal(notices.length, 1);
		assert.match(notices[0] ?? '', /was damaged and is begun anew/);
		assert.equal(lostAt(after.database), Date.parse('2026-11-22T13:15:00.123Z'), 'when it was last written');
		after.close();

		const again = opened(context, path, notices);
		assert.equal(createCatalog(again.database).get('acme', '{1}')?.slug, 'web');
		assert.equal(notices.length, 1);
		assert.equal(lostAt(again.database), Date.parse('2026-11-22T13:15:00.123Z'));
		assert.deepEqual(await readFile(`${path}.damaged-20261122T131500.123Z`), damaged);
		assert.ok((await readdir(folder)).includes('state.db'));
	});
}

test('state database: of a newer program it is left alone', async context => {
	const path = join(await temporaryFolder(context), 'state.db');
	const before = opened(context, path);
	before.database.exec('PRAGMA user_version = 99');
	before.close();
	assert.throws(
		() => openStateDatabase(path),
		(error: unknown) => error instanceof UserError && /newer Bucket Brigade/.test(error.message),
	);
});

test('state database: what cannot be opened for another reason is not taken for damaged', async context => {
	const path = join(await temporaryFolder(context), 'state.db');
	await mkdir(path);
	assert.throws(() => openStateDatabase(path));
	assert.ok((await stat(path)).isDirectory());
});
