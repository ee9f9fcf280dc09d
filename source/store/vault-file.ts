import {Decrypter, Encrypter, identityToRecipient} from 'age-encryption';
import {z} from 'zod';
import {UserError} from '../system/user-error.ts';
import type {Identity} from './identity.ts';
import {readPrivateFile} from './private-file.ts';

const ContentsSchema = z.object({version: z.literal(1), secrets: z.record(z.string(), z.string())});

/** Secrets by the id of their credential. A map: an id that is a word of JavaScript's own (`constructor`) is an id like any other. */
export type Secrets = Map<string, string>;

/** Reads the vault; a missing one holds nothing. @throws UserError where it does not open, or others could read it. */
export async function readVault(path: string, identity: Identity): Promise<Secrets> {
	const file = await readPrivateFile(path);
	if (file === undefined) {
		return new Map();
	}

	const decrypter = new Decrypter();
	decrypter.addIdentity(identity.key);
	const text = await decrypter.decrypt(file, 'text').catch(() => {
		throw new UserError(
			`The vault ${path} does not open with the key from ${identity.source}: it is the wrong key, or the file is damaged.`,
		);
	});
	const contents = ContentsSchema.safeParse(parseJson(text));
	if (!contents.success) {
		// What it holds is secret: no part of it is said.
		throw new UserError(`The vault ${path} opens, but holds something that this version cannot read.`);
	}

	return new Map(Object.entries(contents.data.secrets));
}

/** The vault as an age file, which `age --decrypt --identity` opens. */
export async function sealVault(secrets: Secrets, identity: Identity): Promise<Uint8Array> {
	const encrypter = new Encrypter();
	encrypter.addRecipient(await identityToRecipient(identity.key));
	return encrypter.encrypt(JSON.stringify({version: 1, secrets: Object.fromEntries(secrets)}));
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
