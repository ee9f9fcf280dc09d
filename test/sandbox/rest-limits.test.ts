import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {composeSandbox, type Sandbox} from '../../source/sandbox/compose-sandbox.ts';
import {createCredentials} from '../../source/sandbox/credentials.ts';
import {createLimiter} from '../../source/sandbox/limiter.ts';
import {createRestHandler} from '../../source/sandbox/rest/rest-handler.ts';
import {createSignIn} from '../../source/sandbox/sign-in.ts';
import {restClient} from './rest-client.ts';

const home = '/repositories/acme/web-frontend';

/** A sandbox whose windows go by a clock that only the test moves. */
async function startWithClock(context: TestContext, options: {readonly retryAfter?: boolean} = {}) {
	const clock = {time: 0};
	const window = {windowMilliseconds: 10_000};
	const sandbox = await composeSandbox(
		{
			repositories: 1,
			limits: {
				api: {requests: 5, ...window},
				webhooks: {requests: 2, ...window},
				raw: {requests: 2, ...window},
			},
			...options,
		},
		{
			createCredentials,
			createSignIn,
			createRestHandler,
			createLimiter: given => createLimiter({...given, now: () => clock.time}),
		},
	);
	context.after(() => sandbox.close());
	return {sandbox, clock};
}

async function statuses(sandbox: Sandbox, label: string, path: string, count: number): Promise<number[]> {
	const client = restClient(sandbox, label);
	const answers: number[] = [];
	for (let index = 0; index < count; index++) {
		answers.push((await client.get(path)).status);
	}

	return answers;
}

test('past the limit every answer is 429 until the window has moved on', async context => {
	const {sandbox, clock} = await startWithClock(context);
	assert.deepEqual(await statuses(sandbox, 'primary', home, 3), [200, 200, 200]);
	clock.time = 4000;
	assert.deepEqual(await statuses(sandbox, 'primary', home, 4), [200, 200, 429, 429]);
	clock.time = 9999;
	assert.deepEqual(await statuses(sandbox, 'primary', home, 1), [429]);
	clock.time = 10_000;
	assert.deepEqual(await statuses(sandbox, 'primary', home, 4), [200, 200, 200, 429]);
});

test('a 429 is plain text, and says nothing of when to come back unless it is asked to', async context => {
	for (const retryAfter of [false, true]) {
		const {sandbox, clock} = await startWithClock(context, {retryAfter});
		await statuses(sandbox, 'primary', home, 5);
		clock.time = 2500;
		const {status, text, headers} = await restClient(sandbox, 'primary').get(home);
		assert.equal(status, 429);
		assert.equal(text, 'Rate limit for this resource has been exceeded');
		assert.match(headers.get('content-type') ?? '', /^text\/plain/);
		assert.equal(headers.get('retry-after'), retryAfter ? '8' : null);
	}
});

test('two tokens of one user share one quota, other accounts have their own', async context => {
	const {sandbox} = await startWithClock(context);
	assert.deepEqual(await statuses(sandbox, 'bot-1', home, 3), [200, 200, 200]);
	assert.deepEqual(await statuses(sandbox, 'bot-1-second', home, 3), [200, 200, 429]);
	assert.deepEqual(await statuses(sandbox, 'bot-1', home, 1), [429]);
	assert.deepEqual(await statuses(sandbox, 'bot-2', home, 1), [200]);
	assert.deepEqual(await statuses(sandbox, 'ci-token', home, 1), [200]);
	const {accounts, requests, throttled} = sandbox.statistics();
	assert.deepEqual(
		accounts.map(({account, requests: own, throttled: refused}) => [account, own, refused]),
		[
			['Backup Bot 1', 7, 2],
			['Backup Bot 2', 1, 0],
			['ci-token', 1, 0],
		],
	);
	assert.deepEqual([requests, throttled], [9, 2]);
});

test('each resource has its own window', async context => {
	const {sandbox} = await startWithClock(context);
	const [download] = (await sandbox.repository('web-frontend').contents()).downloads;
	const file = `${home}/downloads/${download?.name}`;
	assert.deepEqual(await statuses(sandbox, 'primary', `${home}/hooks`, 3), [200, 200, 429]);
	assert.deepEqual(await statuses(sandbox, 'primary', '/workspaces/acme/hooks', 1), [429]);
	assert.deepEqual(await statuses(sandbox, 'primary', file, 1), [302]);
	assert.deepEqual(await statuses(sandbox, 'primary', `${home}/src/main/README.md`, 2), [200, 429]);
	assert.deepEqual(await statuses(sandbox, 'primary', `${home}/downloads`, 1), [200]);
	assert.deepEqual(
		sandbox.statistics().accounts.map(({resource, requests}) => [resource, requests]),
		[
			['webhooks', 4],
			['raw', 3],
			['api', 1],
		],
	);
});

test('what is refused for its scopes or is not there counts, what Bitbucket removed does not', async context => {
	const {sandbox} = await startWithClock(context);
	assert.deepEqual(await statuses(sandbox, 'limited', `${home}/pullrequests`, 2), [403, 403]);
	assert.deepEqual(await statuses(sandbox, 'limited', '/repositories/acme/none', 2), [404, 404]);
	assert.deepEqual(await statuses(sandbox, 'limited', `${home}/issues`, 3), [410, 410, 410]);
	assert.deepEqual(await statuses(sandbox, 'limited', home, 2), [200, 429]);
});

test('access tokens are told of their limit, and warned above four fifths', async context => {
	const {sandbox} = await startWithClock(context);
	const client = restClient(sandbox, 'ci-token');
	const seen: Array<Array<string | null>> = [];
	for (let index = 0; index < 6; index++) {
		const {headers, status} = await client.get(home);
		const told = ['limit', 'resource', 'nearlimit'].map(name => headers.get(`x-ratelimit-${name}`));
		seen.push([String(status), ...told]);
	}

	assert.deepEqual(seen.slice(3), [
		['200', '5', 'api', 'false'],
		['200', '5', 'api', 'true'],
		['429', '5', 'api', 'true'],
	]);
	for (const label of ['primary', 'consumer']) {
		const {headers} = await restClient(sandbox, label).get(home);
		assert.equal(headers.get('x-ratelimit-limit'), null, label);
	}
});

test('another tool can use up the quota behind our back', async context => {
	const {sandbox, clock} = await startWithClock(context);
	sandbox.control.burst('primary', 'api', 4);
	assert.deepEqual(await statuses(sandbox, 'primary', home, 2), [200, 429]);
	clock.time = 10_000;
	assert.deepEqual(await statuses(sandbox, 'primary', home, 1), [200]);
	assert.equal(sandbox.statistics().requests, 3);
});

test('an ordered failure comes as often as ordered, to whom it is meant for, and is charged', async context => {
	const {sandbox} = await startWithClock(context);
	sandbox.control.failNext({
		match: /\/refs\?/,
		status: 555,
		body: '<html>',
		contentType: 'text/html',
		times: 2,
	});
	assert.deepEqual(await statuses(sandbox, 'primary', home, 1), [200]);
	assert.deepEqual(await statuses(sandbox, 'primary', `${home}/refs?pagelen=3`, 3), [555, 555, 200]);
	assert.equal(sandbox.statistics().requests, 4);
	sandbox.control.failNext({match: home, status: 'reset'});
	await assert.rejects(restClient(sandbox, 'bot-1').get(home));
	assert.deepEqual(await statuses(sandbox, 'bot-1', home, 1), [200]);
});
