import assert from 'node:assert/strict';
import {DatabaseSync} from 'node:sqlite';
import {test} from 'node:test';
import {createReach} from '../../source/accounts/reach.ts';
import {createReachMemories, noReachMemory} from '../../source/accounts/reach-memory.ts';
import {createFakeClock} from '../fake-clock.ts';
import {apiUrl, createBench, opened, type Told} from './fake-bitbucket.ts';

const scopes = {
	'x-oauth-scopes': 'read:repository:bitbucket',
	'x-accepted-oauth-scopes': 'admin:repository:bitbucket',
};

test('reach: a missing scope holds for every repository, another refusal for the one alone', () => {
	const reach = createReach(noReachMemory);
	reach.denyOperation('a', 'deploy keys', 'web', {missingScopes: ['admin']});
	reach.denyOperation('a', 'hooks', 'web', {missingScopes: []});
	assert.deepEqual(reach.denial('a', 'deploy keys', 'other'), {missingScopes: ['admin']});
	assert.deepEqual(reach.denial('a', 'hooks', 'web'), {missingScopes: []});
	assert.equal(reach.denial('a', 'hooks', 'other'), undefined);
	assert.equal(reach.denial('b', 'deploy keys', 'web'), undefined);
});

test('reach: what a token does not list it is not asked for', () => {
	const reach = createReach(noReachMemory);
	reach.limit('a', ['web']);
	assert.equal(reach.denial('a', 'refs', 'web'), undefined);
	assert.deepEqual(reach.denial('a', 'refs', 'other'), {missingScopes: [], isOfRepository: true});
	assert.equal(reach.denial('a', 'user', undefined), undefined);
	assert.ok(reach.reconsider('a', 'refs', 'other'));
	assert.equal(reach.denial('a', 'refs', 'other'), undefined);
	assert.ok(!reach.reconsider('a', 'refs', 'other'), 'once');
	assert.deepEqual(
		reach.denial('a', 'refs', 'a third'),
		{missingScopes: [], isOfRepository: true},
		'and for that repository alone',
	);
});

test('reach: is remembered for a day, in its workspace, until the account is checked anew', () => {
	const clock = createFakeClock();
	const memories = createReachMemories(new DatabaseSync(':memory:'), clock);
	createReach(memories('acme')).denyRepository('a', 'web');
	createReach(memories('acme')).denyOperation('b', 'hooks', 'web', {missingScopes: ['read:webhook']});
	memories('acme').putVisible('a', ['web', 'data']);

	const later = createReach(memories('acme'));
	assert.deepEqual(later.denial('a', 'refs', 'web'), {missingScopes: [], isOfRepository: true});
	assert.deepEqual(later.denial('b', 'hooks', 'any'), {missingScopes: ['read:webhook']});
	assert.equal(createReach(memories('other')).denial('a', 'refs', 'web'), undefined);
	assert.deepEqual(memories('acme').visible('a'), ['web', 'data']);

	memories('acme').forget('a');
	assert.equal(createReach(memories('acme')).denial('a', 'refs', 'web'), undefined);
	assert.equal(memories('acme').visible('a'), undefined);
	assert.notEqual(createReach(memories('acme')).denial('b', 'hooks', 'web'), undefined);
	clock.jump(86_400_001);
	assert.equal(createReach(memories('acme')).denial('b', 'hooks', 'web'), undefined);
});

test('reach: what only earlier runs say is taken back when nobody is left, what this one learned is not', () => {
	const clock = createFakeClock();
	const memories = createReachMemories(new DatabaseSync(':memory:'), clock);
	createReach(memories('acme')).denyRepository('a', 'web');
	const reach = createReach(memories('acme'));
	assert.ok(reach.reconsider('a', 'refs', 'web'));
	assert.equal(reach.denial('a', 'refs', 'web'), undefined);
	assert.equal(createReach(memories('acme')).denial('a', 'refs', 'web'), undefined, 'for later runs too');
	reach.denyRepository('a', 'web');
	assert.ok(!reach.reconsider('a', 'refs', 'web'));
});

/** `token` sees the repository `web` alone, and lists it. */
function answer({who, url}: {readonly who: string; readonly url: string}): Told {
	if (who !== 'token') {
		return {status: 200};
	}

	if (url.startsWith(`${apiUrl}/repositories/acme?`)) {
		return {status: 200, body: {values: [{slug: 'web'}]}};
	}

	return {status: url.includes('/acme/web') ? 200 : 404};
}

test('pool: a repository’s token serves its repository, and is not asked for another', async () => {
	const {pool, asked, clock, finish} = await createBench({
		credentials: [opened('primary'), opened('token', 'repository-access-token')],
		answer,
	});
	await clock.advance(0);
	for (const slug of ['web', 'data', 'web', 'tools', 'web', 'web']) {
		await finish(pool.get({url: `/repositories/acme/${slug}/refs`, repository: slug}));
	}

	const byToken = asked.filter(({who}) => who === 'token').map(({url}) => url.replace(apiUrl, ''));
	assert.equal(byToken[0], '/repositories/acme?pagelen=100&fields=next,values.slug');
	assert.ok(byToken.length > 2);
	assert.deepEqual(new Set(byToken.slice(1)), new Set(['/repositories/acme/web/refs']));
});

test('pool: what a token sees is asked once a day', async () => {
	const memories = createReachMemories(new DatabaseSync(':memory:'), createFakeClock());
	for (const lists of [1, 0]) {
		const {asked, clock} = await createBench({
			credentials: [opened('primary'), opened('token', 'project-access-token')],
			answer,
			pool: {reachMemory: memories('acme')},
		});
		await clock.advance(0);
		assert.equal(asked.length, lists);
	}
});

test('pool: a token that may not list is tried, and a repository that it lacks is left to others', async () => {
	const {pool, asked, clock, finish} = await createBench({
		credentials: [opened('primary'), opened('token', 'repository-access-token')],
		answer: question =>
			question.who === 'token' && question.url.includes('pagelen=100') ? {status: 403} : answer(question),
	});
	await clock.advance(0);
	for (let n = 0; n < 6; n += 1) {
		await finish(pool.get({url: `/repositories/acme/data/refs?n=${n}`, repository: 'data'}));
	}

	assert.equal(asked.filter(({who, url}) => who === 'token' && url.includes('/data')).length, 1);
});

test('pool: a run learns from the one before it, and asks again where nobody else is left', async () => {
	const memories = createReachMemories(new DatabaseSync(':memory:'), createFakeClock());
	const run = async (mayEverybody: boolean): Promise<readonly string[]> => {
		const {pool, asked, finish} = await createBench({
			credentials: [opened('a'), opened('b')],
			answer: ({who}) => (who === 'a' && !mayEverybody ? {status: 403, headers: scopes} : {status: 200}),
			pool: {reachMemory: memories('acme')},
		});
		await finish(pool.get({url: '/repositories/acme/web/deploy-keys', repository: 'web'}));
		return asked.map(({who}) => who);
	};

	assert.deepEqual(await run(false), ['a', 'b']);
	assert.deepEqual(await run(false), ['b'], 'learned');
	const {pool, asked, finish} = await createBench({
		credentials: [opened('a')],
		answer: () => ({status: 200}),
		pool: {reachMemory: memories('acme')},
	});
	await finish(pool.get({url: '/repositories/acme/web/deploy-keys', repository: 'web'}));
	assert.deepEqual(
		asked.map(({who}) => who),
		['a'],
	);
});
