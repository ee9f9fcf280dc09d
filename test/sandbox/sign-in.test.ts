import assert from 'node:assert/strict';
import type {IncomingMessage} from 'node:http';
import {describe, test} from 'node:test';
import {createCredentials} from '../../source/sandbox/credentials.ts';
import {generateWorld} from '../../source/sandbox/generate-world.ts';
import type {Door, SandboxCredential} from '../../source/sandbox/service-types.ts';
import {createSignIn} from '../../source/sandbox/sign-in.ts';
import {basicHeader} from './rest-client.ts';

const {world} = generateWorld();
const credentials = createCredentials(world);

function named(label: string): SandboxCredential & {readonly username: string} {
	const found = credentials.find(credential => credential.label === label);
	assert.ok(found, label);
	return {username: '', ...found};
}

function setUp() {
	const clock = {time: 1_000_000};
	const desk = createSignIn({world, credentials, now: () => clock.time});
	const enter = (door: Door, authorization?: string) =>
		desk.signIn({headers: {...(authorization !== undefined && {authorization})}} as IncomingMessage, door);
	const outcome = (door: Door, authorization?: string) => {
		const result = enter(door, authorization);
		return result.signedIn ? result.account.credential.label : result.reason;
	};

	return {clock, desk, enter, outcome};
}

const primary = named('primary');
const token = named('ci-token');
const username = world.users.find(({email}) => email === primary.username)?.username ?? '';

describe('each kind of credential has its own way in', () => {
	const cases: ReadonlyArray<[Door, string, string | undefined, string]> = [
		['api', 'an API token with the e-mail address', basicHeader(primary.username, primary.secret), 'primary'],
		['api', 'an API token with the Bitbucket user name', basicHeader(username, primary.secret), 'wrong'],
		[
			'api',
			"an API token with Git's user name",
			basicHeader('x-bitbucket-api-token-auth', primary.secret),
			'wrong',
		],
		['api', 'an API token by Bearer', `Bearer ${primary.secret}`, 'wrong'],
		[
			'git',
			"an API token with Git's user name",
			basicHeader('x-bitbucket-api-token-auth', primary.secret),
			'primary',
		],
		['git', 'an API token with the Bitbucket user name', basicHeader(username, primary.secret), 'primary'],
		['git', 'an API token with the e-mail address', basicHeader(primary.username, primary.secret), 'wrong'],
		['git', "an API token with somebody else's name", basicHeader('backup-bot-1', primary.secret), 'wrong'],
		['api', 'an access token by Bearer', `Bearer ${token.secret}`, 'ci-token'],
		['api', 'an access token by Basic', basicHeader('x-token-auth', token.secret), 'wrong'],
		['git', 'an access token', basicHeader('x-token-auth', token.secret), 'ci-token'],
		[
			'git',
			"an access token with an API token's name",
			basicHeader('x-bitbucket-api-token-auth', token.secret),
			'wrong',
		],
		['git', 'an access token by Bearer', `Bearer ${token.secret}`, 'wrong'],
		[
			'api',
			"a consumer's key and secret",
			basicHeader(named('consumer').username, named('consumer').secret),
			'wrong',
		],
		['api', 'a revoked token', basicHeader(named('revoked').username, named('revoked').secret), 'revoked'],
		['git', 'a revoked token', basicHeader('x-bitbucket-api-token-auth', named('revoked').secret), 'revoked'],
		['api', 'an app password', basicHeader(username, 'ATBBabcdefgh'), 'gone'],
		['git', 'an app password', basicHeader(username, 'ATBBabcdefgh'), 'gone'],
		['api', 'a wrong secret', basicHeader(primary.username, 'wrong'), 'wrong'],
		['api', 'rubbish', 'Negotiate abc', 'wrong'],
		['api', 'nothing', undefined, 'absent'],
		['git', 'nothing', undefined, 'absent'],
	];
	for (const [door, what, authorization, expected] of cases) {
		test(`${door}: ${what} is ${expected}`, () => {
			assert.equal(setUp().outcome(door, authorization), expected);
		});
	}
});

describe('an OAuth consumer', () => {
	const {username: key, secret} = named('consumer');

	test('gets an access token that works for REST and Git until it expires', () => {
		const {desk, outcome, clock} = setUp();
		const issued = desk.issueAccessToken(key, secret);
		assert.ok(issued);
		assert.equal(issued.expiresInSeconds, 3600);
		const ways: ReadonlyArray<[Door, string]> = [
			['api', `Bearer ${issued.accessToken}`],
			['git', basicHeader('x-token-auth', issued.accessToken)],
		];
		for (const [door, authorization] of ways) {
			assert.equal(outcome(door, authorization), 'consumer');
		}

		clock.time += 3_600_000;
		for (const [door, authorization] of ways) {
			assert.equal(outcome(door, authorization), 'expired');
		}
	});

	test('gets none for a wrong key or secret, nor for a token of another kind', () => {
		const {desk} = setUp();
		assert.equal(desk.issueAccessToken(key, 'wrong'), undefined);
		assert.equal(desk.issueAccessToken('wrong', secret), undefined);
		assert.equal(desk.issueAccessToken(primary.username, primary.secret), undefined);
	});

	test('may have tokens that live shorter, and lose them at once', () => {
		const {desk, outcome} = setUp();
		const {username: shortKey, secret: shortSecret} = named('expiring-consumer');
		const issued = desk.issueAccessToken(shortKey, shortSecret);
		assert.equal(issued?.expiresInSeconds, 2);
		desk.expireAccessTokens('expiring-consumer');
		assert.equal(outcome('api', `Bearer ${issued?.accessToken}`), 'expired');
	});
});

describe('whom requests are counted for', () => {
	test('two API tokens of one user are one account', () => {
		const {desk} = setUp();
		const [first, second, other] = ['bot-1', 'bot-1-second', 'bot-2'].map(label => desk.accountOf(label));
		assert.equal(first?.id, second?.id);
		assert.notEqual(first?.id, other?.id);
		assert.equal(first?.displayName, 'Backup Bot 1');
	});

	test('every token and consumer is one of its own, always the same', () => {
		const {desk} = setUp();
		const labels = ['ci-token', 'repository-token', 'project-token', 'consumer', 'expiring-consumer'];
		const ids = labels.map(label => desk.accountOf(label).id);
		assert.equal(new Set(ids).size, labels.length);
		assert.deepEqual(
			ids,
			labels.map(label => setUp().desk.accountOf(label).id),
		);
	});
});

test('a change counts from the next request on', () => {
	const {desk, enter, outcome} = setUp();
	const authorization = `Bearer ${token.secret}`;
	desk.change('ci-token', credential => ({...credential, scopes: ['webhook']}));
	const result = enter('api', authorization);
	assert.deepEqual(result.signedIn && result.account.credential.scopes, ['webhook']);
	desk.change('ci-token', credential => ({...credential, revoked: true}));
	assert.equal(outcome('api', authorization), 'revoked');
	assert.throws(() => desk.change('nobody', credential => credential), /no credential nobody/);
});
