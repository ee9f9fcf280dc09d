import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {chmod, mkdir, readFile, rm, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';
import {UserError} from '../../source/system/user-error.ts';
import {temporaryFolder} from '../temporary-folder.ts';
import {openVaultIn, secret} from './vault-users.ts';

test('vault: gives back what it was given, in the next process too', async context => {
	const folder = await temporaryFolder(context);
	const vault = await openVaultIn(folder);
	assert.equal(await vault.get('one'), undefined);
	await vault.set('one', secret);
	await vault.set('two', 'another-secret');
	await vault.remove('two');
	await vault.remove('never-there');
	const again = await openVaultIn(folder);
	assert.equal(await again.get('one'), secret);
	assert.equal(await again.get('two'), undefined);
});

test("vault: an id that is a word of JavaScript's own is an id like any other", async context => {
	const vault = await openVaultIn(await temporaryFolder(context));
	for (const id of ['constructor', 'toString']) {
		assert.equal(await vault.get(id), undefined);
		await vault.set(id, `${secret}${id}`);
		assert.equal(await vault.get(id), `${secret}${id}`);
	}
});

test('vault: is for its owner alone, also in a folder that was made with the usual modes', async context => {
	const folder = join(await temporaryFolder(context), 'home');
	await mkdir(folder, {mode: 0o755});
	await (await openVaultIn(folder)).set('one', secret);
	for (const [path, mode] of [
		['.', 0o700],
		['vault.age', 0o600],
		['keys', 0o700],
		['keys/identity.txt', 0o600],
	] as const) {
		assert.equal((await stat(join(folder, path))).mode & 0o777, mode, path);
	}
});

test('vault: the modes of a folder that holds other things too are left alone', async context => {
	const folder = join(await temporaryFolder(context), 'home');
	await mkdir(folder, {mode: 0o755});
	await writeFile(join(folder, 'holiday.jpg'), '');
	await (await openVaultIn(folder)).set('one', secret);
	assert.equal((await stat(folder)).mode & 0o777, 0o755);
});

test('vault: age itself opens it with the key file', {
	skip: spawnSync('age', ['--version']).error !== undefined && 'age is not installed',
}, async context => {
	const folder = await temporaryFolder(context);
	await (await openVaultIn(folder)).set('one', secret);
	const {stdout} = spawnSync('age', [
		'--decrypt',
		'--identity',
		join(folder, 'keys', 'identity.txt'),
		join(folder, 'vault.age'),
	]);
	assert.deepEqual(JSON.parse(stdout.toString()), {version: 1, secrets: {one: secret}});
});

for (const [path, mode, mending] of [
	['vault.age', 0o644, 'chmod 600'],
	['vault.age', 0o660, 'chmod 600'],
	['keys/identity.txt', 0o640, 'chmod 600'],
	['keys', 0o755, 'chmod 700'],
	['.', 0o775, 'chmod 700'],
] as const) {
	test(`vault: refuses ${path} with modes ${mode.toString(8)}, and says how to mend it`, async context => {
		const folder = await temporaryFolder(context);
		await (await openVaultIn(folder)).set('one', secret);
		await chmod(join(folder, path), mode);
		await assert.rejects(
			openVaultIn(folder),
			(error: unknown) =>
				error instanceof UserError &&
				error.exitCode === 1 &&
				error.message.includes(`${mending} ${join(folder, path)}`),
		);
	});
}

test('vault: refuses files of another user', {
	skip: process.getuid?.() !== 0 && 'only root can give a file away',
}, async context => {
	const folder = await temporaryFolder(context);
	await (await openVaultIn(folder)).set('one', secret);
	spawnSync('chown', ['65534', join(folder, 'vault.age')]);
	await assert.rejects(openVaultIn(folder), /belongs to another user.*chown 0 /);
});

test('vault: damaged or empty it does not open, and nothing secret is said', async context => {
	const folder = await temporaryFolder(context);
	const vault = await openVaultIn(folder);
	await vault.set('one', secret);
	const path = join(folder, 'vault.age');
	const whole = await readFile(path);
	for (let n = 0; n < whole.length; n += 7) {
		const damaged = Buffer.from(whole);
		damaged[n] = (damaged[n] ?? 0) ^ 0x10;
		await writeFile(path, damaged);
		await assert.rejects(
			vault.get('one'),
			(error: unknown) =>
				error instanceof UserError && /does not open/.test(error.message) && !error.message.includes(secret),
			`byte ${n}`,
		);
	}

	for (const damaged of [Buffer.alloc(0), whole.subarray(0, -1)]) {
		await writeFile(path, damaged);
		await assert.rejects(openVaultIn(folder), /does not open/);
		await assert.rejects(vault.set('two', secret), /does not open/);
		assert.deepEqual(await readFile(path), damaged, 'it is not written over');
	}
});

test('vault: gone while its key is there, it holds nothing', async context => {
	const folder = await temporaryFolder(context);
	const vault = await openVaultIn(folder);
	await vault.set('one', secret);
	await rm(join(folder, 'vault.age'));
	assert.equal(await vault.get('one'), undefined);
	assert.equal(await (await openVaultIn(folder)).get('one'), undefined);
});

test('vault: processes that make it and write to it at once lose nothing', async context => {
	const folder = await temporaryFolder(context);
	const racers = ['a', 'b', 'c'].map(name =>
		spawn(
			process.execPath,
			['--import=tsx', join(import.meta.dirname, 'vault-racer.ts'), folder, name, '6'],
			{
				stdio: 'inherit',
			},
		),
	);
	const codes = await Promise.all(racers.map(async racer => once(racer, 'exit')));
	assert.deepEqual(
		codes.map(([code]) => code),
		[0, 0, 0],
	);
	const vault = await openVaultIn(folder);
	for (const name of ['a', 'b', 'c']) {
		for (let n = 0; n < 6; n += 1) {
			assert.equal(await vault.get(`${name}-${n}`), `secret of ${name}-${n}`);
		}
	}
});
