import assert from 'node:assert/strict';
import {test} from 'node:test';
import {parseGitAddress} from '../../source/sandbox/git-address.ts';

const repository = {workspace: 'acme', slug: 'web'};
const cases: ReadonlyArray<readonly [path: string, expected: ReturnType<typeof parseGitAddress>]> = [
	['/acme/web.git/info/refs', {owner: repository, rest: '/info/refs'}],
	['/acme/web/info/refs', {owner: repository, rest: '/info/refs'}],
	['/acme/web.git/git-upload-pack', {owner: repository, rest: '/git-upload-pack'}],
	['/acme/web.git/git-receive-pack', {owner: repository, rest: '/git-receive-pack'}],
	['/acme/web.git/info/lfs/objects/batch', {owner: repository, rest: '/info/lfs/objects/batch'}],
	['/snippets/acme/aBc123.git/info/refs', {owner: {snippet: 'aBc123'}, rest: '/info/refs'}],
	['/snippets/acme/aBc123/some-title.git/info/refs', {owner: {snippet: 'aBc123'}, rest: '/info/refs'}],
	['/acme/web.git/HEAD', undefined],
	['/acme/web.git/packed-refs', undefined],
	['/acme/web.git/objects/info/packs', undefined],
	['/acme/info/refs', undefined],
	['/acme/web/deeper/info/refs', undefined],
	['/', undefined],
];

for (const [path, expected] of cases) {
	test(path, () => {
		assert.deepEqual(parseGitAddress(path), expected);
	});
}
