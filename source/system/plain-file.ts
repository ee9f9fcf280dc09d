import {constants} from 'node:fs';
import {open} from 'node:fs/promises';

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
			return found.isFile() && found.size <= maximumBytes ? await file.readFile() : undefined;
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

/** Nothing is there; a link is (`ELOOP`); a socket or a device without a driver is (`ENXIO`, `ENODEV`). */
const absent = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'ENODEV']);
