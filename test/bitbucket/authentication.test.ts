import assert from 'node:assert/strict';
import {test} from 'node:test';
import {gitAuthentication, restAuthorization, type SignIn} from '../../source/bitbucket/authentication.ts';

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

const table: ReadonlyArray<{
	readonly signIn: SignIn;
	readonly accessToken?: string;
	readonly rest: string;
	readonly git: {readonly username: string; readonly password: string};
}> = [
	{
		signIn: {kind: 'api-token', username: 'bot@acme.example', secret: 'ATATT3x'},
		rest: basic('bot@acme.example:ATATT3x'),
		git: {username: 'x-bitbucket-api-token-auth', password: 'ATATT3x'},
	},
	{
		signIn: {kind: 'repository-access-token', secret: 'ATCTT3x'},
		rest: 'Bearer ATCTT3x',
		git: {username: 'x-token-auth', password: 'ATCTT3x'},
	},
	{
		signIn: {kind: 'project-access-token', secret: 'ATCTT3x'},
		rest: 'Bearer ATCTT3x',
		git: {username: 'x-token-auth', password: 'ATCTT3x'},
	},
	{
		signIn: {kind: 'workspace-access-token', secret: 'ATCTT3x'},
		rest: 'Bearer ATCTT3x',
		git: {username: 'x-token-auth', password: 'ATCTT3x'},
	},
	{
		signIn: {kind: 'oauth-consumer', username: 'key', secret: 'consumer-secret'},
		accessToken: 'given',
		rest: 'Bearer given',
		git: {username: 'x-token-auth', password: 'given'},
	},
];

for (const {signIn, accessToken, rest, git} of table) {
	test(`authentication: ${signIn.kind} signs in to REST and to Git in its own ways`, () => {
		assert.equal(restAuthorization(signIn, accessToken), rest);
		assert.deepEqual(gitAuthentication(signIn, accessToken), git);
	});
}
