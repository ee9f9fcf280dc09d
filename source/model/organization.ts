import * as z from 'zod';
import {type Credential, CredentialSchema} from './credential.ts';
import {QuotaLimitTextSchema} from './quota-limit.ts';

export const defaultApiUrl = 'https://api.bitbucket.org/2.0';
export const defaultGitUrl = 'https://bitbucket.org';

/** Percent of every quota that is left for the accounts' other tools. */
export const ReservePercentSchema = z.number().min(0).max(90);

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether an address is one to which a credential may be sent: https, or plain http on loopback, and without a password in it. */
export function isSafeOrigin(text: string): boolean {
	if (!URL.canParse(text)) {
		return false;
	}

	const url = new URL(text);
	const isLoopback = url.protocol === 'http:' && loopbackHosts.has(url.hostname);
	return (url.protocol === 'https:' || isLoopback) && url.username === '' && url.password === '';
}

const ServiceUrlSchema = z.string().refine(isSafeOrigin, {
	error: 'expected an https address (plain http is for loopback only) without a user name in it',
});

/** A Bitbucket workspace connected to the app. */
export const OrganizationSchema = z.looseObject({
	/** The workspace's slug, as in `https://bitbucket.org/<workspace>/`; names the organization. */
	workspace: z
		.string()
		.regex(/^[A-Za-z0-9_-]{1,62}$/, 'expected a workspace slug: letters, digits, "-" and "_"'),
	/** With its `/2.0`, without a slash at the end. */
	apiUrl: ServiceUrlSchema.default(defaultApiUrl),
	/** Clones come from `<gitUrl>/<workspace>/<slug>.git`. */
	gitUrl: ServiceUrlSchema.default(defaultGitUrl),
	/** Limit of `api` for each account, where it is not the documented one: `1000/1h`. */
	apiLimit: QuotaLimitTextSchema.optional(),
	reservePercent: ReservePercentSchema.default(5),
	primaryCredential: CredentialSchema,
	additionalCredentials: z.array(CredentialSchema).default([]),
});

export type Organization = z.infer<typeof OrganizationSchema>;

/** Every credential of an organization, the primary one first. */
export function allCredentials(organization: Organization): readonly Credential[] {
	return [organization.primaryCredential, ...organization.additionalCredentials];
}
