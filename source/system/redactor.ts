import {withoutTokens} from '../model/token-text.ts';

/** Takes secrets out of text on its way to a screen, a log or a journal: those that it was told, and whatever looks like a token of Atlassian's. */
export type Redactor = {
	/** From now on the secret is taken out: as it is, URL-encoded, and in base64, alone and as a part of something longer. */
	readonly add: (secret: string, username?: string) => void;
	readonly redact: (text: string) => string;
};

const replacement = '[secret]';

/** Shorter texts would be found in ordinary words; no credential is that short. */
const shortestSecret = 6;

export function createRedactor(): Redactor {
	const forms = new Set<string>();
	let longestFirst: readonly string[] = [];

	return {
		add: (secret, username) => {
			if (secret.length < shortestSecret) {
				return;
			}

			for (const form of formsOf(secret, username)) {
				forms.add(form);
			}

			longestFirst = [...forms].sort((left, right) => right.length - left.length);
		},
		redact: text =>
			withoutTokens(longestFirst.reduce((rest, form) => rest.replaceAll(form, replacement), text)),
	};
}

function formsOf(secret: string, username: string | undefined): readonly string[] {
	const encoded = encodeURIComponent(secret.toWellFormed());
	const base64 = [
		Buffer.from(secret).toString('base64'),
		...(username === undefined ? [] : [Buffer.from(`${username}:${secret}`).toString('base64')]),
	];
	return [
		secret,
		encoded,
		encoded.replaceAll(/%[0-9A-F]{2}/g, code => code.toLowerCase()),
		// Without its padding a base64 text is still readable.
		...[...base64, ...base64.map(form => form.replace(/=+$/, '')), ...insideBase64(secret)].flatMap(form => [
			form,
			form.replaceAll('+', '-').replaceAll('/', '_'),
		]),
	];
}

/**
What stands in a base64 text that contains the secret after other text, whichever that is: base64 writes three bytes as
four characters, so there are three ways to stand in it. The characters at both ends, which the neighbours have a share
in, are left out.
*/
function insideBase64(secret: string): readonly string[] {
	const bytes = Buffer.from(secret);
	return [0, 1, 2].map(before => {
		const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
		return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
	});
}
