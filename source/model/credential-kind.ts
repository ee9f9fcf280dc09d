import * as z from 'zod';

/**
The ways in which Bitbucket Cloud lets a program sign in.

`app-password` is dead since 2026-07-28: it is known only so that it can be recognised, explained and replaced.
*/
export const CredentialKindSchema = z.enum([
	'api-token',
	'repository-access-token',
	'project-access-token',
	'workspace-access-token',
	'oauth-consumer',
]);

export type CredentialKind = z.infer<typeof CredentialKindSchema>;

export const credentialKinds = CredentialKindSchema.options;

/** What a person needs to know about a kind of credential, in the words of the screens. */
export type CredentialKindDescription = {
	/** Name on screens: `API token`. */
	readonly name: string;
	/** What the username field is called for this kind, or undefined where the kind has none. */
	readonly usernameLabel?: string;
	/** What the secret field is called. */
	readonly secretLabel: string;
	/** One sentence: where such a credential is made and what has to be entered. */
	readonly hint: string;
};

export const credentialKindDescriptions: Readonly<Record<CredentialKind, CredentialKindDescription>> = {
	'api-token': {
		name: 'API token',
		usernameLabel: 'E-mail',
		secretLabel: 'Token',
		hint: 'the e-mail address of the Atlassian account, and a token made at id.atlassian.com › Security › API tokens › Create API token with scopes › Bitbucket',
	},
	'repository-access-token': {
		name: 'repository token',
		secretLabel: 'Token',
		hint: 'made at Repository settings › Access tokens; it reaches that repository alone',
	},
	'project-access-token': {
		name: 'project token',
		secretLabel: 'Token',
		hint: 'made at Project settings › Access tokens; it reaches the repositories of that project',
	},
	'workspace-access-token': {
		name: 'workspace token',
		secretLabel: 'Token',
		hint: 'made at Workspace settings › Access tokens; it reaches every repository of the workspace',
	},
	'oauth-consumer': {
		name: 'OAuth consumer',
		usernameLabel: 'Key',
		secretLabel: 'Secret',
		hint: 'made at Workspace settings › OAuth consumers, as a private consumer; enter its key and its secret',
	},
};

/** Whether this kind of credential must have a username (an API token's e-mail, a consumer's key). */
export function needsUsername(kind: CredentialKind): boolean {
	return credentialKindDescriptions[kind].usernameLabel !== undefined;
}

/** Access tokens stand for no user: they are never asked for `/user`, members, permissions or snippets. */
export function isAccessToken(kind: CredentialKind): boolean {
	return kind.endsWith('-access-token');
}
