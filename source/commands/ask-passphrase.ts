import {type AskPassphrase, createPassphrases, type Unlocking} from '../store/passphrases.ts';
import {sanitize} from '../system/sanitize.ts';
import type {Shell} from './shell.ts';
import {typeUnseen} from './type-unseen.ts';

/** Who is asked for the passphrase of the vault's key: the person at the terminal, where there is one. */
export function unlockingAt(shell: Shell, handedKey?: string): Unlocking {
	const ask: AskPassphrase = async (question, problem) => {
		shell.note(`${problem === undefined ? '' : `${problem} `}${sanitize(question)} (it is not shown):`);
		return typeUnseen(shell.input);
	};

	return {passphrases: createPassphrases(shell.canAsk ? ask : undefined), handedKey};
}
