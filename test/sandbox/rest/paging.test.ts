import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type ListOptions, list} from '../../../source/sandbox/rest/answers.ts';
import {pageOf} from '../../../source/sandbox/rest/paging.ts';
import {RestProblem} from '../../../source/sandbox/rest/problem.ts';

const address = 'http://sandbox.example/2.0/things';
const things = Array.from({length: 23}, (_, index) => ({id: index + 1, name: `thing ${index % 5}`}));

function page(query: string, options: ListOptions = {}) {
	return pageOf(
		list(things, thing => thing, options),
		address,
		new URLSearchParams(query),
	);
}

function walk(query: string, options: ListOptions = {}) {
	const ids: number[] = [];
	const lengths: number[] = [];
	let at: string | undefined = query;
	while (at !== undefined) {
		const {values, next} = page(at, options);
		ids.push(...values.map(value => (value as {id: number}).id));
		lengths.push(values.length);
		assert.ok(next === undefined || next.startsWith(`${address}?`));
		at = next === undefined ? undefined : new URL(next).search;
	}

	return {ids, lengths};
}

test('numbered pages give each element once', () => {
	const {ids, lengths} = walk('pagelen=7');
	assert.deepEqual(
		ids,
		things.map(({id}) => id),
	);
	assert.deepEqual(lengths, [7, 7, 7, 2]);
});

test('pages with a hidden position give each element once, and neither number nor size', () => {
	const {ids} = walk('pagelen=4', {opaque: true});
	assert.deepEqual(
		ids,
		things.map(({id}) => id),
	);
	const first = page('pagelen=4', {opaque: true});
	assert.deepEqual(Object.keys(first).sort(), ['next', 'pagelen', 'values']);
	assert.doesNotMatch(first.next ?? '', /page=/);
});

test('a list that fills its last page has no further one', () => {
	assert.equal(page('pagelen=23').next, undefined);
	assert.equal(page('pagelen=23').size, 23);
	assert.deepEqual(page('page=9').values, []);
});

test('a page length of ten unless asked for', () => {
	assert.equal(page('').pagelen, 10);
	assert.equal(page('', {defaultPageLength: 500, maximumPageLength: 5000}).pagelen, 500);
});

test('the link to the next page keeps what was asked for', () => {
	const {next = '', previous = ''} = page('q=id>2+AND+name~"1"&fields=%2Bvalues.x&pagelen=1&page=2', {
		queryable: ['id', 'name'],
	});
	const {searchParams} = new URL(next);
	assert.equal(searchParams.get('q'), 'id>2 AND name~"1"');
	assert.equal(searchParams.get('fields'), '+values.x');
	assert.match(next, /fields=%2Bvalues\.x/);
	assert.equal(searchParams.get('page'), '3');
	assert.equal(new URL(previous).searchParams.get('page'), '1');
});

test('searches and sorts before it cuts', () => {
	const options = {queryable: ['id', 'name']};
	assert.deepEqual(walk('q=name="thing 3"&sort=-id&pagelen=2', options).ids, [19, 14, 9, 4]);
	assert.equal(page('q=name="thing 3"', options).size, 4);
	assert.equal(page('q=name="thing 3"').size, 23, 'A list that cannot be searched ignores a query.');
});

const refusals: ReadonlyArray<[string, RegExp, ListOptions?]> = [
	['pagelen=101', /Invalid pagelen/],
	['pagelen=51', /Invalid pagelen/, {maximumPageLength: 50}],
	['pagelen=0', /Invalid pagelen/],
	['pagelen=ten', /Invalid pagelen/],
	['page=0', /Invalid page/],
	['page=x', /Invalid page/],
	['ctx=rubbish', /Invalid context/, {opaque: true}],
	['q=id', /Invalid query/, {queryable: ['id']}],
	['q=colour=1', /Invalid field name: colour/, {queryable: ['id']}],
	['q=idle=1', /Invalid field name: idle/, {queryable: ['id']}],
	['sort=colour', /Invalid field name: colour/, {queryable: ['id']}],
];

for (const [query, message, options] of refusals) {
	test(`refuses ${query}`, () => {
		assert.throws(
			() => page(query, options),
			(error: unknown) => error instanceof RestProblem && error.status === 400 && message.test(error.message),
		);
	});
}
