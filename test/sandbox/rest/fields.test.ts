import assert from 'node:assert/strict';
import {test} from 'node:test';
import {parseFields, selectFields} from '../../../source/sandbox/rest/fields.ts';

const page = {
	values: [
		{id: 1, links: {self: 'a', html: 'b'}, author: {name: 'x', uuid: 'u'}, participants: [{user: 'p'}]},
		{id: 2, links: {self: 'c'}, author: null, participants: []},
	],
	pagelen: 10,
	next: 'there',
};
const hidden = ['values.participants'];

const cases: ReadonlyArray<[string, string | null, unknown]> = [
	[
		'nothing asked: all but what is hidden',
		null,
		{
			...page,
			values: [
				{id: 1, links: {self: 'a', html: 'b'}, author: {name: 'x', uuid: 'u'}},
				{id: 2, links: {self: 'c'}, author: null},
			],
		},
	],
	['a plus adds what is hidden', '+values.participants', page],
	['something inside of what is hidden brings it out', '+values.participants.user', page],
	[
		'a minus takes away, everywhere in a list',
		'-values.links,-values.author.uuid,-pagelen',
		{
			values: [
				{id: 1, author: {name: 'x'}},
				{id: 2, author: null},
			],
			next: 'there',
		},
	],
	['names alone leave only themselves', 'values.id,next', {values: [{id: 1}, {id: 2}], next: 'there'}],
	[
		'whole objects and parts of them',
		'values.author.name,values.links',
		{
			values: [
				{links: {self: 'a', html: 'b'}, author: {name: 'x'}},
				{links: {self: 'c'}, author: null},
			],
		},
	],
	[
		'a star is every field there is by default',
		'values.*.self',
		{
			values: [
				{links: {self: 'a'}, author: {}},
				{links: {self: 'c'}, author: null},
			],
		},
	],
	[
		'hidden ones can be named too',
		'values.participants',
		{values: [{participants: [{user: 'p'}]}, {participants: []}]},
	],
	['unknown names are no error', 'values.nothing,size', {values: [{}, {}]}],
	['a plus that became a space is a name like others', ' values.id', {values: [{id: 1}, {id: 2}]}],
];

for (const [name, text, expected] of cases) {
	test(`${name}: ${text}`, () => {
		assert.deepEqual(selectFields(page, parseFields(text), hidden), expected);
	});
}
