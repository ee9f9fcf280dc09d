import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {generateX25519Identity} from 'age-encryption';
import type {Clock} from '../system/clock.ts';
import {makePrivateFolder, removeUnfinished, synchroniseFolder} from '../system/durable-file.ts';
import {withProcessLock} from '../system/process-lock.ts';
import {UserError} from '../system/user-error.ts';
import {identityFile, keyIn, lockWithPassphrase, unlockWithPassphrase} from './age-key.ts';
import type {Home} from './home.ts';
import type {Identity} from './identity.ts';
import {passwordCommandVariable} from './key-variables.ts';
import {identityPaths} from './locked-identity.ts';
import {WrongPassphrase} from './passphrases.ts';
import {assertPrivateFolder, readPrivateFile} from './private-file.ts';
import {writeFileOfHome} from './write-file.ts';

const lockTimeoutMilliseconds = 20_000;

/**
The identity that lies in the home's own folder of keys, made on first use: `identity.txt` in clear, or with a passphrase
`identity.age`, which `age` takes as an identity file too.

In clear it protects copies of the vault, not against whoever may read the user's files.

@throws UserError where there is none although there is a vault, or the passphrase does not open it.
*/
export async function ownIdentity(
	home: Home,
	clock: Clock,
	passphrase: string | undefined,
): Promise<Identity> {
	// Two processes that start at once must not make two keys.
	return withKeysLock(home, clock, async () => {
		const found = passphrase === undefined ? await readClear(home) : await readLocked(home, passphrase);
		return found ?? (await makeIdentity(home, clock, passphrase));
	});
}

/** Whether an identity is the home's own: where it lies in clear, or locked with a passphrase; undefined where it comes from elsewhere. */
export function kindOfOwn(home: Home, {source}: Identity): 'clear' | 'locked' | undefined {
	const {clear, locked} = identityPaths(home);
	return source === clear ? 'clear' : source === locked ? 'locked' : undefined;
}

/**
Puts another identity in the place of the home's own, or the same one in another form. A kill leaves the old one, the new one, or
both forms of it.

@param passphrase Locks it; undefined leaves it in clear.
*/
export async function replaceOwnIdentity(
	home: Home,
	clock: Clock,
	key: string,
	passphrase: string | undefined,
): Promise<Identity> {
	return withKeysLock(home, clock, async () => {
		const written = await writeIdentity(home, clock, key, passphrase);
		const {clear, locked} = identityPaths(home);
		await rm(passphrase === undefined ? locked : clear, {force: true});
		await synchroniseFolder(home.keys);
		return written;
	});
}

async function withKeysLock<Result>(home: Home, clock: Clock, work: () => Promise<Result>): Promise<Result> {
	await makePrivateFolder(home.keys);
	await assertPrivateFolder(home.keys);
	await makePrivateFolder(home.locks);
	const {clear, locked} = identityPaths(home);
	return withProcessLock(
		join(home.locks, 'keys.lock'),
		{clock, timeoutMilliseconds: lockTimeoutMilliseconds},
		async () => {
			// What a killed writer left there may hold a key in clear.
			await removeUnfinished(clear);
			await removeUnfinished(locked);
			return work();
		},
	);
}

async function readClear(home: Home): Promise<Identity | undefined> {
	const {clear, locked} = identityPaths(home);
	const file = await readPrivateFile(clear);
	if (file !== undefined) {
		return {key: await keyIn(file.toString('utf8'), clear), source: clear};
	}

	if ((await readPrivateFile(locked)) !== undefined) {
		throw new UserError(
			`${locked} is locked with a passphrase. Set ${passwordCommandVariable} to a command that prints it.`,
		);
	}

	return undefined;
}

async function readLocked(home: Home, passphrase: string): Promise<Identity | undefined> {
	const {clear, locked} = identityPaths(home);
	const file = await readPrivateFile(locked);
	if (file !== undefined) {
		const text = await unlockWithPassphrase(file, passphrase).catch(() => {
			throw new WrongPassphrase(
				`${locked} does not open with the passphrase from ${passwordCommandVariable}: it is the wrong one, or the file is damaged.`,
			);
		});
		return {key: await keyIn(text, locked), source: locked};
	}

	if ((await readPrivateFile(clear)) !== undefined) {
		throw new UserError(
			`${passwordCommandVariable} gives a passphrase, but the vault's key lies in clear in ${clear}. Lock it with: bucket-brigade vault lock`,
		);
	}

	return undefined;
}

async function makeIdentity(home: Home, clock: Clock, passphrase: string | undefined): Promise<Identity> {
	const {clear, locked} = identityPaths(home);
	const path = passphrase === undefined ? clear : locked;
	if ((await readPrivateFile(home.vault)) !== undefined) {
		throw new UserError(
			`${path} is missing, and without it ${home.vault} cannot be opened. Put the key back from its copy, or move the vault away and enter the secrets again.`,
		);
	}

	return writeIdentity(home, clock, await generateX25519Identity(), passphrase);
}

async function writeIdentity(
	home: Home,
	clock: Clock,
	key: string,
	passphrase: string | undefined,
): Promise<Identity> {
	const {clear, locked} = identityPaths(home);
	const path = passphrase === undefined ? clear : locked;
	const text = await identityFile(key, new Date(clock.now()));
	await writeFileOfHome(path, passphrase === undefined ? text : await lockWithPassphrase(text, passphrase));
	return {key, source: path};
}
