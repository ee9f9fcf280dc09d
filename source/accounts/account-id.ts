import {createHash} from 'node:crypto';
import type {OpenedCredential} from '../model/credential.ts';

/*
Whom Bitbucket counts requests for: the user for API tokens, each access token, each OAuth consumer. Ids are stable over
runs, and say nothing of a secret that could be turned back into it: tokens are long and random.
*/

/** An API token's account, by the user's uuid as `/user` tells it. */
export function userAccountId(uuid: string): string {
	return `user:${uuid}`;
}

/** The account as far as it can be told without asking Bitbucket. */
export function accountIdFromCredential({credential, secret}: OpenedCredential): string {
	switch (credential.kind) {
		case 'api-token':
			// An Atlassian account has one e-mail address: two tokens with the same one are one user.
			return `e-mail:${digest((credential.username ?? '').toLowerCase())}`;
		case 'oauth-consumer':
			return `consumer:${credential.username ?? ''}`;
		default:
			return `token:${digest(secret)}`;
	}
}

function digest(text: string): string {
	return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
