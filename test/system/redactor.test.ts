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
