import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type AskPassphrase, createPassphrases, WrongPassphrase} from '../../source/store/passphrases.ts';
import {UserError} from '../../source/system/user-error.ts';

const path = '/home/keys/identity.age';

/** Somebody who types these, one after the other. */
function typist(...answers: readonly string[]): AskPassphrase & {readonly asked: Array<readonly string[]>} {
	const left = [...answers];
	const asked: Array<readonly string[]> = [];
	return Object.assign(
		async (question: string, problem?: string): Promise<string> => {
			asked.push(problem === undefined ? [question] : [question, problem]);
			const answer = left.shift();
			assert.ok(answer !== undefined, 'asked once too often');
			return answer;
		},
		{asked},
	);
}

const open = async (passphrase: string): Promise<string> => {
	if (passphrase !== 'correct horse') {
		throw new WrongPassphrase('no');
	}

	return 'opened';
};

test('passphrase: asked for once, however often the key is opened', async () => {
	const ask = typist('correct horse');
	const {current} = createPassphrases(ask);
	assert.equal(await current(path, open), 'opened');
	assert.equal(await current(path, open), 'opened');
	assert.deepEqual(ask.asked, [[`Passphrase of ${path}`]]);
});

test('passphrase: a wrong one is said and asked for again, three times in all', async () => {
	const ask = typist('a', 'correct horse');
	assert.equal(await createPassphrases(ask).current(path, open), 'opened');
	assert.deepEqual(ask.asked[1], [`Passphrase of ${path}`, 'That is not the passphrase.']);
	const wrong = typist('battery', 'staple', 'horse');
	await assert.rejects(
		createPassphrases(wrong).current(path, open),
		(error: unknown) =>
			error instanceof UserError &&
			/identity\.age does not open with what was typed/.test(error.message) &&
			!/battery|staple/.test(error.message),
	);
	assert.equal(wrong.asked.length, 3);
});

test('passphrase: one that was changed meanwhile is asked for again', async () => {
	const ask = typist('correct horse', 'another');
	const {current} = createPassphrases(ask);
	await current(path, open);
	const changed = async (passphrase: string): Promise<string> => {
		if (passphrase !== 'another') {
			throw new WrongPassphrase('no');
		}

		return passphrase;
	};
	assert.equal(await current(path, changed), 'another');
});

test('passphrase: what is wrong with something else is not taken for a wrong passphrase', async () => {
	const ask = typist('correct horse');
	await assert.rejects(
		createPassphrases(ask).current(path, async () => {
			throw new UserError('the folder is gone');
		}),
		/the folder is gone/,
	);
});

test('passphrase: where nobody can be asked, it is said what to set', async () => {
	const message = /identity\.age is locked with a passphrase\. Set BUCKET_BRIGADE_PASSWORD_COMMAND/;
	await assert.rejects(createPassphrases().current(path, open), message);
	const hushed = createPassphrases(typist());
	hushed.stopAsking();
	await assert.rejects(hushed.current(path, open), message);
	await assert.rejects(
		hushed.choose(),
		/^UserError: A passphrase is needed: set BUCKET_BRIGADE_PASSWORD_COMMAND/,
	);
	hushed.remember('correct horse');
	assert.equal(await hushed.current(path, open), 'opened');
});

test('passphrase: a new one is typed twice alike, and is one', async () => {
	assert.equal(await createPassphrases(typist('é long one', 'é long one')).choose(), 'é long one');
	await assert.rejects(
		createPassphrases(typist('one', 'two')).choose(),
		/The two passphrases differ; nothing/,
	);
	for (const none of ['', 'AGE-SECRET-KEY-1ABC', 'a\tb']) {
		await assert.rejects(createPassphrases(typist(none)).choose(), /That is no passphrase/);
	}
});
