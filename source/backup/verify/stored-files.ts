import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {forEachAtOnce} from '../at-once.ts';
import {pathIn, walk} from './walk.ts';

/** A file in a store of files by content. */
export type StoredFile = {
	/** Relative to the mirror; a byte string. */
	readonly path: string;
	/** What its contents should hash to, by its place; undefined where nobody here would have written it so. */
	readonly hash: string | undefined;
	/** Undefined where they cannot be read. */
	readonly contents: {readonly hash: string; readonly bytes: number} | undefined;
};

/** Files that are read at the same time. */
const atOnce = 4;

/**
Reads every file of a store.

@param folder Of the mirror.
@param within Folder of the mirror that is looked through: `lfs`.
@param store Where the files belong in it: `lfs/objects`.
*/
export async function readStoredFiles(
	folder: string,
	within: string,
	store: string,
	signal: AbortSignal,
): Promise<readonly StoredFile[]> {
	const files: StoredFile[] = [];
	await forEachAtOnce(walk(folder, within), atOnce, async ({path, entry}) => {
		signal.throwIfAborted();
		const hash = path.startsWith(`${store}/`) ? hashIn(path.slice(store.length)) : undefined;
		const isRead = hash !== undefined && entry.isFile();
		files.push({path, hash, contents: isRead ? await read(pathIn(folder, path), signal) : undefined});
	});
	return files.sort((left, right) => (left.path < right.path ? -1 : 1));
}

/** The hash that a path below a store stands for; undefined where it stands for none. */
function hashIn(path: string): string | undefined {
	const [, first, second, hash] = /^\/([0-9a-f]{2})\/([0-9a-f]{2})\/([0-9a-f]{64})$/.exec(path) ?? [];
	return hash?.startsWith(`${first}${second}`) ? hash : undefined;
}

async function read(path: Buffer, signal: AbortSignal): Promise<StoredFile['contents']> {
	const hash = createHash('sha256');
	let bytes = 0;
	try {
		for await (const chunk of createReadStream(path, {highWaterMark: 1024 * 1024, signal})) {
			hash.update(chunk as Buffer);
			bytes += (chunk as Buffer).length;
		}
	} catch {
		signal.throwIfAborted();
		return undefined;
	}

	return {hash: hash.digest('hex'), bytes};
}
