import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {readdir, readFile, rename, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';
import {setTimeout as delay} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {createPassphrases} from '../../source/store/passphrases.ts';
import {openVault} from '../../source/store/vault.ts';
import {
	addRecoveryKey,
	lockKey,
	readVaultStatus,
	rekey,
	removeRecoveryKeys,
	rotateKey,
	unlockKey,
	type VaultPlace,
} from '../../source/store/vault-keys.ts';
import {systemClock} from '../../source/system/clock.ts';
import {UserError} from '../../source/system/user-error.ts';
import {temporaryFolder} from '../temporary-folder.ts';
import {homeIn, openVaultIn, secret} from './vault-users.ts';

const withPassphrase = {BUCKET_BRIGADE_PASSWORD_COMMAND: 'echo correct horse'};

function placeIn(folder: string, environment: NodeJS.ProcessEnv = {}): VaultPlace {
	return {
		home: homeIn(folder),
		environment: {PATH: process.env['PATH'], ...environment},
		clock: systemClock,
	};
}

test('vault key: a new one opens the vault, the old one does not, and a vault that is open goes on', async context => {
	const folder = await temporaryFolder(context);
	const before = await openVaultIn(folder);
	await before.set('one', secret);
	const old = await readFile(join(folder, 'keys', 'identity.txt'));
	const {recipient} = await readVaultStatus(placeIn(folder));
	await rotateKey(placeIn(folder), false);
	assert.notEqual((await readVaultStatus(placeIn(folder))).recipient, recipient);
	const written = await readFile(join(folder, 'keys', 'identity.txt'), 'utf8');
	assert.ok(written.includes(await before.key()), 'and so does whom it hands the key to');
	assert.equal(await before.get('one'), secret, 'the process that had it open finds the new key');
	await before.set('two', 'another');
	assert.equal(await (await openVaultIn(folder)).get('two'), 'another');

	const aside = join(folder, 'old.txt');
	await writeFile(aside, old, {mode: 0o600});
	await assert.rejects(openVaultIn(folder, {BUCKET_BRIGADE_KEY_FILE: aside}), /does not open/);
});

test('vault key: one that comes from elsewhere is changed only where that is said', async context => {
	const folder = await temporaryFolder(context);
	await (await openVaultIn(folder)).set('one', secret);
	const recovery = join(folder, 'recovery.txt');
	await addRecoveryKey(placeIn(folder), recovery);
	assert.equal((await stat(recovery)).mode & 0o777, 0o600);
	await rename(join(folder, 'keys'), join(folder, 'lost'));
	const place = placeIn(folder, {BUCKET_BRIGADE_KEY_FILE: recovery});
	await assert.rejects(
		rotateKey(place, false),
		/recovery\.txt, where only you can change it\. .*vault rekey/,
	);
	await rotateKey(place, true);
	assert.equal(await (await openVaultIn(folder)).get('one'), secret);
	const {recovery: kept} = await readVaultStatus(placeIn(folder));
	assert.equal(kept.length, 1, 'the recovery key stays one');
	assert.equal(await (await openVaultIn(folder, {BUCKET_BRIGADE_KEY_FILE: recovery})).get('one'), secret);
});

test('vault key: recovery keys open the vault until they are forgotten, through every change', async context => {
	const folder = await temporaryFolder(context);
	await (await openVaultIn(folder)).set('one', secret);
	const recovery = join(folder, 'recovery.txt');
	await addRecoveryKey(placeIn(folder), recovery);
	await assert.rejects(addRecoveryKey(placeIn(folder), recovery), /cannot be written: EEXIST/);
	const open = async () => openVaultIn(folder, {BUCKET_BRIGADE_KEY_FILE: recovery});
	await (await open()).set('two', 'another');
	assert.equal(await (await openVaultIn(folder)).get('two'), 'another', 'the own key is not locked out');
	await (await openVaultIn(folder)).set('three', 'more');
	assert.equal(await (await open()).get('three'), 'more');
	await assert.rejects(
		removeRecoveryKeys(placeIn(folder, {BUCKET_BRIGADE_KEY_FILE: recovery})),
		/open with a recovery key.*vault rotate --own/,
	);
});

test('vault key: an identity in a file takes the vault over', async context => {
	const folder = await temporaryFolder(context);
	await (await openVaultIn(folder)).set('one', secret);
	const other = await temporaryFolder(context);
	await openVaultIn(other);
	const file = join(other, 'keys', 'identity.txt');
	await rekey(placeIn(folder), file);
	assert.equal(await (await openVaultIn(folder, {BUCKET_BRIGADE_KEY_FILE: file})).get('one'), secret);
	await assert.rejects(openVaultIn(folder), /does not open with the key from .*identity\.txt/);
	await assert.rejects(rekey(placeIn(folder), join(other, 'none')), /does not exist\. Make a key there/);
});

test('vault key: a passphrase locks it, and unlocks it', async context => {
	const folder = await temporaryFolder(context);
	await (await openVaultIn(folder)).set('one', secret);
	await assert.rejects(lockKey(placeIn(folder)), /A passphrase is needed/);
	await lockKey(placeIn(folder, withPassphrase));
	assert.deepEqual(await readdir(join(folder, 'keys')), ['identity.age']);
	await assert.rejects(openVaultIn(folder), /locked with a passphrase/);
	assert.equal(await (await openVaultIn(folder, withPassphrase)).get('one'), secret);
	await rotateKey(placeIn(folder, withPassphrase), false);
	assert.deepEqual(await readdir(join(folder, 'keys')), ['identity.age'], 'a new key is locked as well');
	await assert.rejects(
		unlockKey(placeIn(folder, {BUCKET_BRIGADE_PASSWORD_COMMAND: 'echo battery staple'})),
		(error: unknown) => error instanceof UserError && !error.message.includes('battery'),
	);
	await unlockKey(placeIn(folder, withPassphrase));
	assert.deepEqual(await readdir(join(folder, 'keys')), ['identity.txt']);
	assert.equal(await (await openVaultIn(folder)).get('one'), secret);
});

test('vault key: no recovery key opens it once they are forgotten', async context => {
	const folder = await temporaryFolder(context);
	await (await openVaultIn(folder)).set('one', secret);
	const recovery = join(folder, 'recovery.txt');
	await addRecoveryKey(placeIn(folder), recovery);
	await rotateKey(placeIn(folder), false);
	assert.equal(await (await openVaultIn(folder, {BUCKET_BRIGADE_KEY_FILE: recovery})).get('one'), secret);
	assert.equal(await removeRecoveryKeys(placeIn(folder)), 1);
	await assert.rejects(openVaultIn(folder, {BUCKET_BRIGADE_KEY_FILE: recovery}), /does not open/);
	assert.equal((await readVaultStatus(placeIn(folder))).recovery.length, 0);
});

test('vault key: age itself opens the vault with a recovery key', {
	skip: spawnSync('age', ['--version']).error !== undefined && 'age is not installed',
}, async context => {
	const folder = await temporaryFolder(context);
	await (await openVaultIn(folder)).set('one', secret);
	const {path} = await addRecoveryKey(placeIn(folder), join(folder, 'recovery.txt'));
	const {stdout} = spawnSync('age', ['--decrypt', '--identity', path, join(folder, 'vault.age')]);
	assert.deepEqual(JSON.parse(stdout.toString()).secrets, {one: secret});
});

test('vault key: killed at any moment of a change, the vault opens with the key that is there', async context => {
	const folder = await temporaryFolder(context);
	await (await openVaultIn(folder)).set('one', secret);
	const script = fileURLToPath(new URL('key-rotator.ts', import.meta.url));
	for (let kill = 0; kill < 8; kill += 1) {
		const child = spawn(process.execPath, ['--import=tsx', script, folder], {
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		const exit = once(child, 'exit');
		await Promise.race([once(child.stdout, 'data'), exit]);
		await delay(kill * 3);
		child.kill('SIGKILL');
		await exit;
		assert.equal(await (await openVaultIn(folder)).get('one'), secret, `kill ${kill}`);
	}

	await (await openVaultIn(folder)).set('two', 'another');
	assert.deepEqual(await readdir(join(folder, 'keys')), ['identity.txt']);
});

function typing(folder: string, ...answers: readonly string[]): VaultPlace {
	const left = [...answers];
	const passphrases = createPassphrases(async () => left.shift() ?? assert.fail('asked once too often'));
	return {...placeIn(folder), unlocking: {passphrases}};
}

test('vault key: a passphrase that is typed locks it, is changed, and unlocks it', async context => {
	const folder = await temporaryFolder(context);
	await (await openVaultIn(folder)).set('one', secret);
	assert.equal((await readVaultStatus(placeIn(folder))).passphrase, undefined);
	await assert.rejects(
		lockKey(typing(folder, 'correct horse', 'correct house')),
		/The two passphrases differ/,
	);
	assert.deepEqual(await readdir(join(folder, 'keys')), ['identity.txt']);
	await lockKey(typing(folder, 'correct horse', 'correct horse'));
	assert.deepEqual(await readdir(join(folder, 'keys')), ['identity.age']);
	assert.equal((await stat(join(folder, 'keys', 'identity.age'))).mode & 0o777, 0o600);
	assert.equal((await readVaultStatus(typing(folder, 'correct horse'))).passphrase, 'typed');
	assert.equal((await readVaultStatus(placeIn(folder, withPassphrase))).passphrase, 'command');
	await assert.rejects(openVaultIn(folder), /locked with a passphrase\. Set BUCKET_BRIGADE_PASSWORD_COMMAND/);

	await rotateKey(typing(folder, 'correct horse'), false);
	await lockKey(typing(folder, 'correct horse', 'battery staple', 'battery staple'));
	await assert.rejects(
		readVaultStatus(typing(folder, 'correct horse', 'x', 'y')),
		/does not open with what was/,
	);
	await unlockKey(typing(folder, 'battery staple'));
	assert.deepEqual(await readdir(join(folder, 'keys')), ['identity.txt']);
	assert.equal(await (await openVaultIn(folder)).get('one'), secret);
	await assert.rejects(unlockKey(typing(folder)), /The key is not locked/);
});

test('vault key: what a killed writer left of one, maybe in clear, is gone when the vault is next opened', async context => {
	const folder = await temporaryFolder(context);
	await (await openVaultIn(folder)).set('one', secret);
	await lockKey(placeIn(folder, withPassphrase));
	const left = ['.identity.txt.0b9c.new', '.identity.age.0b9c.new'];
	for (const name of left) {
		await writeFile(join(folder, 'keys', name), 'AGE-SECRET-KEY-1', {mode: 0o600});
	}

	await openVaultIn(folder, withPassphrase);
	assert.deepEqual(await readdir(join(folder, 'keys')), ['identity.age']);
});

test('vault key: where it is handed over, nobody is asked for the passphrase', async context => {
	const folder = await temporaryFolder(context);
	await (await openVaultIn(folder)).set('one', secret);
	await lockKey(placeIn(folder, withPassphrase));
	const place = typing(folder, 'correct horse');
	const opened = await openVault(place.home, place.environment, systemClock, place.unlocking);
	const handed = {passphrases: createPassphrases(), handedKey: `${await opened.key()}\n`};
	const other = await openVault(place.home, place.environment, systemClock, handed);
	assert.equal(await other.get('one'), secret);
	await assert.rejects(
		openVault(place.home, place.environment, systemClock, {...handed, handedKey: ''}),
		/The process that started this one gives no age identity/,
	);
});

test('vault key: killed at any moment while it is locked, unlocked and changed, the vault opens with what is there', async context => {
	const folder = await temporaryFolder(context);
	await (await openVaultIn(folder)).set('one', secret);
	const script = fileURLToPath(new URL('key-locker.ts', import.meta.url));
	// Each step takes a second or more of reckoning: three kills in the midst of different ones.
	for (let kill = 0; kill < 3; kill += 1) {
		const child = spawn(process.execPath, ['--import=tsx', script, folder], {
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		const exit = once(child, 'exit');
		await Promise.race([once(child.stdout, 'data'), exit]);
		await delay(kill * 700);
		child.kill('SIGKILL');
		await exit;
		const place = typing(folder, 'correct horse');
		const opened = await openVault(place.home, place.environment, systemClock, place.unlocking);
		assert.equal(await opened.get('one'), secret, `kill ${kill}`);
	}
});
