import {createReadStream} from 'node:fs';
import {UserError} from '../system/user-error.ts';
import {readText, type Shell} from './shell.ts';

const maximumBytes = 64 * 1024;

/**
The text of a secret file; `-` is standard input, where a terminal does not show what is typed.

@throws UserError (wrong usage) where it cannot be read.
*/
export async function readSecret(shell: Shell, file: string): Promise<string> {
	if (file === '-' && shell.input.isTTY) {
		return typedSecret(shell);
	}

	try {
		return await readText(file === '-' ? shell.input : createReadStream(file), maximumBytes);
	} catch (error) {
		const {code, message} = error as NodeJS.ErrnoException;
		throw new UserError(
			`The secret file ${file === '-' ? 'on standard input' : file} cannot be read (${code ?? message}).`,
			{exitCode: 2, cause: error},
		);
	}
}

/** One line from the terminal, unseen. */
async function typedSecret({input, note}: Shell): Promise<string> {
	note('Paste or type the secret, then press Enter. It is not shown.');
	input.setRawMode(true);
	let typed = '';
	try {
		for await (const part of input) {
			for (const character of String(part)) {
				if (character === '\r' || character === '\n') {
					return typed;
				}

				if (character === '\u0003' || character === '\u0004') {
					throw new UserError('Nothing was added.');
				}

				typed = character === '\u007f' || character === '\b' ? typed.slice(0, -1) : typed + character;
			}
		}

		return typed;
	} finally {
		input.setRawMode(false);
		input.pause();
	}
}
