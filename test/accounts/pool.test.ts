import assert from 'node:assert/strict';
import {test} from 'node:test';
import {GitRefused} from '../../source/accounts/pool-types.ts';
import {RequestFailed} from '../../source/bitbucket/failures.ts';
import {apiUrl, createBench, opened} from './fake-bitbucket.ts';

const three = [opened('a'), opened('b'), opened('c')];

async function failureOf(work: Promise<unknown>): Promise<RequestFailed> {
	const error = await work.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	assert.ok(error instanceof RequestFailed, `a RequestFailed, not ${String(error)}`);
	return error;
}

test('pool: requests are spread equally over equal accounts', async () => {
	const {pool, asked, finish} = await createBench({credentials: three, answer: () => ({status: 200})});
	await finish(
		Promise.all(Array.from({length: 30}, async (_, index) => pool.get({url: `/user?n=${index}`}))),
	);
	for (const label of ['a', 'b', 'c']) {
		assert.equal(asked.filter(({who}) => who === label).length, 10);
	}

	assert.equal(
		pool.totals().reduce((sum, {requests}) => sum + (requests.api ?? 0), 0),
		30,
	);
});

test('pool: a 429 sends the same request through another account, and rests the one that got it', async () => {
	const {pool, asked, changes, finish} = await createBench({
		credentials: three,
		answer: ({who}) =>
			who === 'a'
				? {status: 429, body: 'Rate limit for this resource has been exceeded'}
				: {status: 200, body: {ok: who}},
	});
	const answer = await finish(pool.get({url: '/repositories/acme/web', repository: 'web'}));
	assert.deepEqual(answer.json(), {ok: 'b'});
	assert.deepEqual(
		asked.map(({who}) => who),
		['a', 'b'],
	);

	await finish(pool.get({url: '/repositories/acme/api', repository: 'api'}));
	assert.notEqual(asked.at(-1)?.who, 'a', 'frozen');
	pool.close();
	const quota = changes.findLast(change => change.type === 'quota' && change.label === 'a');
	assert.ok(quota?.type === 'quota' && quota.frozenUntil !== null);
	assert.equal(pool.totals()[0]?.throttled, 1);
});

test('pool: with every account frozen it waits, and probes each with one request', async () => {
	let refusals = 0;
	const {pool, asked, finish} = await createBench({
		credentials: three,
		answer: () => {
			refusals += 1;
			return refusals <= 3 ? {status: 429} : {status: 200};
		},
	});
	await finish(
		Promise.all(
			['x', 'y', 'z', 'u'].map(async slug => pool.get({url: `/repositories/acme/${slug}`, repository: slug})),
		),
	);
	assert.equal(asked.length, 3 + 4);
});

test('pool: with all quota used up it goes on when the first place frees, and never exceeds a window', async () => {
	const {pool, asked, clock, finish} = await createBench({
		credentials: three,
		apiLimit: '2/10s',
		answer: () => ({status: 200}),
	});
	const start = clock.now();
	await finish(
		Promise.all(Array.from({length: 14}, async (_, index) => pool.get({url: `/user?n=${index}`}))),
	);
	// The bound of the quotas: floor((14 − 1) / (3 · 2)) windows.
	const elapsed = clock.now() - start;
	assert.ok(elapsed >= 20_000 && elapsed < 21_000, `${elapsed} ms`);
	assert.equal(asked.length, 14);
});

test('pool: a refused credential takes its account out, and the run goes on', async () => {
	const {pool, changes, finish} = await createBench({
		credentials: three,
		answer: ({who}) =>
			who === 'a' ? {status: 401, body: {error: {message: 'Token is expired'}}} : {status: 200},
	});
	await finish(Promise.all(Array.from({length: 9}, async (_, index) => pool.get({url: `/user?n=${index}`}))));
	const failed = changes.filter(change => change.type === 'account-failed');
	assert.equal(failed.length, 1);
	assert.match(failed[0]?.type === 'account-failed' ? failed[0].reason : '', /"a" \(401\): Token is expired/);
	assert.equal(pool.accounts()[0]?.failed?.status, 401);
});

test('pool: a 401 to one operation alone does not take the account out', async () => {
	const {pool, asked, changes, finish} = await createBench({
		credentials: three,
		answer: ({who, url}) =>
			who === 'a' && url.includes('/branch-restrictions') ? {status: 401} : {status: 200},
	});
	await finish(pool.get({url: '/repositories/acme/web/branch-restrictions', repository: 'web'}));
	assert.equal(changes.filter(change => change.type === 'account-failed').length, 0);
	assert.equal(pool.accounts()[0]?.failed, undefined);
	assert.deepEqual(
		asked.map(({who}) => who),
		['a', 'a', 'b'],
	);
});

test('pool: two tokens of one user are one account; when one is revoked the other carries on', async () => {
	const {pool, asked, changes, finish} = await createBench({
		credentials: [
			opened('first', 'api-token', 'bot@acme.example'),
			opened('second', 'api-token', 'bot@acme.example'),
		],
		apiLimit: '100/10s',
		answer: ({who, url}, count) =>
			url.endsWith('/user') && count <= 2
				? {status: 200, body: {uuid: '{1}', display_name: 'Bot'}}
				: who === 'first'
					? {status: 401}
					: {status: 200},
	});
	assert.deepEqual(
		pool.accounts().map(({credentials}) => credentials),
		[['first', 'second']],
	);
	await finish(pool.get({url: '/repositories/acme/web', repository: 'web'}));
	assert.equal(asked.at(-1)?.who, 'second');
	assert.equal(changes.filter(change => change.type === 'account-failed').length, 0);
});

test('pool: a missing scope is paid for once for each account, and named', async () => {
	const scopes = {
		'x-oauth-scopes': 'read:repository:bitbucket',
		'x-accepted-oauth-scopes': 'admin:repository:bitbucket',
	};
	const {pool, asked, finish} = await createBench({
		credentials: three,
		answer: ({who, url}) =>
			url.includes('/deploy-keys') && who !== 'c' ? {status: 403, headers: scopes} : {status: 200},
	});
	for (const slug of ['one', 'two', 'three']) {
		await finish(pool.get({url: `/repositories/acme/${slug}/deploy-keys`, repository: slug}));
	}

	assert.equal(asked.filter(({who}) => who === 'a').length, 1);
	assert.equal(asked.filter(({who}) => who === 'b').length, 1);
	assert.equal(asked.filter(({who}) => who === 'c').length, 3);
});

test('pool: what no account may read is refused without asking again, with the missing scope', async () => {
	const scopes = {
		'x-oauth-scopes': 'read:repository:bitbucket',
		'x-accepted-oauth-scopes': 'admin:repository:bitbucket',
	};
	const {pool, asked, finish} = await createBench({
		credentials: three,
		answer: () => ({status: 403, headers: scopes}),
	});
	for (const slug of ['one', 'two']) {
		const failure = await failureOf(
			finish(pool.get({url: `/repositories/acme/${slug}/deploy-keys`, repository: slug})),
		);
		assert.equal(failure.reason, 'forbidden');
		assert.deepEqual(failure.missingScopes, ['admin:repository:bitbucket']);
	}

	assert.equal(asked.length, 3);
});

test('pool: who cannot see a repository is asked once, and left out from then on', async () => {
	const {pool, asked, finish} = await createBench({
		credentials: [opened('a'), opened('b')],
		answer: ({who}) => (who === 'a' ? {status: 404} : {status: 200}),
	});
	for (let n = 0; n < 5; n += 1) {
		await finish(pool.get({url: `/repositories/acme/web/refs?n=${n}`, repository: 'web'}));
	}

	assert.equal(asked.filter(({who}) => who === 'a').length, 1);
});

test('pool: a 404 from an account that has read the repository is believed at once', async () => {
	const {pool, asked, finish} = await createBench({
		credentials: [opened('a')],
		answer: ({url}) => (url.endsWith('pipelines_config') ? {status: 404} : {status: 200}),
	});
	await finish(pool.get({url: '/repositories/acme/web', repository: 'web'}));
	const failure = await failureOf(
		finish(pool.get({url: '/repositories/acme/web/pipelines_config', repository: 'web'})),
	);
	assert.equal(failure.reason, 'not-found');
	assert.equal(asked.length, 2);
});

test('pool: a server in trouble is asked again after a while, each time charged', async () => {
	const troubles = [{status: 500}, {status: 555}, 'reset', {status: 200, body: '<html>'}] as const;
	const {pool, asked, finish} = await createBench({
		credentials: three,
		answer: (_asked, count) => troubles[count - 1] ?? {status: 200, body: {fine: true}},
	});
	const answer = await finish(pool.get({url: '/repositories/acme/web', repository: 'web'}));
	assert.deepEqual(answer.json(), {fine: true});
	assert.equal(asked.length, 5);
	assert.deepEqual(pool.requestsOf('web'), {api: 5});
});

test('pool: trouble that does not pass ends the request, with what happened', async () => {
	const {pool, asked, finish} = await createBench({
		credentials: three,
		answer: () => ({status: 503, body: 'maintenance'}),
	});
	const failure = await failureOf(finish(pool.get({url: '/repositories/acme/web', repository: 'web'})));
	assert.equal(failure.reason, 'server');
	assert.match(failure.message, /503.*maintenance/);
	assert.equal(asked.length, 5);
});

test('pool: pages come in their order and each once, also when one is refused midway', async () => {
	const {pool, asked, finish} = await createBench({
		credentials: three,
		answer: ({url}, count) => {
			const page = Number(new URL(url).searchParams.get('page') ?? 1);
			if (count === 2) {
				return {status: 429};
			}

			return {
				status: 200,
				body: {
					values: [page * 10, page * 10 + 1],
					...(page < 4 ? {next: `${apiUrl}/repositories/acme?page=${page + 1}`} : {}),
				},
			};
		},
	});
	const read = async (): Promise<unknown[]> =>
		Array.fromAsync(pool.pages({url: '/repositories/acme', only: 'workspace'}));
	assert.deepEqual(await finish(read()), [10, 11, 20, 21, 30, 31, 40, 41]);
	assert.equal(asked.length, 5);
});

test('pool: pages of a list hold each element as it came, and what is no page is an error', async () => {
	const bodies = [
		`{"size":3,"values":[{"id":12345678901234567890, "x":1.0} ,"\\u00e9"],"next":"${apiUrl}/repositories/acme?page=2"}`,
		'{"values":[ 3 ]}',
		'{"values":{}}',
	];
	const {pool, finish} = await createBench({
		credentials: three,
		answer: (_, count) => ({status: 200, body: bodies[count - 1] ?? ''}),
	});
	const pages = await finish(Array.fromAsync(pool.listPages({url: '/repositories/acme'})));
	assert.deepEqual(
		pages.map(({elements, size}) => [size, ...elements.map(({raw}) => raw.toString())]),
		[
			[3, '{"id":12345678901234567890, "x":1.0}', '"\\u00e9"'],
			[undefined, '3'],
		],
	);
	assert.equal(pages[0]?.elements[1]?.value, 'é');
	const failure = await failureOf(finish(Array.fromAsync(pool.listPages({url: '/repositories/acme'}))));
	assert.equal(failure.reason, 'malformed');
});

test('pool: a list of the workspace is asked of one account, the first', async () => {
	const {pool, asked, finish} = await createBench({
		credentials: [opened('of-one-project', 'project-access-token'), opened('primary'), opened('other')],
		answer: () => ({status: 200, body: {values: []}}),
	});
	for (let n = 0; n < 4; n += 1) {
		await finish(Array.fromAsync(pool.pages({url: `/repositories/acme?n=${n}`, only: 'workspace'})));
	}

	const lists = asked.filter(({url}) => url.includes('?n='));
	assert.deepEqual(new Set(lists.map(({who}) => who)), new Set(['primary']));
});

test('pool: a list that leads to a stranger, or in a circle, is an error and not followed', async () => {
	for (const next of [
		'https://evil.example/2.0/repositories',
		'http://api.bitbucket.org/2.0/x',
		`${apiUrl}/repositories/acme`,
	]) {
		const {pool, asked, finish} = await createBench({
			credentials: three,
			answer: () => ({status: 200, body: {values: [1], next}}),
		});
		const failure = await failureOf(finish(Array.fromAsync(pool.pages({url: '/repositories/acme'}))));
		assert.equal(failure.reason, 'malformed');
		assert.equal(asked.length, 1);
	}
});

test('pool: a redirect within the API is followed and charged, another is an error', async () => {
	const {pool, asked, finish} = await createBench({
		credentials: three,
		answer: ({url}) =>
			url.endsWith('/patch')
				? {status: 302, headers: {location: '/2.0/repositories/acme/web/patch/a..b'}}
				: url.endsWith('/diff')
					? {status: 302, headers: {location: 'https://evil.example/diff'}}
					: {status: 200, body: 'From 123'},
	});
	const answer = await finish(
		pool.get({url: '/repositories/acme/web/pullrequests/1/patch', repository: 'web', accept: 'text/plain'}),
	);
	assert.equal(answer.body.toString(), 'From 123');
	assert.equal(asked.length, 2);
	const failure = await failureOf(
		finish(
			pool.get({url: '/repositories/acme/web/pullrequests/1/diff', repository: 'web', accept: 'text/plain'}),
		),
	);
	assert.equal(failure.reason, 'malformed');
	assert.equal(asked.length, 3);
});

test('pool: an aborted pool lets nothing wait', async () => {
	const {pool, abort, asked} = await createBench({
		credentials: [opened('a')],
		apiLimit: '1/1h',
		answer: () => ({status: 200}),
	});
	await pool.get({url: '/user'});
	const waiting = pool.get({url: '/user'});
	abort.abort(new Error('cancelled by hand'));
	await assert.rejects(waiting, /cancelled by hand/);
	await assert.rejects(pool.get({url: '/user'}), /cancelled by hand/);
	assert.equal(asked.length, 1);
});

test('pool: git is charged as many requests as it costs, and tried through another account when refused', async () => {
	const {pool, finish} = await createBench({credentials: three, answer: () => ({status: 200})});
	const used: string[] = [];
	const result = await finish(
		pool.withGit({repository: 'web', requests: 4}, async ({label, signIn}) => {
			used.push(label);
			assert.deepEqual(signIn, {
				origin: 'https://bitbucket.org',
				username: 'x-token-auth',
				password: `secret-of-${label}`,
			});
			if (label === 'a') {
				throw new GitRefused('forbidden', 'fatal: 403');
			}

			return 'fetched';
		}),
	);
	assert.equal(result, 'fetched');
	assert.deepEqual(used, ['a', 'b']);
	assert.deepEqual(pool.requestsOf('web'), {git: 8});
	await assert.rejects(
		pool.withGit({repository: 'web', requests: 1}, async () => {
			throw new Error('disk full');
		}),
		/disk full/,
		'an error that is not about the sign-in is passed on',
	);
});

test('pool: an OAuth consumer signs in with an access token, and renews it before it ends', async () => {
	let tokens = 0;
	const {pool, asked, clock, finish} = await createBench({
		credentials: [opened('consumer', 'oauth-consumer', 'key')],
		answer: ({url}) => {
			if (url === 'https://bitbucket.org/site/oauth2/access_token') {
				tokens += 1;
				return {status: 200, body: {access_token: `token-${tokens}`, expires_in: 3600}};
			}

			return {status: 200};
		},
	});
	await finish(pool.get({url: '/repositories/acme'}));
	assert.equal(asked.at(-1)?.who, 'token-1');
	clock.jump(3600 * 1000 - 60_000);
	await finish(pool.get({url: '/repositories/acme'}));
	assert.equal(asked.at(-1)?.who, 'token-2');
});

test('pool: when no account is left the error says why for each', async () => {
	const {pool, finish} = await createBench({
		credentials: [opened('a'), opened('b')],
		answer: () => ({status: 401, body: 'revoked'}),
	});
	const failure = await failureOf(finish(pool.get({url: '/repositories/acme'})));
	assert.equal(failure.reason, 'no-account');
	assert.match(failure.message, /a: .*401.*revoked.*b: .*401.*revoked/);
});

test('pool: four accounts are at least three times as fast as one, within the bound of the quotas', async () => {
	const elapsed = async (accounts: number): Promise<number> => {
		const {pool, clock, changes, finish} = await createBench({
			credentials: Array.from({length: accounts}, (_, index) => opened(`account-${index}`)),
			apiLimit: '10/10s',
			answer: () => ({status: 200}),
		});
		const start = clock.now();
		await finish(
			Promise.all(Array.from({length: 100}, async (_, index) => pool.get({url: `/user?n=${index}`}))),
		);
		assert.equal(changes.filter(change => change.type === 'account-failed').length, 0);
		return clock.now() - start;
	};

	const one = await elapsed(1);
	const four = await elapsed(4);
	const bound = (accounts: number): number => Math.floor(99 / (accounts * 10)) * 10_000;
	assert.ok(one >= bound(1) && one <= 1.05 * bound(1), `one account: ${one} ms`);
	assert.ok(four >= bound(4) && four <= 1.05 * bound(4), `four accounts: ${four} ms`);
	assert.ok(one / four >= 3);
});

test('pool: an access token that ends while many requests use it is renewed once, and denies nothing', async () => {
	let tokens = 0;
	let isOver = false;
	const {pool, asked, changes, finish} = await createBench({
		credentials: [opened('consumer', 'oauth-consumer', 'key')],
		answer: ({url, who}) => {
			if (url.endsWith('/access_token')) {
				tokens += 1;
				return {status: 200, body: {access_token: `token-${tokens}`, expires_in: 3600}};
			}

			return {status: isOver && who === 'token-1' ? 401 : 200};
		},
	});
	const ask = async (n: number) => pool.get({url: `/repositories/acme/web/refs?n=${n}`, repository: 'web'});
	await finish(ask(0));
	isOver = true;
	await finish(Promise.all([1, 2, 3, 4, 5, 6].map(ask)));
	await finish(ask(7));
	assert.equal(tokens, 2);
	assert.equal(asked.filter(({who, url}) => who === 'token-2' && url.includes('refs')).length, 7);
	assert.deepEqual(
		changes.filter(({type}) => type === 'account-failed'),
		[],
	);
});

test('pool: a consumer whose new access token is refused too is out', async () => {
	let tokens = 0;
	const {pool, changes, finish} = await createBench({
		credentials: [opened('consumer', 'oauth-consumer', 'key'), opened('b')],
		answer: ({url, who}) => {
			if (url.endsWith('/access_token')) {
				tokens += 1;
				return {status: 200, body: {access_token: `token-${tokens}`, expires_in: 3600}};
			}

			return {status: who.startsWith('token-') ? 401 : 200};
		},
	});
	await finish(Promise.all([1, 2, 3, 4].map(async n => pool.get({url: `/repositories/acme?n=${n}`}))));
	assert.ok(tokens <= 3, `${tokens} tokens`);
	assert.equal(changes.filter(({type}) => type === 'account-failed').length, 1);
});
