import {join} from 'node:path';
import type {Clock} from '../system/clock.ts';
import {UserError} from '../system/user-error.ts';
import {keyIn} from './age-key.ts';
import type {Home} from './home.ts';
import {keyFileVariable, passwordCommandVariable, systemdCredential} from './key-variables.ts';
import {lockedIdentity} from './locked-identity.ts';
import {ownIdentity} from './own-identity.ts';
import {nobodyToAsk, type Unlocking} from './passphrases.ts';
import {runPasswordCommand} from './password-command.ts';
import {readPrivateFile} from './private-file.ts';

/** An age X25519 identity (`AGE-SECRET-KEY-1…`) with where it came from, in words. */
export type Identity = {readonly key: string; readonly source: string};

/**
The vault's identity: from `BUCKET_BRIGADE_PASSWORD_COMMAND` (an identity, or the passphrase that opens the home's own),
else systemd's credential `bucket-brigade-key`, else the file that `BUCKET_BRIGADE_KEY_FILE` names, else the home's own key
file, which is made on first use, and whose passphrase is typed in where it has one.

@param unlocking Who is asked for that passphrase; by default nobody.

@throws UserError where the place that is named holds no identity, or others could read it.
*/
export async function findIdentity(
	home: Home,
	environment: NodeJS.ProcessEnv,
	clock: Clock,
	unlocking: Unlocking = nobodyToAsk,
): Promise<Identity> {
	const command = environment[passwordCommandVariable];
	if (isSet(command)) {
		const password = await runPasswordCommand(command, environment);
		return password.kind === 'passphrase'
			? ownIdentity(home, clock, password.passphrase)
			: {key: await keyIn(password.key, passwordCommandVariable), source: passwordCommandVariable};
	}

	const credentials = environment['CREDENTIALS_DIRECTORY'];
	if (isSet(credentials)) {
		const path = join(credentials, systemdCredential);
		const file = await readPrivateFile(path, 'handed-out');
		if (file !== undefined) {
			return {key: await keyIn(file.toString('utf8'), path), source: path};
		}
	}

	const named = environment[keyFileVariable];
	if (isSet(named)) {
		const file = await readPrivateFile(named);
		if (file === undefined) {
			throw new UserError(`${keyFileVariable} names ${named}, which does not exist.`);
		}

		return {key: await keyIn(file.toString('utf8'), named), source: named};
	}

	const locked = await lockedIdentity(home);
	if (locked === undefined) {
		return ownIdentity(home, clock, undefined);
	}

	const {handedKey, passphrases} = unlocking;
	// Nobody waits for the lock of the keys while a person types.
	return handedKey === undefined
		? passphrases.current(locked, async passphrase => ownIdentity(home, clock, passphrase))
		: {key: await keyIn(handedKey, 'The process that started this one'), source: locked};
}

function isSet(text: string | undefined): text is string {
	return text !== undefined && text !== '';
}
