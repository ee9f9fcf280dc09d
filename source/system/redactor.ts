/** Takes secrets out of text on its way to a screen, a log or a journal. */
export type Redactor = {
	/** From now on the secret is taken out: as it is, URL-encoded, and as base64, alone and with its user name. */
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

			const base64 = (text: string): string => Buffer.from(text).toString('base64');
			for (const form of [
				secret,
				encodeURIComponent(secret),
				base64(secret),
				...(username === undefined ? [] : [base64(`${username}:${secret}`)]),
			]) {
				forms.add(form);
				// Without its padding a base64 text is still readable.
				forms.add(form.replace(/=+$/, ''));
			}

			longestFirst = [...forms].sort((left, right) => right.length - left.length);
		},
		redact: text => longestFirst.reduce((rest, form) => rest.replaceAll(form, replacement), text),
	};
}
