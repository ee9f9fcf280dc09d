import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type Authorization, parseAuthorization} from '../../source/sandbox/authorization-header.ts';
import {basicHeader} from './rest-client.ts';

const cases: ReadonlyArray<[string | undefined, Authorization | undefined]> = [
	[undefined, undefined],
	['Bearer abc==', {scheme: 'bearer', token: 'abc=='}],
	['bearer  abc', {scheme: 'bearer', token: 'abc'}],
	[basicHeader('me@x.example', 'to:ken'), {scheme: 'basic', username: 'me@x.example', password: 'to:ken'}],
	[basicHeader('ü', ''), {scheme: 'basic', username: 'ü', password: ''}],
	[`Basic ${Buffer.from('no colon').toString('base64')}`, {scheme: 'unknown'}],
	['Digest username="x"', {scheme: 'unknown'}],
	['', {scheme: 'unknown'}],
];

for (const [header, expected] of cases) {
	test(`parses ${header}`, () => {
		assert.deepEqual(parseAuthorization(header), expected);
	});
}
