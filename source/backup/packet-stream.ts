/** What comes of packets: a piece of the data of one, as it came, or a mark between them. */
export type PacketPiece =
	| {
			readonly kind: 'data';
			readonly data: Buffer;
			/** Whether a packet begins with it; then it is at least a byte, unless the packet is empty. */
			readonly isStart: boolean;
			/** Whether a packet ends with it. */
			readonly isEnd: boolean;
	  }
	| {readonly kind: 'flush' | 'delimiter'};

/** The bytes are no packets, or end in the middle of one. */
export class BrokenPackets extends Error {
	override name = 'BrokenPackets';
}

/**
Git's packets as they come; see `packet-lines`. Nothing is copied or waited for to have a packet whole: of a large repository
every byte passes here.
*/
export async function* readPackets(stream: AsyncIterable<Buffer>): AsyncGenerator<PacketPiece> {
	/** What has come of the length of the next packet. */
	let head: Buffer = Buffer.alloc(0);
	/** Bytes of a packet that are still to come. */
	let lacking = 0;
	let isStart = false;
	for await (const chunk of stream) {
		const bytes = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
		let position = 0;
		while (lacking > 0 ? position < bytes.length : position + 4 <= bytes.length) {
			if (lacking === 0) {
				const length = lengthAt(bytes, position);
				position += 4;
				lacking = length - 4;
				isStart = true;
				if (length < 4) {
					lacking = 0;
					yield {kind: length === 0 ? 'flush' : 'delimiter'};
				} else if (length === 4) {
					yield {kind: 'data', data: bytes.subarray(0, 0), isStart: true, isEnd: true};
				}
			} else {
				const data = bytes.subarray(position, position + lacking);
				position += data.length;
				lacking -= data.length;
				yield {kind: 'data', data, isStart, isEnd: lacking === 0};
				isStart = false;
			}
		}

		head = bytes.subarray(position);
	}

	if (head.length > 0 || lacking > 0) {
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
