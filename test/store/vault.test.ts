import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {chmod, readdir, readFile, rename, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';
import {resolveHome} from '../../source/store/home.ts';
import {openVault, type Vault} from '../../source/store/vault.ts';
import {systemClock} from '../../source/system/clock.ts';
import {UserError} from '../../source/system/user-error.ts';
import {temporaryFolder} from '../temporary-folder.ts';

const secret = 'ATATT3xFfGF0-canary/+=';

const open = async (folder: string, environment: NodeJS.ProcessEnv = {}): Promise<Vault> => {
	const all = {BUCKET_BRIGADE_HOME: folder, PATH: process.env['PATH'], ...environment};
	return openVault(resolveHome(all), all, systemClock);
};

test('vault: gives back what it was given, in the next process too', async context => {
	const folder = await temporaryFolder(context);
	const vault = await open(folder);
	assert.equal(await vault.get('one'), undefined);
	await vault.set('one', secret);
	await vault.set('two', 'another-secret');
	await vault.remove('two');
	const again = await open(folder);
	assert.equal(await again.get('one'), secret);
	assert.equal(await again.get('two'), undefined);
	assert.equal(await again.get('constructor'), undefined);
});

test('vault: nothing in the home holds the secret in clear, and only its owner may look', async context => {
	const folder = await temporaryFolder(context);
	await (await open(folder)).set('one', secret);
	const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
	for (const file of await readdir(folder, {recursive: true, withFileTypes: true})) {
		if (file.isFile()) {
			const path = join(file.parentPath, file.name);
			const contents = await readFile(path, 'latin1');
			assert.ok(
				forms.every(form => !contents.includes(form)),
				path,
			);
		}
	}

	assert.equal((await stat(join(folder, 'vault.age'))).mode & 0o777, 0o600);
	assert.equal((await stat(join(folder, 'keys'))).mode & 0o777, 0o700);
	assert.equal((await stat(join(folder, 'keys', 'identity.txt'))).mode & 0o777, 0o600);
});

test('vault: age itself opens it with the key file', async context => {
	const probe = spawnSync('age', ['--version']);
	if (probe.error !== undefined) {
		context.skip('age is not installed');
		return;
	}

	const folder = await temporaryFolder(context);
	await (await open(folder)).set('one', secret);
	const {stdout} = spawnSync('age', [
		'--decrypt',
		'--identity',
		join(folder, 'keys', 'identity.txt'),
		join(folder, 'vault.age'),
	]);
	assert.deepEqual(JSON.parse(stdout.toString()), {version: 1, secrets: {one: secret}});
});

for (const [file, mode] of [
	['vault.age', 0o644],
	['keys/identity.txt', 0o640],
] as const) {
	test(`vault: refuses ${file} with modes ${mode.toString(8)}, and says how to mend it`, async context => {
		const folder = await temporaryFolder(context);
		await (await open(folder)).set('one', secret);
		await chmod(join(folder, file), mode);
		await assert.rejects(
			open(folder),
			(error: unknown) => error instanceof UserError && /chmod 600/.test(error.message),
		);
	});
}

test('vault: with the wrong key, no key, or damaged it does not open, and nothing secret is said', async context => {
	const folder = await temporaryFolder(context);
	await (await open(folder)).set('one', secret);
	const other = await temporaryFolder(context);
	await (await open(other)).set('one', secret);

	const wrongKey = open(folder, {BUCKET_BRIGADE_KEY_FILE: join(other, 'keys', 'identity.txt')});
	await assert.rejects(
		wrongKey,
		(error: unknown) =>
			error instanceof UserError && /does not open/.test(error.message) && !error.message.includes(secret),
	);

	const path = join(folder, 'vault.age');
	const bytes = await readFile(path);
	bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
	await writeFile(path, bytes);
	await assert.rejects(open(folder), /does not open/);

	await rename(join(folder, 'keys', 'identity.txt'), join(folder, 'elsewhere.txt'));
	await assert.rejects(open(folder), /identity\.txt is missing/);
});

test('vault: the key may come from a command, or from systemd', async context => {
	const folder = await temporaryFolder(context);
	await (await open(folder)).set('one', secret);
	const key = join(folder, 'keys', 'identity.txt');
	const home = await temporaryFolder(context);
	const vaultOf = async (environment: NodeJS.ProcessEnv): Promise<Vault> =>
		open(home, {...environment, BUCKET_BRIGADE_HOME: home});
	await rename(join(folder, 'vault.age'), join(home, 'vault.age'));

	assert.equal(await (await vaultOf({BUCKET_BRIGADE_PASSWORD_COMMAND: `cat ${key}`})).get('one'), secret);
	await assert.rejects(
		vaultOf({BUCKET_BRIGADE_PASSWORD_COMMAND: 'echo nothing; exit 3'}),
		/PASSWORD_COMMAND failed \(3\)/,
	);
	const credentials = await temporaryFolder(context);
	await writeFile(join(credentials, 'bucket-brigade-key'), await readFile(key), {mode: 0o600});
	assert.equal(await (await vaultOf({CREDENTIALS_DIRECTORY: credentials})).get('one'), secret);
});
