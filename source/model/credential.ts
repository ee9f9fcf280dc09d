import * as z from 'zod';
import {CredentialKindSchema} from './credential-kind.ts';

/** What signs in, without its secret: that lies in the vault under the credential's `id`. */
export const CredentialSchema = z.looseObject({
	/** UUID; names the secret in the vault. */
	id: z.string().min(1),
	/** What people call it; unique in its organization. */
	label: z.string().min(1).max(60),
	kind: CredentialKindSchema,
	/** E-mail of an API token, key of an OAuth consumer; access tokens have none. */
	username: z.string().min(1).optional(),
	/** ISO-8601 date on which it expires, as its owner entered it: Bitbucket does not tell. */
	expiresAt: z.iso.date().optional(),
	/** ISO-8601 time at which it was added. */
	addedAt: z.iso.datetime(),
});

export type Credential = z.infer<typeof CredentialSchema>;

/** A credential together with its secret, as the vault gave it. Never stored, logged or shown. */
export type OpenedCredential = {
	readonly credential: Credential;
	readonly secret: string;
};
