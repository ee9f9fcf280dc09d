import {writeFile} from 'node:fs/promises';
import {resolve} from 'node:path';
import {generateX25519Identity, identityToRecipient} from 'age-encryption';
import type {Clock} from '../system/clock.ts';
import {UserError} from '../system/user-error.ts';
import {identityFile, keyIn} from './age-key.ts';
import type {Home} from './home.ts';
import {findIdentity, type Identity} from './identity.ts';
import {passwordCommandVariable} from './key-variables.ts';
import {lockedIdentity} from './locked-identity.ts';
import {kindOfOwn, ownIdentity, replaceOwnIdentity} from './own-identity.ts';
import {nobodyToAsk, type Unlocking} from './passphrases.ts';
import {runPasswordCommand} from './password-command.ts';
import {readPrivateFile} from './private-file.ts';
import {withVaultLock, writeVault} from './vault.ts';
import {readVault, type VaultContents} from './vault-file.ts';

/** Where keys of a vault are looked for. */
export type VaultPlace = {
	readonly home: Home;
	readonly environment: NodeJS.ProcessEnv;
	readonly clock: Clock;
	/** Who is asked for the passphrase of the key; by default nobody. */
	readonly unlocking?: Unlocking;
};

/** What a vault is opened with. */
export type VaultStatus = {
	/** Where its key comes from: a file, or the variable that names a command. */
	readonly source: string;
	/** Of a key in the home's own folder, whether a passphrase locks it. */
	readonly own: 'clear' | 'locked' | undefined;
	/** Of a locked one, who gives the passphrase: a person who types it, or the password command. */
	readonly passphrase: 'typed' | 'command' | undefined;
	/** The key's public half (`age1…`). */
	readonly recipient: string;
	/** How many secrets it holds. */
	readonly secrets: number;
	/** Public halves of the recovery keys that open it too. */
	readonly recovery: readonly string[];
};

/** @throws UserError where the vault does not open. */
export async function readVaultStatus(place: VaultPlace): Promise<VaultStatus> {
	const {identity, contents} = await open(place);
	const own = kindOfOwn(place.home, identity);
	return {
		source: identity.source,
		own,
		passphrase: own !== 'locked' ? undefined : hasPasswordCommand(place) ? 'command' : 'typed',
		recipient: await identityToRecipient(identity.key),
		secrets: contents.secrets.size,
		recovery: contents.recovery,
	};
}

/**
Gives the vault a new key in the place of the home's own. In between both open it, so that a kill at any instant leaves a vault that
opens with the key that is there.

@param toOwn Wherever the key came from until now (a recovery key, say), the new one becomes the home's own.
@throws UserError where the key comes from elsewhere, and that was not meant: it is not this program's to change.
*/
export async function rotateKey(place: VaultPlace, toOwn: boolean): Promise<Identity> {
	const {home, clock} = place;
	return withVaultLock(home, clock, async () => {
		const {identity, contents} = await open(place);
		const own = kindOfOwn(home, identity);
		if (own === undefined && !toOwn) {
			throw new UserError(
				`The vault's key comes from ${identity.source}, where only you can change it. Make a new one with age-keygen, and hand the vault over to it with: bucket-brigade vault rekey FILE`,
			);
		}

		const passphrase = own === 'locked' ? await currentPassphrase(place) : undefined;
		const key = await generateX25519Identity();
		await writeVault(home, contents, [identity, {key}]);
		const next = await replaceOwnIdentity(home, clock, key, passphrase);
		await writeVault(home, contents, [next]);
		return next;
	});
}

/**
Hands the vault over to the identity in a file; the old key opens it no more.

@throws UserError where the file holds none, or others can read it.
*/
export async function rekey(place: VaultPlace, file: string): Promise<Identity> {
	const path = resolve(file);
	const text = await readPrivateFile(path);
	if (text === undefined) {
		throw new UserError(`${path} does not exist. Make a key there with: age-keygen --output ${path}`);
	}

	const next = {key: await keyIn(text.toString('utf8'), path), source: path};
	return withVaultLock(place.home, place.clock, async () => {
		const {contents} = await open(place);
		await writeVault(place.home, contents, [next]);
		return next;
	});
}

/**
Locks the home's own key with the passphrase that the password command gives, else with one that is typed twice. One that is locked
already gets the new one.

@throws UserError
*/
export async function lockKey(place: VaultPlace): Promise<Identity> {
	const {home, clock} = place;
	const isCommanded = hasPasswordCommand(place);
	const before =
		isCommanded || (await lockedIdentity(home)) === undefined ? undefined : await currentPassphrase(place);
	const passphrase = isCommanded ? await currentPassphrase(place) : await passphrasesOf(place).choose();
	// Nobody gives the vault another key meanwhile.
	return withVaultLock(home, clock, async () => {
		const identity = await ownIdentity(home, clock, before);
		await readVault(home.vault, identity);
		return replaceOwnIdentity(home, clock, identity.key, passphrase);
	});
}

/** Puts the home's own key, which a passphrase locks, into clear. @throws UserError */
export async function unlockKey(place: VaultPlace): Promise<Identity> {
	const {home, clock} = place;
	if (!hasPasswordCommand(place) && (await lockedIdentity(home)) === undefined) {
		throw new UserError('The key is not locked with a passphrase; nothing was changed.');
	}

	const passphrase = await currentPassphrase(place);
	return withVaultLock(home, clock, async () => {
		const identity = await ownIdentity(home, clock, passphrase);
		await readVault(home.vault, identity);
		return replaceOwnIdentity(home, clock, identity.key, undefined);
	});
}

/**
Makes a key that opens the vault too, now and after every change of its own key, and writes it into a new file.

@returns the path of the file, and the key's public half.
@throws UserError where the file is there already or cannot be written.
*/
export async function addRecoveryKey(
	place: VaultPlace,
	file: string,
): Promise<{readonly path: string; readonly recipient: string}> {
	const {home, clock} = place;
	const path = resolve(file);
	return withVaultLock(home, clock, async () => {
		const {identity, contents} = await open(place);
		const key = await generateX25519Identity();
		const recipient = await identityToRecipient(key);
		try {
			await writeFile(path, await identityFile(key, new Date(clock.now())), {
				mode: 0o600,
				flag: 'wx',
				flush: true,
			});
		} catch (error) {
			throw new UserError(`The recovery key cannot be written: ${(error as Error).message}.`, {cause: error});
		}

		await writeVault(home, {...contents, recovery: [...contents.recovery, recipient]}, [identity]);
		return {path, recipient};
	});
}

/** Takes all recovery keys away: from now on only the vault's own key opens it. @returns how many there were. */
export async function removeRecoveryKeys(place: VaultPlace): Promise<number> {
	const {home, clock} = place;
	return withVaultLock(home, clock, async () => {
		const {identity, contents} = await open(place);
		if (contents.recovery.includes(await identityToRecipient(identity.key))) {
			throw new UserError(
				'The vault is open with a recovery key, and nobody would be left to open it. Give it a key of its own first: bucket-brigade vault rotate --own',
			);
		}

		await writeVault(home, {...contents, recovery: []}, [identity]);
		return contents.recovery.length;
	});
}

async function open({
	home,
	environment,
	clock,
	unlocking,
}: VaultPlace): Promise<{readonly identity: Identity; readonly contents: VaultContents}> {
	const identity = await findIdentity(home, environment, clock, unlocking);
	return {identity, contents: await readVault(home.vault, identity)};
}

function hasPasswordCommand({environment}: VaultPlace): boolean {
	return (environment[passwordCommandVariable] ?? '') !== '';
}

function passphrasesOf({unlocking = nobodyToAsk}: VaultPlace): Unlocking['passphrases'] {
	return unlocking.passphrases;
}

/** The passphrase that the password command gives, else the one that opens the locked key. */
async function currentPassphrase(place: VaultPlace): Promise<string> {
	const {home, clock, environment} = place;
	const locked = await lockedIdentity(home);
	if (!hasPasswordCommand(place) && locked !== undefined) {
		return passphrasesOf(place).current(locked, async passphrase => {
			await ownIdentity(home, clock, passphrase);
			return passphrase;
		});
	}

	const password = await runPasswordCommand(environment[passwordCommandVariable] ?? '', environment);
	if (password.kind !== 'passphrase') {
		throw new UserError(
			`A passphrase is needed: set ${passwordCommandVariable} to a command that prints it (and no age identity).`,
		);
	}

	return password.passphrase;
}
