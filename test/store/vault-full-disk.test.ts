import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';
import {temporaryFolder} from '../temporary-folder.ts';
import {openVaultIn, secret} from './vault-users.ts';

/** Runs a script beside this one in which no file may grow larger than so many blocks of 1024 bytes. */
function limited(blocks: number, script: string, ...words: readonly string[]) {
	return spawnSync(
		'bash',
		[
			'-c',
			`ulimit -f ${blocks} && exec "$@"`,
			'bash',
			process.execPath,
			'--import=tsx',
			join(import.meta.dirname, script),
			...words,
		],
		{encoding: 'utf8', env: {...process.env, TSX_DISABLE_CACHE: '1'}},
	);
}

test('vault: where the disk takes no more, that is said, and what was acknowledged opens', async context => {
	const folder = await temporaryFolder(context);
	const {status, stdout, stderr} = limited(2, 'vault-racer.ts', folder, 'credential', '1000');
	assert.equal(status, 1);
	assert.match(stderr, /vault\.age cannot be written: EFBIG.*It is as it was; make room/);
	const acknowledged = stdout.trim().split('\n');
	assert.ok(acknowledged.length > 3);
	const vault = await openVaultIn(folder);
	for (const id of acknowledged) {
		assert.equal(await vault.get(id), `secret of ${id}`);
	}

	assert.equal(await vault.get(`credential-${acknowledged.length}`), undefined);
	await vault.set('after', secret);
	assert.deepEqual(
		(await readdir(folder)).filter(name => name.endsWith('.new')),
		[],
	);
});

for (const script of ['key-rotator.ts', 'key-locker.ts']) {
	test(`vault: where no file can be written, ${script} changes no key, and what there is opens`, async context => {
		const folder = await temporaryFolder(context);
		await (await openVaultIn(folder)).set('one', secret);
		const {status, stdout, stderr} = limited(0, script, folder);
		assert.equal(status, 1);
		assert.equal(stdout, '');
		assert.match(stderr, /(vault\.age|identity\.age) cannot be written: EFBIG/);
		assert.deepEqual(await readdir(join(folder, 'keys')), ['identity.txt']);
		assert.equal(await (await openVaultIn(folder)).get('one'), secret);
	});
}
