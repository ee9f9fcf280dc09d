import {createHash, randomUUID} from 'node:crypto';
import {createReadStream, createWriteStream} from 'node:fs';
import {lstat, mkdir, open, rename, rm} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {synchroniseFolder} from '../system/durable-file.ts';

/**
Files by the SHA-256 of their contents, beside a mirror: `<folder>/ab/cd/<whole hash>`, and below `tmp` what is still
coming in.
*/
export type ContentStore = {
	/** Size in bytes of the file with this hash; undefined where there is none. */
	readonly sizeOf: (hash: string) => Promise<number | undefined>;
	/**
	Takes in what `fill` writes.

	@param expected Contents that are anything else are thrown away.
	@throws WrongContents, the error of `fill`, or the file system's.
	*/
	readonly add: (
		fill: (open: () => NodeJS.WritableStream) => Promise<unknown>,
		expected?: {readonly hash?: string; readonly size?: number},
	) => Promise<{readonly hash: string; readonly bytes: number}>;
};

/** What came is not what was to come. */
export class WrongContents extends Error {
	override name = 'WrongContents';
}

/**
@param folder Holds the files.
@param temporaryFolder On the same file system; swept when the mirror is opened.
*/
export function createContentStore(folder: string, temporaryFolder: string): ContentStore {
	const pathOf = (hash: string): string => join(folder, hash.slice(0, 2), hash.slice(2, 4), hash);

	return {
		sizeOf: async hash => {
			try {
				const found = await lstat(pathOf(hash));
				return found.isFile() ? found.size : undefined;
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
					return undefined;
				}

				throw error;
			}
		},
		add: async (fill, expected = {}) => {
			await mkdir(temporaryFolder, {recursive: true, mode: 0o700});
			const temporary = join(temporaryFolder, randomUUID());
			try {
				await fill(() => createWriteStream(temporary, {flags: 'w', mode: 0o600}));
				const found = await hashFile(temporary);
				const isRight =
					(expected.hash ?? found.hash) === found.hash && (expected.size ?? found.bytes) === found.bytes;
				if (!isRight) {
					throw new WrongContents(`${found.bytes} bytes came that are not what was asked for`);
				}

				await makeLast(temporary);
				const path = pathOf(found.hash);
				await mkdir(dirname(path), {recursive: true, mode: 0o700});
				await rename(temporary, path);
				await synchroniseFolder(dirname(path));
				return found;
			} finally {
				await rm(temporary, {force: true});
			}
		},
	};
}

async function hashFile(path: string): Promise<{hash: string; bytes: number}> {
	const hash = createHash('sha256');
	let bytes = 0;
	for await (const chunk of createReadStream(path)) {
		hash.update(chunk as Buffer);
		bytes += (chunk as Buffer).length;
	}

	return {hash: hash.digest('hex'), bytes};
}

async function makeLast(path: string): Promise<void> {
	const file = await open(path, 'r+');
	try {
		await file.sync();
	} finally {
		await file.close();
	}
}
