import {execFile} from 'node:child_process';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {generateX25519Identity, identityToRecipient} from 'age-encryption';
import type {Clock} from '../system/clock.ts';
import {makePrivateFolder, writeDurably} from '../system/durable-file.ts';
import {waitForProcessLock} from '../system/process-lock.ts';
import {UserError} from '../system/user-error.ts';
import type {Home} from './home.ts';
import {readPrivateFile} from './private-file.ts';

/** An age X25519 identity (`AGE-SECRET-KEY-1…`) with where it came from, in words. */
export type Identity = {readonly key: string; readonly source: string};

const keyPattern = /^AGE-SECRET-KEY-1[A-Z0-9]+$/m;

/** Name of the credential that a systemd unit gives by `LoadCredential=bucket-brigade-key:…`. */
const systemdCredential = 'bucket-brigade-key';

/**
The vault's identity: from `BUCKET_BRIGADE_PASSWORD_COMMAND`, else systemd's credentials, else the file that
`BUCKET_BRIGADE_KEY_FILE` names, else the home's own key file, which is made on first use.

@throws UserError where the place that is named holds no identity, or others could read it.
*/
export async function findIdentity(
	home: Home,
	environment: NodeJS.ProcessEnv,
	clock: Clock,
): Promise<Identity> {
	const command = environment['BUCKET_BRIGADE_PASSWORD_COMMAND'];
	if (command !== undefined && command !== '') {
		return {
			key: identityIn(await outputOf(command, environment), 'BUCKET_BRIGADE_PASSWORD_COMMAND'),
			source: 'BUCKET_BRIGADE_PASSWORD_COMMAND',
		};
	}

	const credentials = environment['CREDENTIALS_DIRECTORY'];
	if (credentials !== undefined && credentials !== '') {
		const path = join(credentials, systemdCredential);
		const file = await readPrivateFile(path);
		if (file !== undefined) {
			return {key: identityIn(file.toString('utf8'), path), source: path};
		}
	}

	const named = environment['BUCKET_BRIGADE_KEY_FILE'];
	if (named !== undefined && named !== '') {
		const file = await readPrivateFile(named);
		if (file === undefined) {
			throw new UserError(`BUCKET_BRIGADE_KEY_FILE names ${named}, which does not exist.`);
		}

		return {key: identityIn(file.toString('utf8'), named), source: named};
	}

	return ownIdentity(home, clock);
}

async function ownIdentity(home: Home, clock: Clock): Promise<Identity> {
	const path = join(home.keys, 'identity.txt');
	await makePrivateFolder(home.keys);
	await makePrivateFolder(home.locks);
	// Two processes that start at once must not make two keys.
	const lock = await waitForProcessLock(join(home.locks, 'keys.lock'), {clock, timeoutMilliseconds: 20_000});
	try {
		const file = await readPrivateFile(path);
		if (file !== undefined) {
			return {key: identityIn(file.toString('utf8'), path), source: path};
		}

		if ((await readPrivateFile(home.vault)) !== undefined) {
			throw new UserError(
				`${path} is missing, and without it ${home.vault} cannot be opened. Put the key back from its copy, or move the vault away and enter the secrets again.`,
			);
		}

		const key = await generateX25519Identity();
		const created = new Date(clock.now()).toISOString();
		await writeDurably(
			path,
			`# created: ${created}\n# public key: ${await identityToRecipient(key)}\n${key}\n`,
		);
		return {key, source: path};
	} finally {
		lock.release();
	}
}

function identityIn(text: string, source: string): string {
	const key = keyPattern.exec(text)?.[0];
	if (key === undefined) {
		throw new UserError(`${source} gives no age identity: a line AGE-SECRET-KEY-1… was expected.`);
	}

	return key;
}

async function outputOf(command: string, environment: NodeJS.ProcessEnv): Promise<string> {
	try {
		const {stdout} = await promisify(execFile)('/bin/sh', ['-c', command], {
			env: environment,
			timeout: 60_000,
			maxBuffer: 1024 * 1024,
		});
		return stdout;
	} catch (error) {
		// What it printed may be half a secret: only that it failed is said.
		const {code} = error as {code?: unknown};
		throw new UserError(`BUCKET_BRIGADE_PASSWORD_COMMAND failed (${String(code ?? 'ended by a signal')}).`);
	}
}
