import {createReadStream} from 'node:fs';
import {UserError} from '../system/user-error.ts';
import {readText, type Shell} from './shell.ts';
import {typeUnseen} from './type-unseen.ts';

const maximumBytes = 64 * 1024;

/**
The text of a secret file; `-` is standard input, where a terminal does not show what is typed.

@throws UserError (wrong usage) where it cannot be read.
*/
export async function readSecret(shell: Shell, file: string): Promise<string> {
	if (file === '-' && shell.input.isTTY) {
		shell.note('Paste or type the secret, then press Enter. It is not shown.');
		return typeUnseen(shell.input);
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
