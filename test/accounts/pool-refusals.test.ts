import assert from 'node:assert/strict';
import {test} from 'node:test';
import {GitRefused} from '../../source/accounts/pool-types.ts';
import {RequestFailed} from '../../source/bitbucket/failures.ts';
import {createBench, opened} from './fake-bitbucket.ts';

test('pool: what git is told it cannot find is tried through others, and is held against none of them', async context => {
	const {pool, finish} = await createBench({
		credentials: [opened('a'), opened('b')],
		answer: () => ({status: 200, body: {values: []}}),
	});
	context.after(() => pool.close());
	const request = {repository: 'web', requests: 1};
	const asked: string[] = [];
	await assert.rejects(
		finish(
			pool.withGit(request, async ({label}) => {
				asked.push(label);
				throw new GitRefused('not-found', 'the LFS server said 404');
			}),
		),
		(error: unknown) =>
			error instanceof RequestFailed &&
			error.reason === 'not-found' &&
			error.message === 'the LFS server said 404',
	);
	assert.deepEqual(asked.sort(), ['a', 'b']);

	const used = new Set<string>();
	for (let count = 0; count < 4; count += 1) {
		await finish(
			pool.withGit(request, async ({label}) => {
				used.add(label);
			}),
		);
	}

	assert.deepEqual([...used].sort(), ['a', 'b']);
});
