import {readFile} from 'node:fs/promises';

/** The ids of all objects in a pack, in order; each takes 20 bytes. */
export type PackIndex = {readonly count: number; readonly ids: Buffer};

const idBytes = 20;
const fanBytes = 256 * 4;
const headerBytes = 8;

/**
Reads the index of a pack (`gitformat-pack`, version 2).

@throws Error where it is something else, or cut.
*/
export async function readPackIndex(path: string): Promise<PackIndex> {
	const file = await readFile(path);
	const isKnown =
		file.length >= headerBytes + fanBytes &&
		file.readUInt32BE(0) === 0xff_74_4f_63 &&
		file.readUInt32BE(4) === 2;
	const count = isKnown ? file.readUInt32BE(headerBytes + fanBytes - 4) : 0;
	const begin = headerBytes + fanBytes;
	// Behind the ids: checksums and offsets of four bytes each, and two checksums of the whole.
	if (!isKnown || file.length < begin + count * (idBytes + 8) + 2 * idBytes) {
		throw new Error(`${path} is no index of a pack that can be read.`);
	}

	return {count, ids: file.subarray(begin, begin + count * idBytes)};
}

/** Ids of the objects that a pack holds and none of the others does. */
export function objectsMissing(index: PackIndex, others: readonly PackIndex[]): readonly string[] {
	const positions = others.map(() => 0);
	const missing: string[] = [];
	for (let at = 0; at < index.count; at += 1) {
		const isThere = others.some((other, number) => {
			let position = positions[number] ?? 0;
			while (position < other.count && compare(other, position, index, at) < 0) {
				position += 1;
			}

			positions[number] = position;
			return position < other.count && compare(other, position, index, at) === 0;
		});
		if (!isThere) {
			missing.push(index.ids.toString('hex', at * idBytes, (at + 1) * idBytes));
		}
	}

	return missing;
}

/** Whether a pack holds an object. */
export function hasObject({count, ids}: PackIndex, id: string): boolean {
	const wanted = Buffer.from(id, 'hex');
	let low = 0;
	let high = count;
	while (low < high) {
		const middle = (low + high) >>> 1;
		const order = ids.compare(wanted, 0, idBytes, middle * idBytes, (middle + 1) * idBytes);
		if (order === 0) {
			return wanted.length === idBytes;
		}

		if (order < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}

	return false;
}

function compare(left: PackIndex, leftAt: number, right: PackIndex, rightAt: number): number {
	return left.ids.compare(
		right.ids,
		rightAt * idBytes,
		(rightAt + 1) * idBytes,
		leftAt * idBytes,
		(leftAt + 1) * idBytes,
	);
}
