import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {UserError} from '../system/user-error.ts';
import {findKey} from './age-key.ts';
import {passwordCommandVariable} from './key-variables.ts';

/** What a password command gave: an age identity, or a passphrase that unlocks one. */
export type Password =
	| {readonly kind: 'identity'; readonly key: string}
	| {readonly kind: 'passphrase'; readonly passphrase: string};

/** Runs a shell command and reads its output. A passphrase is its first line: password managers print notes below it. */
export async function runPasswordCommand(command: string, environment: NodeJS.ProcessEnv): Promise<Password> {
	const output = await outputOf(command, environment);
	const key = findKey(output);
	if (key !== undefined) {
		return {kind: 'identity', key};
	}

	const [passphrase = ''] = output.split(/\r?\n/);
	if (passphrase === '' || passphrase.startsWith('AGE-')) {
		throw new UserError(
			`${passwordCommandVariable} gives neither an age identity (a line AGE-SECRET-KEY-1…) nor a passphrase.`,
		);
	}

	return {kind: 'passphrase', passphrase};
}

async function outputOf(command: string, environment: NodeJS.ProcessEnv): Promise<string> {
	try {
		const {stdout} = await promisify(execFile)('/bin/sh', ['-c', command], {
			env: environment,
			timeout: 60_000,
			maxBuffer: 1024 * 1024,
		});
		return stdout;
	} catch (error) {
		// What it printed may be half a secret, and so may the command be: only that it failed is said.
		const {code} = error as {code?: unknown};
		throw new UserError(`${passwordCommandVariable} failed (${String(code ?? 'ended by a signal')}).`);
	}
}
