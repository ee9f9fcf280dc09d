import assert from 'node:assert/strict';
import {test} from 'node:test';
import {chooseAccount, type Headroom} from '../../source/accounts/choice.ts';

const now = 1000;
const free = (usable: number, used: number): Headroom => ({
	usable,
	used,
	freesAt: null,
	frozenUntil: null,
	probing: false,
});

const table: ReadonlyArray<{
	readonly name: string;
	readonly candidates: readonly Headroom[];
	readonly requests?: number;
	readonly expected: ReturnType<typeof chooseAccount>;
}> = [
	{
		name: 'of equal accounts the first',
		candidates: [free(10, 0), free(10, 0)],
		expected: {kind: 'chosen', index: 0},
	},
	{
		name: 'the one with most left',
		candidates: [free(10, 3), free(10, 2), free(10, 4)],
		expected: {kind: 'chosen', index: 1},
	},
	{
		name: 'by share, not by number: 80 % left beats 75 % of a larger quota',
		candidates: [free(1000, 250), free(100, 20)],
		expected: {kind: 'chosen', index: 1},
	},
	{
		name: 'never one without room, however large',
		candidates: [{...free(1000, 1000), freesAt: 5000}, free(10, 9)],
		expected: {kind: 'chosen', index: 1},
	},
	{
		name: 'nobody has room: the moment at which the first has',
		candidates: [
			{...free(10, 10), freesAt: 5000},
			{...free(10, 10), freesAt: 3000},
		],
		expected: {kind: 'exhausted', retryAt: 3000},
	},
	{
		name: 'a frozen account opens when both the freeze and the window let it',
		candidates: [{...free(10, 10), freesAt: 2000, frozenUntil: 4000}],
		expected: {kind: 'exhausted', retryAt: 4000},
	},
	{
		name: 'while a probe is under way only its answer can tell',
		candidates: [{...free(10, 0), probing: true}],
		expected: {kind: 'exhausted', retryAt: null},
	},
	{
		name: 'a freeze that has run out does not count',
		candidates: [{...free(10, 0), frozenUntil: now}],
		expected: {kind: 'chosen', index: 0},
	},
	{name: 'nobody to choose from', candidates: [], expected: {kind: 'exhausted', retryAt: null}},
];

for (const {name, candidates, requests, expected} of table) {
	test(`choice: ${name}`, () => {
		assert.deepEqual(chooseAccount(candidates, requests ?? 1, now), expected);
	});
}
