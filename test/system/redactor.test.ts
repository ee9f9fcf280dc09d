import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createRedactor} from '../../source/system/redactor.ts';

test('redactor: takes a secret out in every form in which it travels', () => {
	const redactor = createRedactor();
	const secret = 'ATATT3x/+=secret?&';
	redactor.add(secret, 'bot@acme.example');
	const forms = [
		secret,
		encodeURIComponent(secret),
		Buffer.from(secret).toString('base64'),
		Buffer.from(`bot@acme.example:${secret}`).toString('base64'),
		Buffer.from(`bot@acme.example:${secret}`).toString('base64').replace(/=+$/, ''),
	];
	for (const form of forms) {
		assert.equal(redactor.redact(`before ${form} after`), 'before [secret] after');
	}
});

test('redactor: what is too short to be a secret does not tear holes into words', () => {
	const redactor = createRedactor();
	redactor.add('');
	redactor.add('a');
	assert.equal(redactor.redact('a backup'), 'a backup');
});

test('redactor: finds a secret in base64 behind a user name that nobody told it, and in other spellings', () => {
	const redactor = createRedactor();
	const secret = 'ATATT3x>>>secret???+/=';
	redactor.add(secret);
	const core = Buffer.from(secret).toString('base64').slice(4, -8);
	for (const username of ['', 'a', 'ab', 'abc', 'x-bitbucket-api-token-auth']) {
		const header = Buffer.from(`${username}:${secret}`).toString('base64');
		const redacted = redactor.redact(`Authorization: Basic ${header}`);
		assert.match(redacted, /^Authorization: Basic .*\[secret\]/, username);
		const left = Buffer.from(
			redacted.replace(/^.*Basic /, '').replace(/\[secret\].*/, ''),
			'base64',
		).toString();
		assert.ok(!left.includes('ATATT3x'), left);
	}

	const url = Buffer.from(secret).toString('base64url');
	assert.ok(url !== Buffer.from(secret).toString('base64') && !redactor.redact(url).includes(core));
	const lowerCase = encodeURIComponent(secret).replaceAll(/%[0-9A-F]{2}/g, code => code.toLowerCase());
	assert.equal(redactor.redact(lowerCase), '[secret]');
});
