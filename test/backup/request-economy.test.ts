import assert from 'node:assert/strict';
import {test} from 'node:test';
import {measureRequests} from '../../scripts/benchmark/requests.ts';

for (const {name, repositories, pullRequests, most} of [
	{name: '5 pull requests', repositories: 1, pullRequests: 5, most: 1.1},
	{name: '200 pull requests', repositories: 1, pullRequests: 200, most: 1.01},
	{name: 'as many as there are, in several repositories', repositories: 6, most: 1.1},
] as const) {
	test(`${name}: a first backup takes hardly more requests than it must, one without news takes one`, async () => {
		const figures = await measureRequests({
			repositories,
			...(pullRequests === undefined ? {} : {pullRequests}),
		});
		assert.ok(figures.first.rest >= figures.first.leastRest, 'less than the least is a wrong reckoning');
		assert.ok(figures.first.ratio <= most, JSON.stringify(figures));
		assert.deepEqual(figures.unchanged, {rest: 1, git: 1});
		// The list, comments, activity, and tasks.
		assert.ok(figures.changed.rest <= 4, JSON.stringify(figures));
		assert.equal(figures.changed.git, 1);
	});
}
