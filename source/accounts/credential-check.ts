import * as z from 'zod';

/** What asking Bitbucket about a credential brought; stored, so unknown fields are kept. */
export const CredentialCheckSchema = z.looseObject({
	/**
	`ok`: it signs in and may read all that a backup reads, as far as can be told.
	`missing-scopes`: it signs in, but some data will be missing.
	`refused`: Bitbucket does not let it in.
	`unreachable`: nobody could say.
	*/
	state: z.enum(['ok', 'missing-scopes', 'refused', 'unreachable']),
	checkedAt: z.iso.datetime(),
	/** Whom Bitbucket counts its requests for. */
	account: z.looseObject({id: z.string(), name: z.string()}).optional(),
	grantedScopes: z.array(z.string()).optional(),
	missingScopes: z
		.array(
			z.looseObject({
				scope: z.string(),
				/** The data that cannot be read without it: `branch restrictions, deploy keys`. */
				costs: z.string(),
			}),
		)
		.optional(),
	/** What Bitbucket said, sanitized. */
	message: z.string().optional(),
	status: z.number().int().optional(),
});

export type CredentialCheck = z.infer<typeof CredentialCheckSchema>;
