import {type Slice, sliceArray, sliceObject, sliceText} from './json-slices.ts';

/** One element of a list. */
export type ListElement = {
	readonly value: unknown;
	/** The exact bytes that came; a view of the whole answer, which lives as long as it does. */
	readonly raw: Buffer;
};

/**
The elements of a page of a list: those of its member `values`.

@param page The page's body, and its elements as `JSON.parse` sees them.
@returns undefined where both do not agree.
*/
export function elementsOfPage(body: Buffer, values: readonly unknown[]): readonly ListElement[] | undefined {
	// As for JSON.parse, of members of the same name the last one counts.
	const member = sliceObject(body, sliceText(body)).findLast(({name}) => name === 'values');
	const slices = member === undefined ? [] : sliceArray(body, member);
	return slices.length === values.length
		? slices.map((slice, index) => ({value: values[index], raw: cut(body, slice)}))
		: undefined;
}

/** The elements of a JSON array. @throws NotJson, SyntaxError */
export function elementsOfArray(array: Buffer): readonly ListElement[] {
	return sliceArray(array, sliceText(array)).map(slice => {
		const raw = cut(array, slice);
		return {value: JSON.parse(raw.toString('utf8')) as unknown, raw};
	});
}

function cut(bytes: Buffer, {start, end}: Slice): Buffer {
	return bytes.subarray(start, end);
}
