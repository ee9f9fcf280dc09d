import assert from 'node:assert/strict';
import {test} from 'node:test';
import {mergeEdit} from '../../source/actions/changed-meanwhile.ts';

type Edit = {readonly name?: string | undefined; readonly keep?: object; readonly data?: readonly string[]};
const opened: Edit = {name: 'nightly', keep: {daily: 7}, data: ['git']};

const table: ReadonlyArray<
	readonly [what: string, current: Edit, edited: Edit, changes: Edit, conflicts: readonly string[]]
> = [
	['nobody changed anything', opened, {...opened, keep: {daily: 7}}, {}, []],
	['one changed something', opened, {...opened, keep: {daily: 9}}, {keep: {daily: 9}}, []],
	['the other one did', {...opened, keep: {daily: 9}}, opened, {}, []],
	['each something else', {...opened, name: 'x'}, {...opened, data: ['lfs']}, {data: ['lfs']}, []],
	['both the same to the same', {...opened, name: 'x'}, {...opened, name: 'x'}, {name: 'x'}, []],
	['both the same to something else', {...opened, name: 'x'}, {...opened, name: 'y'}, {name: 'y'}, ['name']],
	['one took it away', opened, {...opened, name: undefined}, {name: undefined}, []],
	[
		'both, and one took it away',
		{...opened, name: 'x'},
		{...opened, name: undefined},
		{name: undefined},
		['name'],
	],
];

for (const [what, current, edited, changes, conflicts] of table) {
	test(`an edit where ${what}`, () => {
		assert.deepEqual(mergeEdit<Edit>(opened, current, edited), {changes, conflicts});
	});
}
