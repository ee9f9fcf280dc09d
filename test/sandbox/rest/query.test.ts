import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {RestProblem} from '../../../source/sandbox/rest/problem.ts';
import {compareValues, fieldsOf, matches} from '../../../source/sandbox/rest/query-matching.ts';
import {parseQuery} from '../../../source/sandbox/rest/query-parser.ts';

const pullRequest = {
	id: 7,
	title: 'Fix "Größe" of baskets',
	state: 'MERGED',
	draft: false,
	closed_by: null,
	updated_on: '2026-03-01T10:20:30.500000+00:00',
	author: {nickname: 'lena'},
	reviewers: [{nickname: 'kim'}, {nickname: 'noor'}],
};

describe('matches', () => {
	const cases: ReadonlyArray<[string, boolean]> = [
		['id = 7', true],
		['id=7 AND state="OPEN"', false],
		['id=8 OR state="MERGED"', true],
		// AND binds closer.
		['id=7 OR id=8 AND state="OPEN"', true],
		['(id=7 OR id=8) AND state="OPEN"', false],
		['id > 6 and id <= 7', true],
		['id != 7', false],
		['title ~ "größe"', true],
		['title !~ "basket"', false],
		['title ~ "\\"Größe\\""', true],
		['draft = false', true],
		['closed_by = null', true],
		['closed_by != null', false],
		['merge_commit = null', true],
		['updated_on > 2026-03-01', true],
		['updated_on > 2026-03-01T10:20:30.499Z', true],
		['updated_on > "2026-03-01T10:20:30.500000+00:00"', false],
		['updated_on >= "2026-03-01T11:20:30.500+01:00"', true],
		['updated_on < 2026-03-01T10:20:30+00:00', false],
		['author.nickname = "lena"', true],
		['reviewers.nickname = "noor"', true],
		['reviewers.nickname != "noor"', false],
		['state IN ("OPEN", "MERGED")', true],
		['state NOT IN ("OPEN", "MERGED")', false],
		// Nothing is neither more nor less than something.
		['closed_by > 0', false],
		['closed_by < 0', false],
	];
	for (const [query, expected] of cases) {
		test(query, () => assert.equal(matches(parseQuery(query), pullRequest), expected));
	}
});

describe('refuses', () => {
	const cases = [
		'',
		'id',
		'id =',
		'id = = 7',
		'= 7',
		'id = 7 AND',
		'id = 7 state = "OPEN"',
		'(id = 7',
		'id = 7)',
		'title = "open end',
		'id = 7; DROP',
		'state IN "OPEN"',
		'state NOT "OPEN"',
		// What becomes of an offset whose plus was not encoded.
		'updated_on > 2026-03-01T10:20:30 00:00',
	];
	for (const query of cases) {
		test(query || 'nothing', () => {
			assert.throws(
				() => parseQuery(query),
				(error: unknown) =>
					error instanceof RestProblem &&
					error.status === 400 &&
					/^Invalid query: unexpected/.test(error.message),
			);
		});
	}
});

test('names the fields of a query', () => {
	assert.deepEqual(fieldsOf(parseQuery('a.b = 1 AND (c > 2 OR a.b = 3)')), ['a.b', 'c', 'a.b']);
});

test('orders numbers, texts and moments, nothing first', () => {
	const sorted = (values: readonly unknown[]) => [...values].sort(compareValues);
	assert.deepEqual(sorted([10, 9, null, 100]), [null, 9, 10, 100]);
	assert.deepEqual(sorted(['b', 'a', 'B']), ['B', 'a', 'b']);
	assert.deepEqual(sorted(['2026-03-01T01:00:00+02:00', '2026-03-01T00:00:00Z']), [
		'2026-03-01T01:00:00+02:00',
		'2026-03-01T00:00:00Z',
	]);
});
