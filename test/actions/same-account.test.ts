import assert from 'node:assert/strict';
import test from 'node:test';
import {type CheckedCredential, isSameAccount, sameAccountAs} from '../../source/actions/same-account.ts';
import type {CredentialKind} from '../../source/model/credential-kind.ts';

function checked(
	label: string,
	kind: CredentialKind,
	username?: string,
	account?: string,
): CheckedCredential {
	return {
		credential: {
			id: label,
			label,
			kind,
			addedAt: '2026-11-23T00:00:00.000Z',
			...(username === undefined ? {} : {username}),
		},
		check:
			account === undefined
				? undefined
				: {state: 'ok', checkedAt: '2026-11-23T00:00:00.000Z', account: {id: account, name: account}},
	};
}

const cases: ReadonlyArray<{
	readonly what: string;
	readonly one: CheckedCredential;
	readonly other: CheckedCredential;
	readonly same: boolean;
}> = [
	{
		what: 'two tokens that sign in as one user',
		one: checked('a', 'api-token', 'bot@acme.example', 'user:{1}'),
		other: checked('b', 'api-token', 'robot@acme.example', 'user:{1}'),
		same: true,
	},
	{
		what: 'two unchecked tokens with one e-mail address, however it is written',
		one: checked('a', 'api-token', 'Bot@acme.example'),
		other: checked('b', 'api-token', 'bot@ACME.example'),
		same: true,
	},
	{
		what: 'a checked and an unchecked token with one e-mail address',
		one: checked('a', 'api-token', 'bot@acme.example', 'user:{1}'),
		other: checked('b', 'api-token', 'bot@acme.example'),
		same: true,
	},
	{
		what: 'two users',
		one: checked('a', 'api-token', 'one@acme.example', 'user:{1}'),
		other: checked('b', 'api-token', 'two@acme.example', 'user:{2}'),
		same: false,
	},
	{
		what: 'two access tokens never checked',
		one: checked('a', 'workspace-access-token'),
		other: checked('b', 'workspace-access-token'),
		same: false,
	},
	{
		what: 'a token and a consumer that happen to have one name',
		one: checked('a', 'api-token', 'key'),
		other: checked('b', 'oauth-consumer', 'key'),
		same: false,
	},
	{
		what: 'one OAuth consumer entered twice',
		one: checked('a', 'oauth-consumer', 'key'),
		other: checked('b', 'oauth-consumer', 'key'),
		same: true,
	},
];

for (const {what, one, other, same} of cases) {
	test(`${what}: ${same ? 'the same account' : 'two accounts'}`, () => {
		assert.equal(isSameAccount(one, other), same);
		assert.equal(isSameAccount(other, one), same);
	});
}

test('the first credential of an account is the one that is named', () => {
	const tokens = ['first', 'second', 'third'].map(label => checked(label, 'api-token', 'bot@acme.example'));
	const third = tokens[2] as CheckedCredential;
	assert.equal(sameAccountAs(third, tokens.slice(0, 2)), 'first');
	assert.equal(sameAccountAs(third, []), undefined);
});
