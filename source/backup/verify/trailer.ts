import {createHash} from 'node:crypto';
import {type FileHandle, open} from 'node:fs/promises';

/** Bytes of a SHA-1. */
export const hashBytes = 20;
const chunkBytes = 1024 * 1024;

/** The end of a file that git closes with the SHA-1 of everything before it: packs and what belongs to them. */
export type Trailer = {
	/** Whether the file is what it was when it was written. */
	readonly isWhole: boolean;
	/** The last forty bytes: of an index, the trailer of its pack and its own. Fewer where the file is shorter. */
	readonly end: Buffer;
	readonly bytes: number;
};

/** @throws The file system's error. */
export async function checkTrailer(path: string, signal: AbortSignal): Promise<Trailer> {
	const file = await open(path, 'r');
	try {
		const {size} = await file.stat();
		const length = Math.max(0, size - hashBytes);
		const hash = createHash('sha1');
		const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(1, length)));
		for (let position = 0; position < length; ) {
			signal.throwIfAborted();
			const wanted = Math.min(chunk.length, length - position);
			const {bytesRead} = await file.read(chunk, 0, wanted, position);
			if (bytesRead === 0) {
				break;
			}

			hash.update(chunk.subarray(0, bytesRead));
			position += bytesRead;
		}

		const end = await readEnd(file, size, 2 * hashBytes);
		const isWhole = size > hashBytes && hash.digest().equals(end.subarray(-hashBytes));
		return {isWhole, end, bytes: size};
	} finally {
		await file.close();
	}
}

async function readEnd(file: FileHandle, size: number, wanted: number): Promise<Buffer> {
	const length = Math.min(size, wanted);
	const {buffer, bytesRead} = await file.read(Buffer.alloc(length), 0, length, size - length);
	return buffer.subarray(0, bytesRead);
}
