import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type Confirmable, digestOf, digestOfRefs, isConfirmed} from '../../source/backup/confirmation.ts';

const one = '1'.repeat(40);
const two = '2'.repeat(40);
const refs = {head: 'refs/heads/main', refs: new Map([['refs/heads/main', one]])};
const description = Buffer.from('{}');
const sure: Confirmable = {
	data: ['git'],
	confirmed: {
		snapshot: 'b',
		commit: two,
		refs: digestOfRefs(refs),
		description: digestOf(description),
		data: ['git', 'settings'],
	},
	before: {
		mirrored: refs.refs,
		snapshots: new Map([
			['a', one],
			['b', two],
		]),
		kept: new Set(),
		drafts: [],
	},
	advertised: refs,
	description,
};

test('a snapshot holds still when refs, mirror and description are as they were', () => {
	assert.equal(isConfirmed(sure), true);
});

const doubts: ReadonlyArray<readonly [string, Partial<Confirmable>]> = [
	['nothing was said of it', {confirmed: undefined}],
	['upstream has another tip', {advertised: {...refs, refs: new Map([['refs/heads/main', two]])}}],
	['upstream has another default branch', {advertised: {...refs, head: 'refs/heads/other'}}],
	[
		'upstream has one more ref',
		{advertised: {...refs, refs: new Map([...refs.refs, ['refs/tags/v1', two]])}},
	],
	['the mirror has lost a ref', {before: {...sure.before, mirrored: new Map()}}],
	['the mirror stands elsewhere', {before: {...sure.before, mirrored: new Map([['refs/heads/main', two]])}}],
	['it is not the newest snapshot', {before: {...sure.before, snapshots: new Map([['c', two]])}}],
	['its commit is another one', {before: {...sure.before, snapshots: new Map([['b', one]])}}],
	['there is a draft', {before: {...sure.before, drafts: [{name: 'x', id: one, isSymbolic: false}]}}],
	['Bitbucket describes it otherwise', {description: Buffer.from('{"a":1}')}],
	['a kind of data has to be asked for', {data: ['git', 'settings']}],
	['a kind of data was not in it', {data: ['git', 'lfs']}],
];
for (const [name, change] of doubts) {
	test(`a snapshot is looked at where ${name}`, () => {
		assert.equal(isConfirmed({...sure, ...change}), false);
	});
}
