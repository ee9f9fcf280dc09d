import {UserError} from '../system/user-error.ts';

/**
A secret as it was read from a file, a pipe or a form, without the line end that files and pastes bring along.

@throws UserError where it is empty or cannot be a secret. The sentence never holds any of it.
*/
export function secretFromText(text: string): string {
	const secret = text.replace(/\r?\n$/, '');
	if (secret === '') {
		throw new UserError('The secret is empty: give the token itself, on one line.', {exitCode: 2});
	}

	if (/[\u0000-\u001f\u007f]/.test(secret)) {
		throw new UserError(
			'The secret holds a line break or another control character: give the token alone, on one line.',
			{exitCode: 2},
		);
	}

	return secret;
}
