/** A JSON text laid out over lines, its strings and numbers to the letter as they are; another text as it is. */
export function indentJson(text: string): string {
	if (!isJson(text)) {
		return text;
	}

	let depth = 0;
	let laidOut = '';
	let previous = '';
	const line = (): string => `\n${'  '.repeat(depth)}`;
	// Where nothing is in it, what is closed stands behind what opened it.
	for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/gs)) {
		if (isOpening(previous) && token !== '}' && token !== ']') {
			laidOut += line();
		}

		switch (token) {
			case '{':
			case '[':
				depth += 1;
				laidOut += token;
				break;
			case '}':
			case ']':
				depth -= 1;
				laidOut += isOpening(previous) ? token : line() + token;
				break;
			case ',':
				laidOut += `,${line()}`;
				break;
			case ':':
				laidOut += ': ';
				break;
			default:
				laidOut += token;
		}

		previous = token;
	}

	return laidOut;
}

function isOpening(token: string): boolean {
	return token === '{' || token === '[';
}

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}
