import assert from 'node:assert/strict';
import {chmod, readdir, readFile, rename, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {type TestContext, test} from 'node:test';
import {generateX25519Identity} from 'age-encryption';
import {findIdentity} from '../../source/store/identity.ts';
import {systemClock} from '../../source/system/clock.ts';
import {UserError} from '../../source/system/user-error.ts';
import {temporaryFolder} from '../temporary-folder.ts';
import {homeIn, openVaultIn, secret} from './vault-users.ts';

async function keyFile(context: TestContext, mode = 0o600): Promise<{path: string; key: string}> {
	const key = await generateX25519Identity();
	const path = join(await temporaryFolder(context), 'bucket-brigade-key');
	await writeFile(path, `# a comment\n${key}\r\n`);
	await chmod(path, mode);
	return {path, key};
}

const find = async (
	folder: string,
	environment: NodeJS.ProcessEnv,
): Promise<{readonly key: string; readonly source: string}> =>
	findIdentity(homeIn(folder), {PATH: process.env['PATH'], ...environment}, systemClock);

test('identity: the first place that is named counts, and none is made then', async context => {
	const folder = await temporaryFolder(context);
	const [command, systemd, named] = [await keyFile(context), await keyFile(context), await keyFile(context)];
	const all = {
		BUCKET_BRIGADE_PASSWORD_COMMAND: `cat ${command.path}`,
		CREDENTIALS_DIRECTORY: join(systemd.path, '..'),
		BUCKET_BRIGADE_KEY_FILE: named.path,
	};
	assert.equal((await find(folder, all)).key, command.key);
	assert.equal((await find(folder, {...all, BUCKET_BRIGADE_PASSWORD_COMMAND: ''})).key, systemd.key);
	const {BUCKET_BRIGADE_PASSWORD_COMMAND: _command, ...rest} = all;
	const elsewhere = await temporaryFolder(context);
	assert.deepEqual(await find(folder, {...rest, CREDENTIALS_DIRECTORY: elsewhere}), {
		key: named.key,
		source: named.path,
	});
	assert.deepEqual(await readdir(folder), []);
});

test('identity: made on first use, and the same from then on', async context => {
	const folder = await temporaryFolder(context);
	const first = await find(folder, {});
	assert.match(first.key, /^AGE-SECRET-KEY-1/);
	assert.deepEqual(await find(folder, {}), first);
	assert.match(
		await readFile(join(folder, 'keys', 'identity.txt'), 'utf8'),
		/^# created: \d.*\n# public key: age1\w+\nAGE-SECRET-KEY-1\w+\n$/,
	);
});

test('identity: no new one is made where the vault needs the old one', async context => {
	const folder = await temporaryFolder(context);
	await (await openVaultIn(folder)).set('one', secret);
	await rename(join(folder, 'keys', 'identity.txt'), join(folder, 'elsewhere.txt'));
	await assert.rejects(openVaultIn(folder), /identity\.txt is missing.*Put the key back/);
	await assert.rejects(
		openVaultIn(folder, {BUCKET_BRIGADE_PASSWORD_COMMAND: 'echo correct horse'}),
		/identity\.age is missing/,
	);
	await rename(join(folder, 'elsewhere.txt'), join(folder, 'keys', 'identity.txt'));
	assert.equal(await (await openVaultIn(folder)).get('one'), secret);
});

test('identity: the wrong key does not open the vault, and it is said where it came from', async context => {
	const folder = await temporaryFolder(context);
	await (await openVaultIn(folder)).set('one', secret);
	const other = await keyFile(context);
	await assert.rejects(
		openVaultIn(folder, {BUCKET_BRIGADE_KEY_FILE: other.path}),
		(error: unknown) =>
			error instanceof UserError &&
			error.message.includes(`does not open with the key from ${other.path}`) &&
			!error.message.includes(other.key),
	);
});

test('identity: from systemd, which gives it to root with a right to read for the unit', async context => {
	const folder = await temporaryFolder(context);
	const {path, key} = await keyFile(context, 0o440);
	assert.equal((await find(folder, {CREDENTIALS_DIRECTORY: join(path, '..')})).key, key);
	await chmod(path, 0o444);
	await assert.rejects(find(folder, {CREDENTIALS_DIRECTORY: join(path, '..')}), /chmod 400/);
});

test('identity: a passphrase locks it, and opens it again', async context => {
	const folder = await temporaryFolder(context);
	const environment = {BUCKET_BRIGADE_PASSWORD_COMMAND: 'printf "correct horse\\nuser: ada\\n"'};
	await (await openVaultIn(folder, environment)).set('one', secret);
	assert.deepEqual(await readdir(join(folder, 'keys')), ['identity.age']);
	assert.doesNotMatch(
		await readFile(join(folder, 'keys', 'identity.age'), 'latin1'),
		/AGE-SECRET|correct horse/,
	);

	assert.equal(await (await openVaultIn(folder, environment)).get('one'), secret);
	await assert.rejects(
		openVaultIn(folder, {BUCKET_BRIGADE_PASSWORD_COMMAND: 'echo battery staple'}),
		(error: unknown) =>
			error instanceof UserError &&
			/identity\.age does not open with the passphrase/.test(error.message) &&
			!error.message.includes('battery'),
	);
	await assert.rejects(openVaultIn(folder), /locked with a passphrase\. Set BUCKET_BRIGADE_PASSWORD_COMMAND/);
});

test('identity: a passphrase for a key that lies in clear is told how to lock it', async context => {
	const folder = await temporaryFolder(context);
	await (await openVaultIn(folder)).set('one', secret);
	await assert.rejects(
		openVaultIn(folder, {BUCKET_BRIGADE_PASSWORD_COMMAND: 'echo correct horse'}),
		/lies in clear in .*identity\.txt\. Lock it with: bucket-brigade vault lock/,
	);
});

const broken: ReadonlyArray<readonly [string, NodeJS.ProcessEnv, RegExp]> = [
	[
		'a command that fails',
		{BUCKET_BRIGADE_PASSWORD_COMMAND: 'echo half-a-secret; exit 3'},
		/PASSWORD_COMMAND failed \(3\)/,
	],
	['a command that prints nothing', {BUCKET_BRIGADE_PASSWORD_COMMAND: 'true'}, /gives neither/],
	[
		'a key of another kind',
		{BUCKET_BRIGADE_PASSWORD_COMMAND: 'echo AGE-PLUGIN-YUBIKEY-1QQ'},
		/gives neither/,
	],
	[
		'a key that is cut',
		{BUCKET_BRIGADE_PASSWORD_COMMAND: 'echo AGE-SECRET-KEY-1QQQQQQQQ'},
		/cut or mistyped/,
	],
	['a file that is not there', {BUCKET_BRIGADE_KEY_FILE: '/nowhere/key'}, /which does not exist/],
	['a file without a key', {BUCKET_BRIGADE_KEY_FILE: '/dev/null'}, /not a plain file/],
];

for (const [name, environment, message] of broken) {
	test(`identity: ${name} is told`, async context => {
		const folder = await temporaryFolder(context);
		await assert.rejects(
			find(folder, environment),
			(error: unknown) =>
				error instanceof UserError && message.test(error.message) && !/half-a-secret|1QQ/.test(error.message),
		);
		assert.deepEqual(await readdir(folder), []);
	});
}
