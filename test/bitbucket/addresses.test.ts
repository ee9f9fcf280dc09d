import assert from 'node:assert/strict';
import {test} from 'node:test';
import {absoluteUrl, isBelowApi, withoutQuery} from '../../source/bitbucket/addresses.ts';

const api = 'https://api.bitbucket.org/2.0';

const links: ReadonlyArray<readonly [string, boolean]> = [
	['https://api.bitbucket.org/2.0/repositories/acme?page=2', true],
	['https://api.bitbucket.org/2.0/repositories/acme?next=https://evil.example/', true],
	['https://api.bitbucket.org/1.0/repositories/acme', false],
	['https://api.bitbucket.org/2.0', false],
	['https://api.bitbucket.org/2.0evil/repositories', false],
	['https://api.bitbucket.org/2.0/../1.0/repositories', false],
	['http://api.bitbucket.org/2.0/repositories/acme', false],
	['https://api.bitbucket.org:8443/2.0/repositories/acme', false],
	['https://api.bitbucket.org.evil.example/2.0/repositories', false],
	['https://user:password@api.bitbucket.org/2.0/repositories', false],
	['https://api.bitbucket.org@evil.example/2.0/repositories', false],
	['//evil.example/2.0/repositories', false],
	['/2.0/repositories', false],
	['javascript:alert(1)', false],
	['', false],
];

for (const [link, expected] of links) {
	test(`addresses: our credentials ${expected ? 'may' : 'must not'} go to "${link}"`, () => {
		assert.equal(isBelowApi(api, link), expected);
	});
}

test('addresses: a path is below the API, an address stays as it is', () => {
	assert.equal(absoluteUrl(api, '/user'), `${api}/user`);
	assert.equal(absoluteUrl(`${api}/`, '/user'), `${api}/user`);
	assert.equal(absoluteUrl(api, `${api}/user?x=1`), `${api}/user?x=1`);
});

test('addresses: queries, which may be signed, are cut off for messages', () => {
	assert.equal(withoutQuery('https://storage.example/a?Signature=secret#x'), 'https://storage.example/a');
});
