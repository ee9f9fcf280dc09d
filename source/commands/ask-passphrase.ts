import {type AskPassphrase, createPassphrases, type Unlocking} from '../store/passphrases.ts';
import {sanitize} from '../system/sanitize.ts';
import type {Shell} from './shell.ts';
import {typeUnseen} from './type-unseen.ts';

/** Who is asked for the passphrase of the vault's key: the person at the terminal, where there is one. */
export function unlockingAt(shell: Shell, handedKey?: string): Unlocking {
	const {keyboard: openKeyboard} = shell;
	if (openKeyboard === undefined) {
		return {passphrases: createPassphrases(undefined), handedKey};
	}

	const ask: AskPassphrase = async (question, problem) => {
		shell.note(`${problem === undefined ? '' : `${problem} `}${sanitize(question)} (it is not shown):`);
		const keyboard = openKeyboard();
		try {
			return await typeUnseen(keyboard.input);
		} finally {
			keyboard.close();
		}
	};

	return {passphrases: createPassphrases(ask), handedKey};
}
