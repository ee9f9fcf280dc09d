import {elementsOfArray, type ListElement} from '../../bitbucket/list-elements.ts';

const lineBreak = Buffer.from('\n');
const between = Buffer.from(',\n');
const openBracket = Buffer.from('[\n');
const closeBracket = Buffer.from('\n]\n');
const openBrace = Buffer.from('{\n');
const closeBrace = Buffer.from('\n}\n');

/** A list as it is kept: JSON, each element with the exact bytes that came, on a line of its own. */
export function listFile(elements: readonly Uint8Array[]): Buffer {
	if (elements.length === 0) {
		return Buffer.from('[]\n');
	}

	const parts = elements.flatMap((element, index) => (index === 0 ? [element] : [between, element]));
	return Buffer.concat([openBracket, ...parts, closeBracket]);
}

/** One element of a list that has a file of its own. */
export function elementFile(element: Uint8Array): Buffer {
	return Buffer.concat([element, lineBreak]);
}

/** Files of lists by names, as one file: a JSON object with a name a line. */
export function listsFile(lists: ReadonlyMap<string, Buffer>): Buffer {
	if (lists.size === 0) {
		return Buffer.from('{}\n');
	}

	const members = [...lists].flatMap(([name, list], index) => [
		index === 0 ? openBrace : between,
		Buffer.from(`${JSON.stringify(name)}: `),
		// Without the line break at its end.
		list.subarray(0, -lineBreak.length),
	]);
	return Buffer.concat([...members, closeBrace]);
}

/** The elements of the file of a list; none where it is something else. */
export function elementsIn(file: Buffer): readonly ListElement[] {
	try {
		return elementsOfArray(file);
	} catch {
		return [];
	}
}
