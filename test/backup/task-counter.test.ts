import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {PullRequest} from '../../source/backup/metadata/pull-request-list.ts';
import {createTaskCounter} from '../../source/backup/metadata/task-counter.ts';

const pullRequest = (tasks: number, state = 'MERGED'): PullRequest => ({
	id: 1,
	state,
	comments: 0,
	tasks,
	updatedOn: undefined,
	sourceCommit: undefined,
});

const file = (done: number, open: number): Buffer =>
	Buffer.from(
		JSON.stringify([
			...Array.from({length: done}, () => ({state: 'RESOLVED'})),
			...Array.from({length: open}, () => ({state: 'UNRESOLVED'})),
		]),
	);

for (const {name, seen, state, asks} of [
	{name: 'nothing is known of a closed one', seen: [], state: 'MERGED', asks: true},
	{name: 'nothing is known of an open one', seen: [], state: 'OPEN', asks: false},
	{name: 'another counts those that are done', seen: [[3, 2, 1]], state: 'DECLINED', asks: false},
	{name: 'another counts only open ones', seen: [[1, 2, 1]], state: 'OPEN', asks: true},
	{name: 'another has some in spite of its number', seen: [[0, 2, 0]], state: 'OPEN', asks: true},
	{name: 'another has only open ones', seen: [[2, 0, 2]], state: 'MERGED', asks: true},
	{name: 'a number agrees with neither', seen: [[7, 2, 2]], state: 'MERGED', asks: true},
	{name: 'ten had none', seen: Array.from({length: 10}, () => [0, 0, 0]), state: 'MERGED', asks: false},
	{name: 'nine had none', seen: Array.from({length: 9}, () => [0, 0, 0]), state: 'MERGED', asks: true},
	{
		name: 'ten had none, then one had some',
		seen: [...Array.from({length: 10}, () => [0, 0, 0]), [0, 1, 0]],
		state: 'MERGED',
		asks: true,
	},
] as Array<{name: string; seen: Array<[number, number, number]>; state: string; asks: boolean}>) {
	test(`a pull request that is said to have no tasks is ${asks ? '' : 'not '}asked where ${name}`, () => {
		const counter = createTaskCounter();
		for (const [said, done, open] of seen) {
			counter.learn(pullRequest(said), file(done, open));
		}

		assert.equal(counter.mayHideSome(pullRequest(0, state)), asks);
	});
}
