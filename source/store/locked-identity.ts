import {stat} from 'node:fs/promises';
import {join} from 'node:path';
import type {Home} from './home.ts';
import {keyFileVariable, passwordCommandVariable, systemdCredential} from './key-variables.ts';

/** Where the home's own identity lies: in clear, or locked with a passphrase. */
export function identityPaths(home: Home): {readonly clear: string; readonly locked: string} {
	return {clear: join(home.keys, 'identity.txt'), locked: join(home.keys, 'identity.age')};
}

/** Where the home's own identity lies, locked with a passphrase; undefined where it lies in clear, or there is none. */
export async function lockedIdentity(home: Home): Promise<string | undefined> {
	const {clear, locked} = identityPaths(home);
	return !(await isThere(clear)) && (await isThere(locked)) ? locked : undefined;
}

/** Whether the vault opens only after a person has typed a passphrase. */
export async function needsPassphrase(home: Home, environment: NodeJS.ProcessEnv): Promise<boolean> {
	if (isSet(environment[passwordCommandVariable]) || isSet(environment[keyFileVariable])) {
		return false;
	}

	const credentials = environment['CREDENTIALS_DIRECTORY'];
	const isGiven = isSet(credentials) && (await isThere(join(credentials, systemdCredential)));
	return !isGiven && (await lockedIdentity(home)) !== undefined;
}

async function isThere(path: string): Promise<boolean> {
	return stat(path).then(
		() => true,
		() => false,
	);
}

function isSet(text: string | undefined): text is string {
	return text !== undefined && text !== '';
}
