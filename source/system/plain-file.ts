import {constants} from 'node:fs';
import {type FileHandle, open} from 'node:fs/promises';

/**
Reads a file from a place that others may write to: a link is not followed, and nothing that is not a plain file is read, since
a pipe would never end.

@param maximumBytes A longer one is not read.
@returns undefined where there is no such file.
@throws The file system's error: no leave to read it, for one.
*/
export async function readPlainFile(path: string, maximumBytes: number): Promise<Buffer | undefined> {
	try {
		const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
		try {
			const found = await file.stat();
			return found.isFile() && found.size <= maximumBytes ? await readWhole(file, found.size) : undefined;
		} finally {
			await file.close();
		}
	} catch (error) {
		if (absent.has((error as NodeJS.ErrnoException).code ?? '')) {
			return undefined;
		}

		throw error;
	}
}

/** With one call for a file of the size that it was said to have; most are small, and many are read. */
async function readWhole(file: FileHandle, size: number): Promise<Buffer> {
	const contents = Buffer.alloc(size + 1);
	const {bytesRead} = await file.read(contents, 0, size + 1, 0);
	// One that reads short, or has grown, is read as any other.
	return bytesRead === size ? contents.subarray(0, size) : file.readFile();
}

/** Nothing is there; a link is (`ELOOP`); a socket or a device without a driver is (`ENXIO`, `ENODEV`). */
const absent = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'ENODEV']);
