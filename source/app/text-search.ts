/** A line in which something that is searched for begins. */
type SearchedLine = {readonly text: string};

/** What finds a text in whatever case, with whatever blanks between its words; undefined for none. */
export function searchPattern(searched: string): RegExp | undefined {
	const words = searched.split(/\s+/).filter(word => word !== '');
	return words.length === 0
		? undefined
		: new RegExp(words.map(word => word.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('\\s+'), 'giu');
}

/** Places of the lines in which it begins, ascending; also where a line was broken amid it. */
export function findHits(lines: readonly SearchedLine[], searched: string): readonly number[] {
	const pattern = searchPattern(searched);
	return pattern === undefined
		? []
		: lines.flatMap(({text}, index) => {
				const line = text.trimEnd();
				const both = `${line} ${lines[index + 1]?.text.trimStart() ?? ''}`;
				const [first] = both.matchAll(pattern);
				return first !== undefined && first.index < line.length ? [index] : [];
			});
}

/** The next hit after a line (or the one before it); after the last comes the first. */
export function hitBeside(hits: readonly number[], line: number, step: 1 | -1): number | undefined {
	return step === 1
		? (hits.find(hit => hit > line) ?? hits[0])
		: (hits.findLast(hit => hit < line) ?? hits.at(-1));
}

/** A line in parts, of which those are what is searched for. */
export function searchedParts(
	text: string,
	searched: string,
): ReadonlyArray<{readonly text: string; readonly isHit: boolean}> {
	const pattern = searchPattern(searched);
	if (pattern === undefined) {
		return [{text, isHit: false}];
	}

	let end = 0;
	const parts = [...text.matchAll(pattern)].flatMap(found => {
		const before = text.slice(end, found.index);
		end = found.index + found[0].length;
		return [
			{text: before, isHit: false},
			{text: found[0], isHit: true},
		];
	});
	return [...parts, {text: text.slice(end), isHit: false}].filter(part => part.text !== '');
}
