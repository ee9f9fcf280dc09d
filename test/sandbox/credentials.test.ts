import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createCredentials} from '../../source/sandbox/credentials.ts';
import {generateWorld} from '../../source/sandbox/generate-world.ts';

const credentialsOf = (options: Parameters<typeof generateWorld>[0]) =>
	createCredentials(generateWorld(options).world);

test('has those of a backup first, then one of every other kind and condition', () => {
	assert.deepEqual(
		credentialsOf({accounts: 2}).map(({label, kind}) => `${label}: ${kind}`),
		[
			'primary: api-token',
			'bot-1: api-token',
			'bot-1-second: api-token',
			'bot-2: api-token',
			'ci-token: workspace-access-token',
			'repository-token: repository-access-token',
			'project-token: project-access-token',
			'consumer: oauth-consumer',
			'revoked: api-token',
			'limited: api-token',
			'expiring-consumer: oauth-consumer',
		],
	);
});

test('has one for each account', () => {
	const bots = (accounts: number) =>
		credentialsOf({accounts}).filter(({account}) => account.startsWith('Backup Bot')).length;
	assert.deepEqual([0, 1, 3, 5].map(bots), [0, 2, 4, 6]);
});

test('a secret looks like the real thing, is unique, and the same for the same seed', () => {
	const secrets = credentialsOf({seed: 5}).map(({secret}) => secret);
	assert.equal(new Set(secrets).size, secrets.length);
	assert.deepEqual(
		secrets,
		credentialsOf({seed: 5}).map(({secret}) => secret),
	);
	assert.notDeepEqual(
		secrets,
		credentialsOf({seed: 6}).map(({secret}) => secret),
	);
	for (const {kind, secret} of credentialsOf({})) {
		const shape =
			kind === 'api-token'
				? /^ATATT3xFfGF0\w{168}=[0-9A-F]{8}$/
				: kind === 'oauth-consumer'
					? /^\w{32}$/
					: /^ATCTT3xFfGN0\w{168}=[0-9A-F]{8}$/;
		assert.match(secret, shape);
	}
});
