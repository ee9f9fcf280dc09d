import fc from 'fast-check';

/** Any bytes. */
export const bytes = fc.uint8Array({maxLength: 400}).map(array => Buffer.from(array));

/** Bytes of a text that means something, one of them changed, or cut. */
export const nearly = (text: string): fc.Arbitrary<Buffer> =>
	fc.tuple(fc.nat(text.length), fc.nat(255), fc.boolean()).map(([at, byte, isCut]) => {
		const changed = Buffer.from(text);
		if (isCut) {
			return changed.subarray(0, at);
		}

		changed[at] = byte;
		return changed;
	});
