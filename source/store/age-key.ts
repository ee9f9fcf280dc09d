import {Decrypter, Encrypter, identityToRecipient} from 'age-encryption';
import {UserError} from '../system/user-error.ts';

/** The age X25519 identity (`AGE-SECRET-KEY-1…`) in an identity file's text, which may have comments; undefined where there is none. */
export function findKey(text: string): string | undefined {
	return /^[ \t]*(AGE-SECRET-KEY-1[A-Z0-9]+)[ \t\r]*$/m.exec(text)?.[1];
}

/** The identity in a text, which is there and whole. @param source Where it came from, for the error. @throws UserError */
export async function keyIn(text: string, source: string): Promise<string> {
	const key = findKey(text);
	if (key === undefined) {
		throw new UserError(`${source} gives no age identity: a line AGE-SECRET-KEY-1… was expected.`);
	}

	try {
		await identityToRecipient(key);
		return key;
	} catch {
		// The reason would repeat the key.
		throw new UserError(`${source} gives an age identity that is cut or mistyped.`);
	}
}

/** The text of an identity file, as `age-keygen` writes it. */
export async function identityFile(key: string, created: Date): Promise<string> {
	const recipient = await identityToRecipient(key);
	return `# created: ${created.toISOString()}\n# public key: ${recipient}\n${key}\n`;
}

/** An age file that a passphrase opens, also in `age --decrypt`. Takes about a second, as it should. */
export async function lockWithPassphrase(text: string, passphrase: string): Promise<Uint8Array> {
	const encrypter = new Encrypter();
	encrypter.setPassphrase(passphrase);
	return encrypter.encrypt(text);
}

/** @throws Error where the passphrase is wrong, or the file damaged. */
export async function unlockWithPassphrase(file: Uint8Array, passphrase: string): Promise<string> {
	const decrypter = new Decrypter();
	decrypter.addPassphrase(passphrase);
	return decrypter.decrypt(file, 'text');
}
