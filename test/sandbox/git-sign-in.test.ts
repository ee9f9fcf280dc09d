import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import type {Sandbox} from '../../source/sandbox/compose-sandbox.ts';
import type {SandboxCredential} from '../../source/sandbox/service-types.ts';
import {createSignIn} from '../../source/sandbox/sign-in.ts';
import {runGit} from './git-client.ts';
import {startStubSandbox} from './stub-parts.ts';

const classic = ['repository'];
const credentials: readonly SandboxCredential[] = [
	{
		label: 'token-of-user',
		kind: 'api-token',
		username: 'backup-primary@acme.example',
		secret: 'user-secret',
		account: 'Backup Primary',
		scopes: ['read:repository:bitbucket'],
	},
	{
		label: 'workspace',
		kind: 'workspace-access-token',
		secret: 'ws-secret',
		account: 'Workspace',
		scopes: classic,
	},
	{
		label: 'project',
		kind: 'project-access-token',
		secret: 'project-secret',
		account: 'Project',
		scopes: classic,
		reach: {project: 'PAY'},
	},
	{
		label: 'consumer',
		kind: 'oauth-consumer',
		username: 'key',
		secret: 'consumer-secret',
		account: 'C',
		scopes: classic,
	},
];

let sandbox: Sandbox;
before(async () => {
	sandbox = await startStubSandbox({}, {createCredentials: () => credentials, createSignIn});
});
after(() => sandbox.close());

async function listing(slug: string, username: string, password: string) {
	return runGit(['ls-remote', `${sandbox.gitUrl}/acme/${slug}.git`], {username, password});
}

test('each kind of credential signs in to Git in its own way', async () => {
	const issued = sandbox.services.issueAccessToken('key', 'consumer-secret');
	assert.ok(issued);
	for (const [username, password] of [
		['x-bitbucket-api-token-auth', 'user-secret'],
		['backup-primary', 'user-secret'],
		['x-token-auth', 'ws-secret'],
		['x-token-auth', 'project-secret'],
		['x-token-auth', issued.accessToken],
	] as const) {
		const {exitCode, stderr} = await listing('billing-service', username, password);
		assert.equal(exitCode, 0, `${username} ${stderr}`);
	}
});

test('the way of another kind, or of REST, is refused', async () => {
	for (const [username, password] of [
		['backup-primary@acme.example', 'user-secret'],
		['x-token-auth', 'user-secret'],
		['x-bitbucket-api-token-auth', 'ws-secret'],
		['x-token-auth', 'consumer-secret'],
		['x-bitbucket-api-token-auth', 'wrong'],
	] as const) {
		const {exitCode, stderr} = await listing('billing-service', username, password);
		assert.notEqual(exitCode, 0, username);
		assert.match(stderr, /Authentication failed/, username);
	}
});

test('a token of a project does not reach into another one', async () => {
	const {stderr} = await listing('web-frontend', 'x-token-auth', 'project-secret');
	assert.match(stderr, /not found/i);
});

test('a token that is revoked while it is in use is out at the next request', async () => {
	assert.equal((await listing('billing-service', 'x-token-auth', 'ws-secret')).exitCode, 0);
	sandbox.control.revoke('workspace');
	assert.match(
		(await listing('billing-service', 'x-token-auth', 'ws-secret')).stderr,
		/Authentication failed/,
	);
});
