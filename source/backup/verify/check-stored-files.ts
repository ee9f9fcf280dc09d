import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {forEachAtOnce} from '../at-once.ts';
import {pathIn, walk} from './walk.ts';
import type {WantedFile} from './wanted-files.ts';

/** What lies in a store of files by content, compared with what snapshots need. */
export type StoredFilesCheck = {
	/** Files whose contents are not what their names say, with their paths in the mirror; also those that no snapshot needs (any more). */
	readonly damaged: ReadonlyArray<{
		readonly file: WantedFile;
		readonly path: string;
		readonly reason: string;
	}>;
	/** Needed files that were saved once and are not there. */
	readonly gone: readonly WantedFile[];
	/** Listed files that are not there, while every snapshot that lists them says that some could not be fetched. */
	readonly missingUpstream: readonly WantedFile[];
	/** Paths of files that nobody here would have written so. Byte strings. */
	readonly foreign: readonly string[];
	readonly bytes: number;
};

export type CheckStoredFilesOptions = {
	/** Of the mirror. */
	readonly folder: string;
	/** Folder of the mirror that is looked through: `lfs`. */
	readonly within: string;
	/** Where the files belong: `lfs/objects`. */
	readonly store: string;
	/** By hash. */
	readonly wanted: ReadonlyMap<string, WantedFile>;
	readonly signal: AbortSignal;
	readonly onProgress?: (done: number, total: number) => void;
};

/** Files that are read at the same time. */
const atOnce = 4;

/** Reads every file of a store and compares it with its name. */
export async function checkStoredFiles(options: CheckStoredFilesOptions): Promise<StoredFilesCheck> {
	const {folder, within, store, wanted, signal, onProgress} = options;
	const damaged: Array<StoredFilesCheck['damaged'][number]> = [];
	const foreign: string[] = [];
	const found = new Set<string>();
	let bytes = 0;

	await forEachAtOnce(walk(folder, within), atOnce, async ({path, entry}) => {
		signal.throwIfAborted();
		const hash = path.startsWith(`${store}/`) ? hashIn(path.slice(store.length)) : undefined;
		if (hash === undefined) {
			foreign.push(path);
			return;
		}

		const file = wanted.get(hash);
		const contents = entry.isFile() ? await hashContents(pathIn(folder, path), signal) : 'it is no file';
		bytes += typeof contents === 'string' ? 0 : contents.bytes;
		const reason = typeof contents === 'string' ? contents : whatIsWrong(contents, hash, file?.bytes);
		if (file !== undefined) {
			found.add(hash);
			onProgress?.(found.size, wanted.size);
		}

		if (reason !== undefined) {
			damaged.push({file: file ?? unneeded(hash), path, reason});
		}
	});

	const absent = [...wanted.values()].filter(({hash}) => !found.has(hash));
	return {
		damaged,
		gone: absent.filter(({wasSaved}) => wasSaved),
		missingUpstream: absent.filter(({wasSaved}) => !wasSaved),
		foreign: foreign.sort(),
		bytes,
	};
}

/** A draft may name it, and the next run would believe it to be what its name says. */
function unneeded(hash: string): WantedFile {
	return {hash, bytes: undefined, names: new Set(), wasSaved: false, lists: []};
}

/** The hash that a path below a store stands for; undefined where it stands for none. */
function hashIn(path: string): string | undefined {
	const [, first, second, hash] = /^\/([0-9a-f]{2})\/([0-9a-f]{2})\/([0-9a-f]{64})$/.exec(path) ?? [];
	return hash?.startsWith(`${first}${second}`) ? hash : undefined;
}

type Contents = {readonly hash: string; readonly bytes: number};

function whatIsWrong(contents: Contents, hash: string, bytes: number | undefined): string | undefined {
	if (bytes !== undefined && contents.bytes !== bytes) {
		return `it has ${contents.bytes} bytes instead of ${bytes}`;
	}

	return contents.hash === hash ? undefined : 'its contents are not what they were';
}

/** @returns a word on why it cannot be read, where that is so. */
async function hashContents(path: Buffer, signal: AbortSignal): Promise<Contents | string> {
	const hash = createHash('sha256');
	let bytes = 0;
	try {
		for await (const chunk of createReadStream(path, {highWaterMark: 1024 * 1024, signal})) {
			hash.update(chunk as Buffer);
			bytes += (chunk as Buffer).length;
		}
	} catch (error) {
		signal.throwIfAborted();
		return `it cannot be read (${(error as NodeJS.ErrnoException).code})`;
	}

	return {hash: hash.digest('hex'), bytes};
}
