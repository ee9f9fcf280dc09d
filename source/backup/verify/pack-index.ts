import {createHash} from 'node:crypto';
import {type FileHandle, open, readFile, writeFile} from 'node:fs/promises';
import {crc32} from 'node:zlib';
import {hashBytes} from './trailer.ts';

/** An object in a pack, as its index lists it. */
export type PackedObject = {readonly id: string; readonly offset: number};

/** Of an index of version 2: its head, and how many objects begin with each byte (https://git-scm.com/docs/gitformat-pack). */
const tableBytes = 8 + 4 * 256;

/**
Makes an index agree with the stored bytes of some objects. Where a byte changed that says nothing of an object's contents (how
hard they were compressed), the object is what it was, and git would not copy it all the same.

@param pack Path without its extension.
@param objects All of the index, in its order.
@param ids Objects that can be read, and whose stored bytes are not what the index says.
*/
export async function acceptChanged(
	pack: string,
	objects: readonly PackedObject[],
	ids: ReadonlySet<string>,
): Promise<void> {
	if (ids.size === 0) {
		return;
	}

	const index = await readFile(`${pack}.idx`);
	const file = await open(`${pack}.pack`, 'r');
	try {
		const end = (await file.stat()).size - hashBytes;
		const offsets = [...objects.map(({offset}) => offset), end].sort((left, right) => left - right);
		for (const [position, {id, offset}] of objects.entries()) {
			if (ids.has(id)) {
				const next = offsets.find(other => other > offset) ?? end;
				const checksum = await checksumOf(file, offset, next);
				index.writeUInt32BE(checksum, tableBytes + objects.length * hashBytes + 4 * position);
			}
		}
	} finally {
		await file.close();
	}

	const hash = createHash('sha1').update(index.subarray(0, -hashBytes)).digest();
	await writeFile(`${pack}.idx`, Buffer.concat([index.subarray(0, -hashBytes), hash]));
}

const chunkBytes = 1024 * 1024;

async function checksumOf(file: FileHandle, from: number, to: number): Promise<number> {
	const chunk = Buffer.alloc(Math.min(chunkBytes, to - from));
	let checksum = 0;
	for (let position = from; position < to; ) {
		const {bytesRead} = await file.read(chunk, 0, Math.min(chunk.length, to - position), position);
		if (bytesRead === 0) {
			break;
		}

		checksum = crc32(chunk.subarray(0, bytesRead), checksum);
		position += bytesRead;
	}

	return checksum;
}
