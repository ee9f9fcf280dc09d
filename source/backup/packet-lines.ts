/*
Git's packet lines (https://git-scm.com/docs/protocol-common): four hexadecimal digits of length, themselves included, and
so many bytes less four. The lengths 0 and 1 are marks without contents.
*/

export const flush = '0000';
export const delimiter = '0001';

export function packetLine(text: string): string {
	return (Buffer.byteLength(text) + 4).toString(16).padStart(4, '0') + text;
}

/**
The contents of packet lines up to the first flush, as byte strings without the line break at their end.

@returns undefined where the bytes are something else, or break off before a flush.
*/
export function readPacketLines(
	bytes: Buffer,
	start = 0,
): {readonly lines: readonly string[]; readonly end: number} | undefined {
	const lines: string[] = [];
	for (let position = start; position + 4 <= bytes.length; ) {
		const digits = bytes.toString('latin1', position, position + 4);
		const length = /^[0-9a-f]{4}$/i.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
		if (length === 0) {
			return {lines, end: position + 4};
		}

		if (!(length >= 4) || position + length > bytes.length) {
			return undefined;
		}

		lines.push(bytes.toString('latin1', position + 4, position + length).replace(/\n$/, ''));
		position += length;
	}

	return undefined;
}
