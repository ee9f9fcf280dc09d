/** One packet of a stream, or a mark between them. */
export type Packet = {readonly kind: 'data'; readonly data: Buffer} | {readonly kind: 'flush' | 'delimiter'};

/** The bytes are no packets, or end in the middle of one. */
export class BrokenPackets extends Error {
	override name = 'BrokenPackets';
}

/** Git's packets as they come; see `packet-lines`. What is given out is only good until the next one is asked for. */
export async function* readPackets(stream: AsyncIterable<Buffer>): AsyncGenerator<Packet> {
	let rest: Buffer = Buffer.alloc(0);
	for await (const chunk of stream) {
		const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
		let position = 0;
		while (position + 4 <= bytes.length) {
			const length = lengthAt(bytes, position);
			if (length < 4) {
				position += 4;
				yield {kind: length === 0 ? 'flush' : 'delimiter'};
			} else if (position + length > bytes.length) {
				break;
			} else {
				yield {kind: 'data', data: bytes.subarray(position + 4, position + length)};
				position += length;
			}
		}

		rest = bytes.subarray(position);
	}

	if (rest.length > 0) {
		throw new BrokenPackets('The answer of the Git server breaks off.');
	}
}

function lengthAt(bytes: Buffer, position: number): number {
	const digits = bytes.toString('latin1', position, position + 4);
	const length = /^[0-9a-f]{4}$/i.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
	// 2 ends a response; no server sends it over HTTP. 3 is nothing at all.
	if (Number.isNaN(length) || length === 2 || length === 3) {
		throw new BrokenPackets('The answer of the Git server is not in its protocol.');
	}

	return length;
}
