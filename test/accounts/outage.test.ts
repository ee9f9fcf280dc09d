import assert from 'node:assert/strict';
import {test} from 'node:test';
import {outagePatienceMilliseconds} from '../../source/accounts/outage.ts';
import {RequestFailed} from '../../source/bitbucket/failures.ts';
import {createBench, opened, type Told} from './fake-bitbucket.ts';

const three = [opened('a'), opened('b'), opened('c')];
const slugs = ['one', 'two', 'three', 'four', 'five'];

async function readAll(down: Told, forMilliseconds: number) {
	let end = 0;
	const bench = await createBench({
		credentials: three,
		answer: () => (bench.clock.elapsed() < end ? down : {status: 200, body: {fine: true}}),
	});
	end = bench.clock.elapsed() + forMilliseconds;
	const results = await bench.finish(
		Promise.allSettled(
			slugs.map(async slug => bench.pool.get({url: `/repositories/acme/${slug}`, repository: slug})),
		),
	);
	return {...bench, results};
}

for (const [name, down] of [
	['answers 503', {status: 503, body: 'maintenance'}],
	['answers with a page for people', {status: 200, body: '<html>Bitbucket is down</html>'}],
	['takes no connection', 'reset'],
] as const) {
	test(`outage: while Bitbucket ${name} for ten minutes, nothing is given up and little is asked`, async () => {
		const {results, asked, changes, pool} = await readAll(down, 10 * 60_000);
		assert.deepEqual(
			results.filter(({status}) => status === 'rejected'),
			[],
		);
		assert.ok(asked.length < 60, `${asked.length} requests`);
		pool.close();
		const told = changes.flatMap(change => (change.type === 'outage' ? [change.since === null] : []));
		assert.deepEqual(told, [false, true], 'that it is down, and that it works again');
	});
}

test('outage: patience ends, and says so', async () => {
	const {results, pool, finish, clock, asked} = await readAll({status: 503}, outagePatienceMilliseconds * 2);
	for (const result of results) {
		assert.ok(result.status === 'rejected' && result.reason instanceof RequestFailed);
		assert.match(result.reason.message, /has not given a usable answer for 15 minutes|503/);
	}

	clock.jump(outagePatienceMilliseconds);
	const before = asked.length;
	await finish(pool.get({url: '/repositories/acme/one', repository: 'one'}));
	assert.equal(asked.length, before + 1, 'and it ends when Bitbucket works again');
});

test('outage: one address that always fails is no outage', async () => {
	const {pool, asked, finish} = await createBench({
		credentials: three,
		answer: ({url}) => ({status: url.endsWith('/broken') ? 500 : 200}),
	});
	const broken = pool.get({url: '/repositories/acme/broken', repository: 'broken'});
	const fine = slugs.map(async slug => pool.get({url: `/repositories/acme/${slug}`, repository: slug}));
	await assert.rejects(finish(broken), /500/);
	await finish(Promise.all(fine));
	assert.equal(asked.filter(({url}) => url.endsWith('/broken')).length, 5);
});

test('outage: an aborted run does not wait for its end', async () => {
	const bench = await createBench({credentials: three, answer: () => ({status: 503})});
	const all = Promise.allSettled(
		slugs.map(async slug => bench.pool.get({url: `/repositories/acme/${slug}`, repository: slug})),
	);
	await bench.clock.advance(60_000);
	bench.abort.abort(new Error('cancelled by hand'));
	for (const result of await all) {
		assert.ok(result.status === 'rejected');
		assert.match(String(result.reason), /cancelled by hand/);
	}
});
