import assert from 'node:assert/strict';
import {test} from 'node:test';
import {chooseAccount, type Headroom} from '../../source/accounts/choice.ts';

const now = 1000;
const free = (usable: number, used: number): Headroom => ({
	usable,
	used,
	foreign: 0,
	freesAt: null,
	frozenUntil: null,
	isCareful: false,
	isProbing: false,
	yieldsUntil: null,
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
		expected: {kind: 'chosen', index: 0, isAlone: false},
	},
	{
		name: 'the one with most left',
		candidates: [free(10, 3), free(10, 2), free(10, 4)],
		expected: {kind: 'chosen', index: 1, isAlone: false},
	},
	{
		name: 'by share, not by number: 80 % left beats 75 % of a larger quota',
		candidates: [free(1000, 250), free(100, 20)],
		expected: {kind: 'chosen', index: 1, isAlone: false},
	},
	{
		name: 'never one without room, however large',
		candidates: [{...free(1000, 1000), freesAt: 5000}, free(10, 9)],
		expected: {kind: 'chosen', index: 1, isAlone: false},
	},
	{
		name: 'nobody has room: the moment at which the first has',
		candidates: [
			{...free(10, 10), freesAt: 5000},
			{...free(10, 10), freesAt: 3000},
		],
		expected: {kind: 'exhausted', retryAt: 3000, isYielding: false},
	},
	{
		name: 'a frozen account opens when both the freeze and the window let it',
		candidates: [{...free(10, 10), freesAt: 2000, frozenUntil: 4000}],
		expected: {kind: 'exhausted', retryAt: 4000, isYielding: false},
	},
	{
		name: 'while one request goes alone only its answer can tell',
		candidates: [{...free(10, 0), isCareful: true, isProbing: true}],
		expected: {kind: 'exhausted', retryAt: null, isYielding: false},
	},
	{
		name: 'a freeze that has run out does not count',
		candidates: [{...free(10, 0), frozenUntil: now}],
		expected: {kind: 'chosen', index: 0, isAlone: false},
	},
	{
		name: 'after a 429 a request goes alone',
		candidates: [{...free(10, 0), isCareful: true}],
		expected: {kind: 'chosen', index: 0, isAlone: true},
	},
	{
		name: 'trust that has come back waits for no probe',
		candidates: [{...free(10, 0), isProbing: true}],
		expected: {kind: 'chosen', index: 0, isAlone: false},
	},
	{
		name: 'what others have sent makes an account the worse choice',
		candidates: [{...free(10, 0), foreign: 5}, free(10, 4)],
		expected: {kind: 'chosen', index: 1, isAlone: false},
	},
	{
		name: 'beyond what others are believed to have sent, one at a time finds out',
		candidates: [{...free(10, 4), foreign: 6}],
		expected: {kind: 'chosen', index: 0, isAlone: true},
	},
	{
		name: 'and no second one goes before its answer',
		candidates: [{...free(10, 4), foreign: 6, isProbing: true}],
		expected: {kind: 'exhausted', retryAt: null, isYielding: false},
	},
	{
		name: 'an account is left to whoever waits for it and had less',
		candidates: [{...free(10, 0), yieldsUntil: now + 20}],
		expected: {kind: 'exhausted', retryAt: now + 20, isYielding: true},
	},
	{
		name: 'but another one that nobody waits for is taken',
		candidates: [{...free(10, 0), yieldsUntil: now + 20}, free(10, 9)],
		expected: {kind: 'chosen', index: 1, isAlone: false},
	},
	{
		name: 'an account without room is nothing to leave to others',
		candidates: [{...free(10, 10), freesAt: 5000, yieldsUntil: now + 20}],
		expected: {kind: 'exhausted', retryAt: 5000, isYielding: false},
	},
	{
		name: 'nobody to choose from',
		candidates: [],
		expected: {kind: 'exhausted', retryAt: null, isYielding: false},
	},
];

for (const {name, candidates, requests, expected} of table) {
	test(`choice: ${name}`, () => {
		assert.deepEqual(chooseAccount(candidates, requests ?? 1, now), expected);
	});
}
