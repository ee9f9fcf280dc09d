import assert from 'node:assert/strict';
import {test} from 'node:test';
import {parsePushAddress, withoutUser} from '../../../source/backup/restore/push-address.ts';

for (const text of [
	'web.git',
	'/srv/restored/web.git',
	'./a@b/c:d',
	'../web',
	'C:\\restored',
	'host:path',
	'with space@host/x',
]) {
	test(`"${text}" is a folder`, () => {
		assert.equal(parsePushAddress(text), undefined);
	});
}

for (const [text, origin] of [
	['https://bitbucket.org/acme/web.git', 'https://bitbucket.org'],
	['https://ada@bitbucket.org/acme/web.git', 'https://bitbucket.org'],
	['HTTPS://bitbucket.org:8443/acme/web.git', 'https://bitbucket.org:8443'],
	['http://127.0.0.1:8080/acme/web.git', 'http://127.0.0.1:8080'],
	['http://localhost/acme/web.git', 'http://localhost'],
	['ssh://git@bitbucket.org/acme/web.git', undefined],
	['git@bitbucket.org:acme/web.git', undefined],
] as const) {
	test(`"${text}" is an address of ${origin ?? 'ssh'}`, () => {
		assert.deepEqual(parsePushAddress(text), {url: text, origin});
	});
}

for (const [text, message] of [
	[
		'http://example.com/web.git',
		/^Nothing is pushed over plain http, but to this machine: use https for example\.com\.$/,
	],
	['git://example.com/web.git', /^Nothing is pushed over git: use https or ssh/],
	['ext://sh', /^Nothing is pushed over ext/],
	['ftp://example.com/web.git', /^Nothing is pushed over ftp/],
	['file:///srv/web.git', /without file:\/\/\.$/],
	['https://ada:secret@example.com/web.git', /^There is a password in the address/],
	['ssh://ada:secret@example.com/web.git', /^There is a password in the address/],
	['https://', /^This is no address that git can push to\.$/],
	['https://example.com/a b', /^This is no address that git can push to\.$/],
] as const) {
	test(`"${text.replace('secret', '…')}" is refused`, () => {
		assert.throws(
			() => parsePushAddress(text),
			(error: Error & {exitCode: number}) => {
				assert.equal(error.name, 'UserError');
				assert.equal(error.exitCode, 2);
				assert.match(error.message, message);
				assert.doesNotMatch(error.message, /secret/);
				return true;
			},
		);
	});
}

test('the organization’s server is spoken to without a user name in the address', () => {
	assert.equal(withoutUser('https://ada@bitbucket.org/acme/web.git'), 'https://bitbucket.org/acme/web.git');
});
