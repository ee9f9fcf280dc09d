import assert from 'node:assert/strict';
import {test} from 'node:test';
import {json} from '../../../source/sandbox/rest/answers.ts';
import {createRouteTable} from '../../../source/sandbox/rest/route-table.ts';
import {nothing} from '../../../source/sandbox/rest/scope-sets.ts';

const paths = [
	'/a/{slug}/activity',
	'/a/{slug}/{id}',
	'/a/{slug}/refs/{name}',
	'/a/{slug}/src/{commit}/{path}',
];
const find = createRouteTable(paths.map(path => ({path, scopes: nothing, answer: () => json({})})));

const cases: ReadonlyArray<[string, string | undefined, Readonly<Record<string, string>>?]> = [
	['/a/x/activity', '/a/{slug}/activity', {slug: 'x'}],
	['/a/x/7', '/a/{slug}/{id}', {slug: 'x', id: '7'}],
	['/a/x/7/', '/a/{slug}/{id}', {slug: 'x', id: '7'}],
	['/a/%7Bb-c%7D/7', '/a/{slug}/{id}', {slug: '{b-c}', id: '7'}],
	['/a/x/refs/feature/one', '/a/{slug}/refs/{name}', {name: 'feature/one'}],
	['/a/x/refs/feature%2Fone', '/a/{slug}/refs/{name}', {name: 'feature/one'}],
	['/a/x/src/abc/', '/a/{slug}/src/{commit}/{path}', {commit: 'abc', path: ''}],
	['/a/x/src/abc/d/e.txt', '/a/{slug}/src/{commit}/{path}', {commit: 'abc', path: 'd/e.txt'}],
	['/a/x', undefined],
	['/b/x/7', undefined],
];

for (const [pathname, path, parameters = {}] of cases) {
	test(`${pathname} is ${path ?? 'nothing'}`, () => {
		const found = find(pathname);
		assert.equal(found?.route.path, path);
		for (const [name, value] of Object.entries(parameters)) {
			assert.equal(found?.parameter(name), value);
		}
	});
}
