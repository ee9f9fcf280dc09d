/*
A command as one line of text: words with blanks between them, quoted as for a shell where they must be. Nothing else means
anything: no variable, no pattern, no pipe.
*/

/** @returns the words; undefined where a quote is not closed or nothing stands behind a backslash. */
export function splitWords(text: string): readonly string[] | undefined {
	const words: string[] = [];
	let rest = text.trimStart();
	while (rest !== '') {
		const word = /^(?:'[^']*'|"(?:[^"\\]|\\[\s\S])*"|\\[\s\S]|[^\s'"\\])+(?=\s|$)/.exec(rest)?.[0];
		if (word === undefined) {
			return undefined;
		}

		words.push(unquoted(word));
		rest = rest.slice(word.length).trimStart();
	}

	return words;
}

function unquoted(word: string): string {
	return word.replaceAll(
		/'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])/g,
		(_, single: string | undefined, double: string | undefined, escaped: string | undefined) =>
			// Within double quotes a backslash stands for itself, but before another one and before a quote.
			single ?? double?.replaceAll(/\\(["\\])/g, '$1') ?? escaped ?? '',
	);
}

/** Words as one line that `splitWords` reads again, and a shell too. */
export function joinWords(words: readonly string[]): string {
	return words
		.map(word => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
		.join(' ');
}
