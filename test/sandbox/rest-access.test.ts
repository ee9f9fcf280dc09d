import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {ask, askForAccessToken, basicHeader, credentialOf, restClient} from './rest-client.ts';

let sandbox: Sandbox;
before(async () => {
	sandbox = await startSandbox({repositories: 12});
});
after(async () => sandbox.close());

const lacking = /lack one or more required privilege scopes/;

async function slugsSeenBy(label: string): Promise<string[]> {
	const seen = await restClient(sandbox, label).all('/repositories/acme?pagelen=100&fields=values.slug,next');
	return seen.map(({slug}) => String(slug));
}

describe('who signs in', () => {
	test('an API token is told its scopes, those that are accepted, and what it is', async () => {
		const {headers, status, json} = await restClient(sandbox, 'primary').get('/user');
		assert.equal(status, 200);
		assert.equal(json()['display_name'], 'Backup Primary');
		assert.equal(headers.get('x-accepted-oauth-scopes'), 'read:user:bitbucket');
		assert.deepEqual(headers.get('x-oauth-scopes')?.split(', '), [
			...credentialOf(sandbox, 'primary').scopes,
		]);
		assert.equal(headers.get('x-credential-type'), 'api_token');
		assert.equal(headers.get('x-ratelimit-limit'), null);
	});

	test('a revoked token, a wrong secret, an app password and nobody get 401, at nobody’s expense', async () => {
		const spent = () => sandbox.statistics().requests;
		const before401 = spent();
		const {username = ''} = credentialOf(sandbox, 'primary');
		const answers = await Promise.all([
			restClient(sandbox, 'revoked').get('/user'),
			ask(`${sandbox.apiUrl}/user`, {authorization: basicHeader(username, 'wrong')}),
			ask(`${sandbox.apiUrl}/user`, {authorization: basicHeader('backup-primary', 'ATBBxyz')}),
			restClient(sandbox).get('/repositories/acme/web-frontend/pullrequests'),
		]);
		const messages = answers.map(({status, json}) => {
			assert.equal(status, 401);
			return (json()['error'] as {message: string}).message;
		});
		assert.equal(messages[0], 'Token is invalid, expired, or not supported for this endpoint.');
		assert.equal(messages[1], messages[0]);
		assert.match(messages[2] ?? '', /App passwords no longer work/);
		assert.equal(spent(), before401);
	});

	test('an OAuth consumer gets a token for an hour, with the form that it must have', async () => {
		const {username = '', secret} = credentialOf(sandbox, 'consumer');
		const issued = await askForAccessToken(sandbox, username, secret);
		assert.equal(issued.status, 200);
		assert.equal(issued.expires_in, 3600);
		assert.equal(issued.token_type, 'bearer');
		assert.match(issued.scopes, /repository/);
		assert.ok(issued.refresh_token);
		assert.equal((await askForAccessToken(sandbox, username, 'wrong')).status, 401);
		assert.equal((await askForAccessToken(sandbox, username, secret, 'password')).status, 400);
	});

	test('a stranger sees what is public, and is told how much of it', async () => {
		const stranger = restClient(sandbox);
		const open = await stranger.get('/repositories/acme/design-system');
		assert.equal(open.status, 200);
		assert.match(open.headers.get('x-ratelimit-limit') ?? '', /^60, 60;w=3600$/);
		assert.ok(Number(open.headers.get('x-ratelimit-remaining')) < 60);
		assert.deepEqual(
			(await stranger.all('/repositories/acme')).map(({slug}) => slug),
			['design-system'],
		);
		assert.equal((await stranger.get('/repositories/acme/web-frontend')).status, 401);
		assert.equal((await stranger.get('/repositories/acme/design-system/branch-restrictions')).status, 401);
	});
});

describe('what each one sees', () => {
	test('users and workspace tokens see all, bound tokens their part', async () => {
		const all = await slugsSeenBy('primary');
		assert.equal(all.length, 12);
		assert.deepEqual(await slugsSeenBy('ci-token'), all);
		assert.deepEqual(await slugsSeenBy('consumer'), all);
		assert.deepEqual(await slugsSeenBy('repository-token'), ['web-frontend']);
		const web = sandbox.world.repositories.filter(({project}) => project === 'WEB').map(({slug}) => slug);
		assert.deepEqual(await slugsSeenBy('project-token'), web);
	});

	test('the rest is not there for them', async () => {
		for (const [label, status] of [
			['repository-token', 404],
			['project-token', 404],
			['ci-token', 200],
		] as const) {
			const client = restClient(sandbox, label);
			assert.equal((await client.get('/repositories/acme/billing-service')).status, status, label);
			assert.equal((await client.get('/repositories/acme/billing-service/refs')).status, status, label);
			assert.equal((await client.get('/workspaces/acme/hooks')).status, status, label);
		}

		const {status, text} = await restClient(sandbox, 'repository-token').get('/repositories/acme/nothing');
		assert.equal(status, 404);
		assert.match(text, /You may not have access to this repository/);
	});

	test('a workspace that is not there is named', async () => {
		const {status, json} = await restClient(sandbox, 'primary').get('/repositories/nowhere');
		assert.equal(status, 404);
		assert.deepEqual(json(), {
			type: 'error',
			error: {message: "No workspace with identifier 'nowhere'."},
		});
	});

	test('repository and workspace may be named by uuid', async () => {
		const {world} = sandbox;
		const [first] = world.repositories;
		const path = [world.workspace.uuid, first?.uuid ?? ''].map(encodeURIComponent).join('/');
		const {json} = await restClient(sandbox, 'primary').get(`/repositories/${path}`);
		assert.equal(json()['slug'], first?.slug);
	});

	test('access tokens are nobody: no user, members, permissions or snippets', async () => {
		const client = restClient(sandbox, 'ci-token');
		for (const path of [
			'/user',
			'/user/workspaces',
			'/workspaces/acme/members',
			'/workspaces/acme/permissions',
			'/repositories/acme/web-frontend/permissions-config/users',
			'/snippets/acme',
		]) {
			const {status, text} = await client.get(path);
			assert.equal(status, 403, path);
			assert.match(text, lacking);
		}
	});
});

describe('scopes', () => {
	test('a missing one is named together with those that are there', async () => {
		const {status, json, headers} = await restClient(sandbox, 'limited').get(
			'/repositories/acme/web-frontend/pullrequests',
		);
		assert.equal(status, 403);
		assert.deepEqual(json(), {
			type: 'error',
			error: {
				message: 'Your credentials lack one or more required privilege scopes.',
				detail: {
					required: ['read:pullrequest:bitbucket'],
					granted: credentialOf(sandbox, 'limited').scopes,
				},
			},
		});
		assert.equal(headers.get('x-accepted-oauth-scopes'), 'read:pullrequest:bitbucket');
	});

	test('each kind of data has its own', async () => {
		const client = restClient(sandbox, 'limited');
		const home = '/repositories/acme/web-frontend';
		for (const [path, status] of [
			['', 200],
			['/refs', 200],
			['/pipelines_config/variables', 200],
			['/branch-restrictions', 403],
			['/deploy-keys', 403],
			['/hooks', 403],
			['/pullrequests/activity', 403],
			['/default-reviewers', 403],
			['/pipelines_config', 403],
		] as const) {
			assert.equal((await client.get(`${home}${path}`)).status, status, path);
		}
	});

	test('a scope alone is not enough: the user must administer the repository', async context => {
		sandbox.control.grantScope('limited', 'admin:repository:bitbucket');
		context.after(() => sandbox.control.ungrantScope('limited', 'admin:repository:bitbucket'));
		const {status, text} = await restClient(sandbox, 'limited').get(
			'/repositories/acme/web-frontend/branch-restrictions',
		);
		assert.equal(status, 403);
		assert.doesNotMatch(text, lacking);
	});

	test('a scope that is taken away is gone at once', async () => {
		const client = restClient(sandbox, 'bot-2');
		const path = '/repositories/acme/web-frontend/hooks';
		assert.equal((await client.get(path)).status, 200);
		sandbox.control.ungrantScope('bot-2', 'read:webhook:bitbucket');
		assert.equal((await client.get(path)).status, 403);
		sandbox.control.grantScope('bot-2', 'read:webhook:bitbucket');
		assert.equal((await client.get(path)).status, 200);
	});
});

test('a credential that is revoked on the way gets 401 from then on', async () => {
	const client = restClient(sandbox, 'bot-3');
	assert.equal((await client.get('/user')).status, 200);
	sandbox.control.revoke('bot-3');
	assert.equal((await client.get('/user')).status, 401);
});
