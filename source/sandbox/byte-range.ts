export type ByteRange = {readonly start: number /** Inclusive. */; readonly end: number};

/**
 * The one range that a `Range` header asks of `size` bytes. Undefined: all of it (no header, or one of another form);
 * `unsatisfiable`: nothing is there.
 */
export function parseByteRange(
	header: string | undefined,
	size: number,
): ByteRange | 'unsatisfiable' | undefined {
	const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
	if (first === '' && last === '') {
		return undefined;
	}

	// `bytes=-5` asks for the last five.
	const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
	const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
	return start > end ? 'unsatisfiable' : {start, end};
}
