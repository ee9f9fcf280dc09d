import {chmod} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import type {Clock} from '../system/clock.ts';
import {makePrivateFolder, removeUnfinished} from '../system/durable-file.ts';
import {withProcessLock} from '../system/process-lock.ts';
import {type Home, isHomeAlone} from './home.ts';
import {findIdentity, type Identity} from './identity.ts';
import {nobodyToAsk, type Unlocking} from './passphrases.ts';
import {assertOwnFolder, readPrivateFile} from './private-file.ts';
import {readVault, type Secrets, sealVault, type VaultContents} from './vault-file.ts';
import {writeFileOfHome} from './write-file.ts';

/** Secrets by the id of their credential, in `vault.age`: an age file that `age` itself can open with the identity. */
export type Vault = {
	/** Where the key that opens it came from, in words: a path, or the name of a variable. */
	readonly identitySource: () => string;
	/** The key that opens it now, for a process that this one starts. @throws UserError where it does not open. */
	readonly key: () => Promise<string>;
	/** undefined where the vault holds nothing under this id. @throws UserError where it does not open. */
	readonly get: (credentialId: string) => Promise<string | undefined>;
	readonly set: (credentialId: string, secret: string) => Promise<void>;
	readonly remove: (credentialId: string) => Promise<void>;
};

const lockTimeoutMilliseconds = 20_000;

/**
Opens the vault of a home.

@param unlocking Who is asked for the passphrase of its key, where it has one; by default nobody.
@throws UserError where it does not open, or others could read it.
*/
export async function openVault(
	home: Home,
	environment: NodeJS.ProcessEnv,
	clock: Clock,
	unlocking: Unlocking = nobodyToAsk,
): Promise<Vault> {
	await makeVaultFolder(home);
	await makePrivateFolder(home.locks);
	let identity = await findIdentity(home, environment, clock, unlocking);
	const read = async (): Promise<VaultContents> => {
		try {
			return await readVault(home.vault, identity);
		} catch {
			// The key may have been changed by another process since this one has read it.
			identity = await findIdentity(home, environment, clock, unlocking);
			return readVault(home.vault, identity);
		}
	};

	const change = async (work: (secrets: Secrets) => void): Promise<void> =>
		withVaultLock(home, clock, async () => {
			const contents = await read();
			work(contents.secrets);
			await writeVault(home, contents, [identity]);
		});

	// A vault that does not open is told at once, not at the first secret.
	await read();
	return {
		identitySource: () => identity.source,
		key: async () => {
			// Another process may have changed it since.
			await read();
			return identity.key;
		},
		get: async id => (await read()).secrets.get(id),
		set: async (id, secret) => change(secrets => secrets.set(id, secret)),
		remove: async id => change(secrets => secrets.delete(id)),
	};
}

/** Keeps others from changing the vault meanwhile. @throws UserError where another process keeps it for too long. */
export async function withVaultLock<Result>(
	home: Home,
	clock: Clock,
	work: () => Promise<Result>,
): Promise<Result> {
	return withProcessLock(
		join(home.locks, 'vault.lock'),
		{clock, timeoutMilliseconds: lockTimeoutMilliseconds},
		work,
	);
}

/** Replaces the vault; only under its lock. @param identities Each of them opens it. */
export async function writeVault(
	home: Home,
	contents: VaultContents,
	identities: ReadonlyArray<Pick<Identity, 'key'>>,
): Promise<void> {
	await removeUnfinished(home.vault);
	await writeFileOfHome(home.vault, await sealVault(contents, identities));
}

/** A folder that somebody made for us beforehand, with the usual modes, becomes private with the first vault in it. */
async function makeVaultFolder(home: Home): Promise<void> {
	const folder = dirname(home.vault);
	await makePrivateFolder(folder);
	await assertOwnFolder(folder);
	if ((await readPrivateFile(home.vault)) === undefined && (await isHomeAlone(home, folder))) {
		await chmod(folder, 0o700);
	}
}
