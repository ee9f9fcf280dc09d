import {type Authorization, parseAuthorization} from './authorization-header.ts';
import {createOAuthTokens} from './oauth-tokens.ts';
import type {Door, SandboxCredential, SignInDesk, SignInResult} from './service-types.ts';
import {accountFor} from './token-account.ts';
import type {User, World} from './world.ts';

type Refusal = Extract<SignInResult, {readonly signedIn: false}>;

const apiTokenGitUser = 'x-bitbucket-api-token-auth';
const accessTokenGitUser = 'x-token-auth';
const invalid = 'Token is invalid, expired, or not supported for this endpoint.';
const refusals = {
	absent: {signedIn: false, reason: 'absent', message: 'Authentication is required for this resource.'},
	wrong: {signedIn: false, reason: 'wrong', message: invalid},
	revoked: {signedIn: false, reason: 'revoked', message: invalid},
	expired: {
		signedIn: false,
		reason: 'expired',
		message: 'Access token expired. Use your refresh token to obtain a new access token.',
	},
	gone: {
		signedIn: false,
		reason: 'gone',
		message:
			'App passwords no longer work: they were removed on July 28, 2026. Create an Atlassian API token with scopes instead. https://support.atlassian.com/bitbucket-cloud/docs/api-tokens/',
	},
} as const satisfies Record<string, Refusal>;

/**
 * Every kind of credential with its own way in. An API token comes by Basic with its user's e-mail to REST, and with a fixed user
 * name (or the Bitbucket user name) to Git, never the other way round; access tokens by Bearer to REST, as `x-token-auth` to Git.
 */
export function createSignIn(options: {
	readonly world: World;
	readonly credentials: readonly SandboxCredential[];
	/** Milliseconds. */
	readonly now: () => number;
}): SignInDesk {
	const {world} = options;
	const current = new Map(options.credentials.map(credential => [credential.label, credential]));
	const oauth = createOAuthTokens(options.now);

	const named = (label: string): SandboxCredential => {
		const credential = current.get(label);
		if (!credential) {
			throw new Error(`The sandbox has no credential ${label}.`);
		}

		return credential;
	};

	const enter = (credential: SandboxCredential): SignInResult =>
		credential.revoked ? refusals.revoked : {signedIn: true, account: accountFor(world, credential)};

	const bySecret = (secret: string, isKind: (kind: SandboxCredential['kind']) => boolean) =>
		[...current.values()].find(credential => credential.secret === secret && isKind(credential.kind));

	const withAccessToken = (token: string): SignInResult => {
		const credential = bySecret(token, kind => kind.endsWith('-access-token'));
		const issued = oauth.find(token);
		if (issued) {
			return issued.expired ? refusals.expired : enter(named(issued.label));
		}

		return credential ? enter(credential) : refusals.wrong;
	};

	const withPassword = (username: string, password: string, door: Door): SignInResult => {
		if (door === 'git' && username === accessTokenGitUser) {
			return withAccessToken(password);
		}

		const credential = bySecret(password, kind => kind === 'api-token');
		const user = credential && world.users.find(({email}) => email === credential.username);
		if (credential && user && fits(user, username, door)) {
			return enter(credential);
		}

		return /^ATBB/.test(password) ? refusals.gone : refusals.wrong;
	};

	const judge = (authorization: Authorization | undefined, door: Door): SignInResult => {
		switch (authorization?.scheme) {
			case undefined:
				return refusals.absent;
			case 'basic':
				return withPassword(authorization.username, authorization.password, door);
			case 'bearer':
				return door === 'api' ? withAccessToken(authorization.token) : refusals.wrong;
			default:
				return refusals.wrong;
		}
	};

	return {
		signIn: (request, door) => judge(parseAuthorization(request.headers.authorization), door),
		issueAccessToken(key, secret) {
			const consumer = bySecret(secret, kind => kind === 'oauth-consumer');
			if (!consumer || consumer.username !== key || consumer.revoked) {
				return undefined;
			}

			const {label, scopes, tokenLifetimeSeconds: expiresInSeconds = 3600} = consumer;
			return {accessToken: oauth.issue(label, expiresInSeconds), expiresInSeconds, scopes};
		},
		expireAccessTokens: label => oauth.expire(named(label).label),
		change: (label, change) => void current.set(label, change(named(label))),
		accountOf: label => accountFor(world, named(label)),
	};
}

function fits(user: User, username: string, door: Door): boolean {
	return door === 'api'
		? username.toLowerCase() === user.email.toLowerCase()
		: username === apiTokenGitUser || username === user.username;
}
