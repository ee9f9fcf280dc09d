import {constants} from 'node:fs';
import {copyFile, readFile, stat} from 'node:fs/promises';
import type {Adapter} from 'lowdb';
import type {Clock} from '../system/clock.ts';
import {removeUnfinished} from '../system/durable-file.ts';
import {UserError} from '../system/user-error.ts';
import {generationPath, listGenerations, removeOldGenerations} from './generations.ts';
import {type ReadStore, readStoreText} from './migrations.ts';
import type {StoreFile} from './store-schema.ts';
import {writeFileOfHome} from './write-file.ts';

/** Generations kept beside the store: `store.json.7`. */
const keptGenerations = 5;

export type DurableAdapter = Adapter<StoreFile> & {
	/**
	Reads without the lock: undefined where the store is not sound, or seems so for the instant in which another process
	makes the first one. `file` is null where there is none yet.
	*/
	readonly readIfSound: () => Promise<{readonly file: StoreFile | null} | undefined>;
	/** What a person should know of how the store was found, in sentences. */
	readonly notices: () => readonly string[];
};

/**
lowdb's adapter for the store: durable writes, the last generations kept, everything validated on reading. The envelope
(version, generation, time) is the adapter's own: it stamps what is written.

lowdb's own adapter is not used: it does not synchronise, shares one temporary name among processes, and takes a missing
file for an empty one. Here a damaged or missing store is replaced by the newest valid generation, and that is said.

Whoever writes, or reads a store that is not sound, holds the store's lock.
*/
export function createDurableAdapter(path: string, clock: Clock): DurableAdapter {
	const notices = new Set<string>();

	return {
		readIfSound: async () => {
			const text = await readIfThere(path);
			if (text === undefined) {
				return (await listGenerations(path)).length === 0 ? {file: null} : undefined;
			}

			const read = understand(path, text);
			return read.kind === 'valid' ? {file: read.file} : undefined;
		},
		notices: () => [...notices],
		read: async () => {
			const text = await readIfThere(path);
			if (text === undefined) {
				// Truly the first use: nothing was ever written here.
				return (await listGenerations(path)).length === 0
					? null
					: fallBack(path, `${path} is missing`, notices);
			}

			const read = understand(path, text);
			return read.kind === 'valid'
				? read.file
				: fallBack(path, `${path} is damaged (${read.reason})`, notices);
		},
		write: async contents => {
			await removeUnfinished(path);
			const [newest] = await listGenerations(path);
			// A copy of an old store may have been put in place: the newest generation is still the one with the greatest number.
			const generation = Math.max(contents.generation, newest?.generation ?? 0) + 1;
			const savedAt = new Date(clock.now()).toISOString();
			const text = `${JSON.stringify({...contents, generation, savedAt}, undefined, '\t')}\n`;
			await writeFileOfHome(generationPath(path, generation), text);
			await writeFileOfHome(path, text);
			await removeOldGenerations(path, keptGenerations);
		},
	};
}

/** @throws UserError for what a newer program wrote: it is neither damaged nor ours to change. */
function understand(path: string, text: string): Exclude<ReadStore, {kind: 'newer'}> {
	const read = readStoreText(text);
	if (read.kind === 'newer') {
		throw new UserError(
			`${path} was written by a newer Bucket Brigade (form ${read.version}). Update this one; nothing was changed.`,
		);
	}

	return read;
}

async function fallBack(path: string, problem: string, notices: Set<string>): Promise<StoreFile> {
	for (const {generation, path: candidate} of await listGenerations(path)) {
		const read = understand(candidate, (await readIfThere(candidate)) ?? '');
		if (read.kind === 'valid') {
			const aside = await putAside(path);
			notices.add(
				`${problem}; its generation ${generation} of ${read.file.savedAt} is used instead${aside}. Check that organizations and plans are as they should be.`,
			);
			return read.file;
		}
	}

	throw new UserError(
		`${problem}, and no earlier generation beside it can be read. Restore the file from a copy, or move it away to begin anew.`,
	);
}

/** Keeps a copy of a damaged file for whoever wants to look into it: the next write replaces it. One copy for each damage. */
async function putAside(path: string): Promise<string> {
	try {
		const {mtime} = await stat(path);
		const aside = `${path}.damaged-${mtime.toISOString().replaceAll(/[-:]/g, '')}`;
		await copyFile(path, aside, constants.COPYFILE_EXCL).catch((error: NodeJS.ErrnoException) => {
			if (error.code !== 'EEXIST') {
				throw error;
			}
		});
		return `, and a copy of the damaged file kept as ${aside}`;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return '';
		}

		throw error;
	}
}

async function readIfThere(path: string): Promise<string | undefined> {
	try {
		return await readFile(path, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return undefined;
		}

		throw new UserError(`${path} cannot be read: ${(error as Error).message}.`, {cause: error});
	}
}
