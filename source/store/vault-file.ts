import {Decrypter, Encrypter, identityToRecipient} from 'age-encryption';
import * as z from 'zod';
import {UserError} from '../system/user-error.ts';
import type {Identity} from './identity.ts';
import {readPrivateFile} from './private-file.ts';

const RecipientSchema = z.string().regex(/^age1[a-z0-9]+$/);

const ContentsSchema = z.object({
	version: z.literal(1),
	secrets: z.record(z.string(), z.string()),
	key: RecipientSchema.optional(),
	recovery: z.array(RecipientSchema).optional(),
});

/** Secrets by the id of their credential. A map: an id that is a word of JavaScript's own (`constructor`) is an id like any other. */
export type Secrets = Map<string, string>;

export type VaultContents = {
	readonly secrets: Secrets;
	/** Recipient (`age1…`) of the vault's own key, where there are others too: it opens the vault also after somebody wrote with another one. */
	readonly key?: string | undefined;
	/** Recipients of recovery keys: each of them opens the vault too. */
	readonly recovery: readonly string[];
};

/** Reads the vault; a missing one holds nothing. @throws UserError where it does not open, or others could read it. */
export async function readVault(path: string, identity: Identity): Promise<VaultContents> {
	const file = await readPrivateFile(path);
	if (file === undefined) {
		return {secrets: new Map(), recovery: []};
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

	const {secrets, key, recovery = []} = contents.data;
	return {secrets: new Map(Object.entries(secrets)), key, recovery};
}

/**
The vault as an age file, which `age --decrypt --identity` opens.

@param identities Each of them opens it, and so does each recovery key; the last one that is none is the vault's own.
*/
export async function sealVault(
	{secrets, key, recovery}: VaultContents,
	identities: ReadonlyArray<Pick<Identity, 'key'>>,
): Promise<Uint8Array> {
	const recipients = await Promise.all(identities.map(async each => identityToRecipient(each.key)));
	// Who opens the vault with a recovery key does not lock its own key out.
	const own = recipients.findLast(recipient => !recovery.includes(recipient)) ?? key;
	const encrypter = new Encrypter();
	for (const recipient of new Set([...recipients, ...(own === undefined ? [] : [own]), ...recovery])) {
		encrypter.addRecipient(recipient);
	}

	const contents = {
		version: 1,
		secrets: Object.fromEntries(secrets),
		...(recovery.length === 0 ? {} : {key: own, recovery}),
	};
	return encrypter.encrypt(JSON.stringify(contents));
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
