import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';
import {temporaryFolder} from '../temporary-folder.ts';
import {openStoreIn, planNames} from './store-users.ts';

test('store: where the disk takes no more, that is said, and all that was acknowledged stays', async context => {
	const folder = await temporaryFolder(context);
	// Largest size of a file, in blocks of 1024 bytes: some plans fit.
	const racer = join(import.meta.dirname, 'store-racer.ts');
	const limited = spawnSync(
		'bash',
		['-c', 'ulimit -f 8 && exec "$@"', 'bash', process.execPath, '--import=tsx', racer, 'plan', '1000'],
		{encoding: 'utf8', env: {...process.env, BUCKET_BRIGADE_HOME: folder, TSX_DISABLE_CACHE: '1'}},
	);
	assert.equal(limited.status, 1);
	assert.match(limited.stderr, /store\.json\.\d+ cannot be written: EFBIG/);
	const acknowledged = limited.stdout.trim().split('\n');
	assert.ok(acknowledged.length > 3);
	const store = await openStoreIn(folder);
	assert.deepEqual(await planNames(store), acknowledged);
	assert.deepEqual(store.notices(), []);
	assert.deepEqual(
		(await readdir(folder)).filter(name => name.endsWith('.new')),
		[],
	);
});
