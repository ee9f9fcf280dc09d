import assert from 'node:assert/strict';
import {test} from 'node:test';
import {holdsToken, withoutTokens} from '../../source/model/token-text.ts';

const token = `ATATT3xFfGF0${'aB3_-'.repeat(30)}=1A2B3C4D`;

const rows: ReadonlyArray<readonly [what: string, text: string, without: string]> = [
	['an API token', token, '[secret]'],
	['one amid a text', `web-*, ${token} and more`, 'web-*, [secret] and more'],
	['two', `${token} ${token}`, '[secret] [secret]'],
	['one without its end', token.slice(0, 60), '[secret]'],
	['an access token', 'ATCTT3xFfGN0abcdefghijklmnop', '[secret]'],
	['an app password', `x:ATBB${'a1'.repeat(16)}@bitbucket.org`, 'x:[secret]@bitbucket.org'],
];

for (const [what, text, without] of rows) {
	test(`token text: ${what} is known`, () => {
		assert.ok(holdsToken(text));
		assert.ok(holdsToken(text), 'each time');
		assert.equal(withoutTokens(text), without);
	});
}

test('token text: what people call things is none', () => {
	for (const text of [
		'',
		'ATATT3',
		'nightly',
		'ATBB',
		'ATTACHMENTS-of-the-web-shop',
		'ada@acme.example',
		'/srv/ATATT/backup',
	]) {
		assert.ok(!holdsToken(text), text);
		assert.equal(withoutTokens(text), text);
	}
});
