import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createFirstRequests} from '../../source/accounts/first-requests.ts';
import {RequestFailed} from '../../source/bitbucket/failures.ts';
import {createBench, opened} from './fake-bitbucket.ts';

const scopes = {
	'x-oauth-scopes': 'read:repository:bitbucket',
	'x-accepted-oauth-scopes': 'admin:repository:bitbucket',
};
const refusal = {
	error: {message: 'no', detail: {required: ['repository:admin'], granted: ['repository']}},
};
const repositories = Array.from({length: 20}, (_, index) => `r${index}`);
const keysOf = (repository: string) =>
	({url: `/repositories/acme/${repository}/deploy-keys`, repository, firstAlone: true}) as const;

test('first requests: an account goes alone until it is told whether it may', () => {
	const first = createFirstRequests();
	const one = first.attempt('keys');
	one.chosen('a');
	assert.deepEqual([first.isTrying('a', 'keys'), first.isTrying('b', 'keys')], [true, false]);
	assert.equal(first.isTrying('a', 'hooks'), false);
	one.chosen('b');
	assert.deepEqual([first.isTrying('a', 'keys'), first.isTrying('b', 'keys')], [false, true]);
	assert.equal(one.end(), true);
	assert.equal(one.end(), false);
	assert.equal(first.isTrying('b', 'keys'), false);
	first.told('b', 'keys');
	const other = first.attempt('keys');
	other.chosen('b');
	assert.equal(first.isTrying('b', 'keys'), false);
	assert.equal(other.end(), false);
});

for (const {name, answer} of [
	{name: 'headers', answer: {status: 403, headers: scopes}},
	{name: 'the body', answer: {status: 403, body: refusal}},
]) {
	test(`pool: what nobody may read costs each account one request, though many want it at once (by ${name})`, async () => {
		const {pool, asked, finish} = await createBench({
			credentials: ['a', 'b', 'c'].map(label => opened(label)),
			answer: () => answer,
		});
		const results = await finish(
			Promise.allSettled(repositories.map(async repository => pool.get(keysOf(repository)))),
		);
		for (const result of results) {
			assert.ok(result.status === 'rejected' && result.reason instanceof RequestFailed);
			assert.equal(result.reason.reason, 'forbidden');
			assert.equal(result.reason.missingScopes.length, 1);
		}

		assert.deepEqual(asked.map(({who}) => who).sort(), ['a', 'b', 'c']);
	});
}

test('pool: what some accounts may read costs the others one request, and comes for all', async () => {
	const {pool, asked, finish} = await createBench({
		credentials: ['a', 'b', 'c'].map(label => opened(label)),
		answer: ({who}) => (who === 'c' ? {status: 200} : {status: 403, headers: scopes}),
	});
	await finish(Promise.all(repositories.map(async repository => pool.get(keysOf(repository)))));
	for (const who of ['a', 'b']) {
		assert.ok(asked.filter(question => question.who === who).length <= 1);
	}

	assert.equal(asked.filter(({who}) => who === 'c').length, repositories.length);
});

test('pool: that one account lacks the permission in one repository is not taken for a missing scope', async () => {
	const {pool, finish} = await createBench({
		credentials: ['a', 'b'].map(label => opened(label)),
		answer: ({who}) => (who === 'a' ? {status: 403, headers: scopes} : {status: 403}),
	});
	for (const repository of ['r1', 'r2', 'r3']) {
		await assert.rejects(
			finish(pool.get(keysOf(repository))),
			(error: RequestFailed) => error.reason === 'forbidden' && error.missingScopes.length === 0,
		);
	}
});

test('pool: while a first request fails and waits, others try', async () => {
	let isDown = true;
	const {pool, asked, finish} = await createBench({
		credentials: [opened('a')],
		answer: ({url}) => (url.includes('/r0/') && isDown ? {status: 503} : {status: 200}),
	});
	const order: string[] = [];
	await finish(
		Promise.all(
			repositories.map(async repository => {
				await pool.get(keysOf(repository));
				isDown = false;
				order.push(repository);
			}),
		),
	);
	assert.equal(order.length, repositories.length);
	assert.notEqual(order[0], 'r0');
	assert.ok(asked.length > repositories.length);
});
