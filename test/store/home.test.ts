import assert from 'node:assert/strict';
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';
import {isHomeAlone, resolveHome} from '../../source/store/home.ts';
import {temporaryFolder} from '../temporary-folder.ts';

test('home: everything lies in the folder that is named', () => {
	assert.deepEqual(resolveHome({BUCKET_BRIGADE_HOME: '/srv/brigade'}), {
		store: '/srv/brigade/store.json',
		vault: '/srv/brigade/vault.age',
		keys: '/srv/brigade/keys',
		state: '/srv/brigade/state.db',
		runs: '/srv/brigade/runs',
		backups: '/srv/brigade/backups',
		keyMap: '/srv/brigade/keys.json',
		locks: '/srv/brigade/locks',
	});
});

test('home: where none is named, the key lies in another folder than what it opens', () => {
	for (const environment of [{}, {BUCKET_BRIGADE_HOME: ''}]) {
		const home = resolveHome(environment);
		assert.match(home.store, /bucket-brigade\/store\.json$/);
		assert.ok(Object.values(home).every(path => path.includes('/bucket-brigade/')));
	}
});

test('home: knows what is its own in a folder', async context => {
	const folder = await temporaryFolder(context);
	const home = resolveHome({BUCKET_BRIGADE_HOME: folder});
	assert.equal(await isHomeAlone(home, folder), true);
	await mkdir(home.runs);
	for (const name of ['store.json', 'store.json.7', 'state.db-wal', 'vault.age']) {
		await writeFile(join(folder, name), '');
	}

	assert.equal(await isHomeAlone(home, folder), true);
	await writeFile(join(folder, 'holiday.jpg'), '');
	assert.equal(await isHomeAlone(home, folder), false);
});
