/** A part of a JSON text by its bytes: from `start` up to, but not, `end`. */
export type Slice = {readonly start: number; readonly end: number};

/** A member of an object; the slice is its value's. */
export type Member = Slice & {readonly name: string};

/** The bytes are not the JSON that they were taken for. */
export class NotJson extends Error {
	override name = 'NotJson';

	constructor(position: number) {
		super(`no JSON as expected at byte ${position}`);
	}
}

/*
Cuts JSON into its parts without making values of it: the parts' exact bytes are what came, with every digit and escape. It is
strict about what lies between the parts; the parts themselves are passed over by their brackets and quotes, since
`JSON.parse` has judged the whole before, or judges the part.
*/

const [space, tab, lineFeed, carriageReturn] = [0x20, 0x09, 0x0a, 0x0d];
const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d];

/** The one value of a JSON text, without the space around it. @throws NotJson */
export function sliceText(bytes: Uint8Array): Slice {
	const start = skipSpace(bytes, 0);
	const end = endOfValue(bytes, start);
	expectEnd(bytes, end);
	return {start, end};
}

/** The elements of an array, in their order. @param array Where it lies. @throws NotJson */
export function sliceArray(bytes: Uint8Array, array: Slice): readonly Slice[] {
	const elements: Slice[] = [];
	let position = open(bytes, array, openBracket);
	if (bytes[position] === closeBracket) {
		return closed(elements, position + 1, array);
	}

	for (;;) {
		const end = endOfValue(bytes, position);
		elements.push({start: position, end});
		const next = skipSpace(bytes, end);
		if (bytes[next] === closeBracket) {
			return closed(elements, next + 1, array);
		}

		position = skipSpace(bytes, expect(bytes, next, comma));
	}
}

/** The members of an object in their order, one of the same name as another too. @param object Where it lies. @throws NotJson */
export function sliceObject(bytes: Uint8Array, object: Slice): readonly Member[] {
	const members: Member[] = [];
	let position = open(bytes, object, openBrace);
	if (bytes[position] === closeBrace) {
		return closed(members, position + 1, object);
	}

	for (;;) {
		const nameEnd = endOfString(bytes, expect(bytes, position, quote));
		const name = parse(bytes, {start: position, end: nameEnd}) as string;
		const start = skipSpace(bytes, expect(bytes, skipSpace(bytes, nameEnd), colon));
		const end = endOfValue(bytes, start);
		members.push({name, start, end});
		const next = skipSpace(bytes, end);
		if (bytes[next] === closeBrace) {
			return closed(members, next + 1, object);
		}

		position = skipSpace(bytes, expect(bytes, next, comma));
	}
}

/** The text of a part. */
export function textOf(bytes: Uint8Array, {start, end}: Slice): string {
	return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
}

function parse(bytes: Uint8Array, slice: Slice): unknown {
	try {
		return JSON.parse(textOf(bytes, slice));
	} catch {
		throw new NotJson(slice.start);
	}
}

function skipSpace(bytes: Uint8Array, position: number): number {
	let next = position;
	while (
		bytes[next] === space ||
		bytes[next] === lineFeed ||
		bytes[next] === carriageReturn ||
		bytes[next] === tab
	) {
		next += 1;
	}

	return next;
}

/** @returns the position after the byte. */
function expect(bytes: Uint8Array, position: number, byte: number): number {
	if (bytes[position] !== byte) {
		throw new NotJson(position);
	}

	return position + 1;
}

function expectEnd(bytes: Uint8Array, position: number): void {
	const end = skipSpace(bytes, position);
	if (end !== bytes.length) {
		throw new NotJson(end);
	}
}

/** @returns the position of what an array or object begins with. */
function open(bytes: Uint8Array, {start}: Slice, bracket: number): number {
	return skipSpace(bytes, expect(bytes, start, bracket));
}

function closed<Part>(parts: readonly Part[], end: number, whole: Slice): readonly Part[] {
	if (end !== whole.end) {
		throw new NotJson(end);
	}

	return parts;
}

/** @param position The first byte of a value. @returns the position after its last one. */
function endOfValue(bytes: Uint8Array, position: number): number {
	const first = bytes[position];
	if (first === quote) {
		return endOfString(bytes, position + 1);
	}

	return first === openBrace || first === openBracket
		? endOfNested(bytes, position)
		: endOfScalar(bytes, position);
}

/** Without recursion: how deep it is nested is for the sender to choose. */
function endOfNested(bytes: Uint8Array, position: number): number {
	let depth = 0;
	let next = position;
	while (next < bytes.length) {
		const byte = bytes[next];
		next += 1;
		if (byte === quote) {
			next = endOfString(bytes, next);
		} else if (byte === openBrace || byte === openBracket) {
			depth += 1;
		} else if (byte === closeBrace || byte === closeBracket) {
			depth -= 1;
			if (depth === 0) {
				return next;
			}
		}
	}

	throw new NotJson(next);
}

/** @param position After the opening quote. @returns the position after the closing one. */
function endOfString(bytes: Uint8Array, position: number): number {
	let next = position;
	while (next < bytes.length) {
		if (bytes[next] === quote) {
			return next + 1;
		}

		next += bytes[next] === backslash ? 2 : 1;
	}

	throw new NotJson(next);
}

/** A number, `true`, `false` or `null`. */
function endOfScalar(bytes: Uint8Array, position: number): number {
	let next = position;
	while (next < bytes.length && isOfScalar(bytes[next] ?? 0)) {
		next += 1;
	}

	if (next === position) {
		throw new NotJson(position);
	}

	return next;
}

/** Digits, letters, and the signs of numbers. */
function isOfScalar(byte: number): boolean {
	return (
		(byte >= 0x30 && byte <= 0x39) ||
		(byte >= 0x61 && byte <= 0x7a) ||
		byte === 0x2b ||
		byte === 0x2d ||
		byte === 0x2e ||
		byte === 0x45
	);
}
