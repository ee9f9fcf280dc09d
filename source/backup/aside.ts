import {randomUUID} from 'node:crypto';
import {type FileHandle, open, rm} from 'node:fs/promises';
import {join} from 'node:path';

/** Where bytes lie that were put aside. */
export type Slip = {readonly position: number; readonly length: number};

/**
Bytes that are needed later and are too many for memory: what a list of ten thousand elements said of each. They lie in a file
without a name, which is gone with the process.
*/
export type Aside = {
	/** To be waited for before the next one. @throws the file system's error */
	readonly put: (bytes: Uint8Array) => Promise<Slip>;
	readonly get: (slip: Slip) => Promise<Buffer>;
	readonly close: () => Promise<void>;
};

/** So much is held in memory: most repositories never need the file. */
const heldBytes = 1024 * 1024;

/** @param folder Where the file is made; on a file system that has room for it. */
export function createAside(folder: string): Aside {
	let file: FileHandle | undefined;
	let held: Buffer[] = [];
	/** Length of the file, and of what is held beside it. */
	let saved = 0;
	let length = 0;

	const save = async (): Promise<void> => {
		file ??= await openNameless(folder);
		const bytes = Buffer.concat(held);
		await file.appendFile(bytes);
		saved += bytes.length;
		length = 0;
		held = [];
	};

	return {
		put: async bytes => {
			const slip = {position: saved + length, length: bytes.length};
			// A copy: what it is a part of must not stay in memory with it.
			held.push(Buffer.from(bytes));
			length += bytes.length;
			if (length >= heldBytes) {
				await save();
			}

			return slip;
		},
		get: async slip => {
			const inMemory = slip.position - saved;
			if (inMemory >= 0) {
				return cut(held, inMemory, slip.length);
			}

			const bytes = Buffer.alloc(slip.length);
			const {bytesRead} = (await file?.read(bytes, 0, slip.length, slip.position)) ?? {bytesRead: 0};
			if (bytesRead !== slip.length) {
				throw new Error('what was put aside cannot be read again');
			}

			return bytes;
		},
		close: async () => {
			await file?.close();
		},
	};
}

/** The name, in the moment in which it has one, is of those that are swept when a mirror is opened. */
async function openNameless(folder: string): Promise<FileHandle> {
	const path = join(folder, `.aside-${randomUUID()}.new`);
	const file = await open(path, 'wx+', 0o600);
	await rm(path);
	return file;
}

function cut(parts: readonly Buffer[], position: number, length: number): Buffer {
	let start = position;
	for (const part of parts) {
		if (start < part.length) {
			return part.subarray(start, start + length);
		}

		start -= part.length;
	}

	return Buffer.alloc(0);
}
