/*
Signs that take one cell each, alone and beside one another: letters of Europe, punctuation, arrows, mathematical signs, lines and blocks, braille. Left out
are the soft hyphen, marks that stand on a letter, what has no width, and the watches, squares and suits that terminals draw in two cells.
*/
const notPlain =
	/[^\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0377\u037a-\u037f\u0384-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u2319\u2500-\u25fc\u2713-\u2718\u2800-\u28ff]/;

const colours = /\u001b\[[\d;]*m/g;

/**
Cells that a text takes which holds nothing but plain signs and colours; undefined for any other. The package that measures every text makes,
when it is loaded, regular expressions of all emoji: a third of the time to the first frame, for signs that few names hold.
*/
export function plainWidth(text: string): number | undefined {
	const bare = text.includes('\u001b') ? text.replaceAll(colours, '') : text;
	return notPlain.test(bare) ? undefined : bare.length;
}
