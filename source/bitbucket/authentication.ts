import type {CredentialKind} from '../model/credential-kind.ts';

/** What signs in, opened: the parts of a credential that requests are made of. */
export type SignIn = {
	readonly kind: CredentialKind;
	/** E-mail of an API token, key of an OAuth consumer. */
	readonly username?: string | undefined;
	readonly secret: string;
};

/** The fixed Git user name of API tokens; their e-mail, which REST wants, is refused by Git. */
const apiTokenGitUser = 'x-bitbucket-api-token-auth';

/** The fixed Git user name of access tokens and of OAuth access tokens. */
const accessTokenGitUser = 'x-token-auth';

export function basicAuthorization(username: string, password: string): string {
	return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/**
The `Authorization` header with which a credential reads the REST API.

@param accessToken What an OAuth consumer got for its key and secret; other kinds have none.
*/
export function restAuthorization(signIn: SignIn, accessToken?: string): string {
	switch (signIn.kind) {
		case 'api-token':
			return basicAuthorization(signIn.username ?? '', signIn.secret);
		case 'oauth-consumer':
			return `Bearer ${accessToken ?? ''}`;
		default:
			return `Bearer ${signIn.secret}`;
	}
}

/** User name and password with which a credential signs in over Git's HTTPS (and to the LFS Batch API). */
export function gitAuthentication(
	signIn: SignIn,
	accessToken?: string,
): {readonly username: string; readonly password: string} {
	switch (signIn.kind) {
		case 'api-token':
			return {username: apiTokenGitUser, password: signIn.secret};
		case 'oauth-consumer':
			return {username: accessTokenGitUser, password: accessToken ?? ''};
		default:
			return {username: accessTokenGitUser, password: signIn.secret};
	}
}
