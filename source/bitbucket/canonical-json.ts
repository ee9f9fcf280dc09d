import {type Slice, sliceArray, sliceObject, sliceText, textOf} from './json-slices.ts';

/** Deeper than anything that Bitbucket nests; below it the text counts as it is. */
const greatestDepth = 64;

/**
The content of a JSON text: the same for texts that differ in the order of keys, in the space between them, or in how a
string is escaped. A number is its text: `1.0` is not `1`, and no digit is lost. Of keys that come twice the order counts.

@throws NotJson, SyntaxError
*/
export function canonicalJson(bytes: Uint8Array): string {
	return canonical(bytes, sliceText(bytes), 0);
}

function canonical(bytes: Uint8Array, slice: Slice, depth: number): string {
	if (depth > greatestDepth) {
		return textOf(bytes, slice);
	}

	switch (bytes[slice.start]) {
		case 0x7b: {
			const members = sliceObject(bytes, slice).map(({name, start, end}) => ({
				name,
				text: `${JSON.stringify(name)}:${canonical(bytes, {start, end}, depth + 1)}`,
			}));
			// Sorting keeps the order of equal names.
			members.sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
			return `{${members.map(({text}) => text).join(',')}}`;
		}

		case 0x5b:
			return `[${sliceArray(bytes, slice)
				.map(element => canonical(bytes, element, depth + 1))
				.join(',')}]`;
		case 0x22:
			return JSON.stringify(JSON.parse(textOf(bytes, slice)));
		default:
			return textOf(bytes, slice);
	}
}
