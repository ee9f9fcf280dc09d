import {dirname, join} from 'node:path';
import {Decrypter, Encrypter, identityToRecipient} from 'age-encryption';
import {z} from 'zod';
import type {Clock} from '../system/clock.ts';
import {makePrivateFolder, writeDurably} from '../system/durable-file.ts';
import {waitForProcessLock} from '../system/process-lock.ts';
import {UserError} from '../system/user-error.ts';
import type {Home} from './home.ts';
import {findIdentity, type Identity} from './identity.ts';
import {readPrivateFile} from './private-file.ts';

/** Secrets by the id of their credential, in `vault.age`: an age file that `age` itself can open with the identity. */
export type Vault = {
	readonly get: (credentialId: string) => Promise<string | undefined>;
	readonly set: (credentialId: string, secret: string) => Promise<void>;
	readonly remove: (credentialId: string) => Promise<void>;
};

const ContentsSchema = z.object({version: z.literal(1), secrets: z.record(z.string(), z.string())});
type Contents = z.infer<typeof ContentsSchema>;

const lockTimeoutMilliseconds = 20_000;

/** Opens the vault of a home. @throws UserError where it does not open, or others could read it. */
export async function openVault(home: Home, environment: NodeJS.ProcessEnv, clock: Clock): Promise<Vault> {
	await makePrivateFolder(dirname(home.vault));
	await makePrivateFolder(home.locks);
	const identity = await findIdentity(home, environment, clock);
	const recipient = await identityToRecipient(identity.key);
	const lockFile = join(home.locks, 'vault.lock');

	const change = async (work: (secrets: Map<string, string>) => void): Promise<void> => {
		const lock = await waitForProcessLock(lockFile, {clock, timeoutMilliseconds: lockTimeoutMilliseconds});
		try {
			const {secrets, ...rest} = await load(home.vault, identity);
			const changed = new Map(Object.entries(secrets));
			work(changed);
			const encrypter = new Encrypter();
			encrypter.addRecipient(recipient);
			const text = JSON.stringify({...rest, secrets: Object.fromEntries(changed)});
			await writeDurably(home.vault, await encrypter.encrypt(text));
		} finally {
			lock.release();
		}
	};

	// A vault that does not open is told at once, not at the first secret.
	await load(home.vault, identity);
	return {
		get: async id => {
			const {secrets} = await load(home.vault, identity);
			return Object.hasOwn(secrets, id) ? secrets[id] : undefined;
		},
		set: async (id, secret) => change(secrets => secrets.set(id, secret)),
		remove: async id => change(secrets => secrets.delete(id)),
	};
}

async function load(path: string, identity: Identity): Promise<Contents> {
	const file = await readPrivateFile(path);
	if (file === undefined) {
		return {version: 1, secrets: {}};
	}

	const decrypter = new Decrypter();
	decrypter.addIdentity(identity.key);
	let text: string;
	try {
		text = await decrypter.decrypt(file, 'text');
	} catch {
		throw new UserError(
			`The vault ${path} does not open with the key from ${identity.source}: it is the wrong key, or the file is damaged.`,
		);
	}

	const contents = ContentsSchema.safeParse(parseJson(text));
	if (!contents.success) {
		// What it holds is secret: no part of it is said.
		throw new UserError(`The vault ${path} opens, but holds something that this version cannot read.`);
	}

	return contents.data;
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
