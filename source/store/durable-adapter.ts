import {constants} from 'node:fs';
import {copyFile, readdir, readFile, rm} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import type {Adapter} from 'lowdb';
import {writeDurably} from '../system/durable-file.ts';
import {UserError} from '../system/user-error.ts';
import {readStoreText} from './migrations.ts';
import type {StoreFile} from './store-schema.ts';

/** Generations kept beside the store: `store.json.7`. */
const keptGenerations = 5;

export type DurableAdapter = Adapter<StoreFile> & {
	/** What a person should know of how the store was found, in sentences. */
	readonly notices: () => readonly string[];
};

/**
lowdb's adapter for the store: durable writes, the last generations kept, everything validated on reading.

lowdb's own adapter is not used: it does not synchronise, shares one temporary name among processes, and takes a missing
file for an empty one. Here a damaged or missing store is replaced by the newest valid generation, and that is said.
*/
export function createDurableAdapter(path: string): DurableAdapter {
	const notices = new Set<string>();

	return {
		notices: () => [...notices],
		read: async () => {
			const text = await readIfThere(path);
			if (text !== undefined) {
				const read = readStoreText(text);
				if (read.kind === 'newer') {
					throw newerStore(path, read.version);
				}

				if (read.kind === 'valid') {
					return read.file;
				}

				return fallBack(path, `${path} is damaged (${read.reason})`, notices);
			}

			// Truly the first use: nothing was ever written here.
			return (await generations(path)).length === 0 ? null : fallBack(path, `${path} is missing`, notices);
		},
		write: async file => {
			const text = `${JSON.stringify(file, undefined, '\t')}\n`;
			await writeDurably(`${path}.${file.generation}`, text);
			await writeDurably(path, text);
			for (const {path: old} of (await generations(path)).slice(keptGenerations)) {
				await rm(old, {force: true});
			}
		},
	};
}

async function fallBack(path: string, problem: string, notices: Set<string>): Promise<StoreFile> {
	for (const {generation, path: candidate} of await generations(path)) {
		const read = readStoreText((await readIfThere(candidate)) ?? '');
		if (read.kind === 'newer') {
			throw newerStore(candidate, read.version);
		}

		if (read.kind === 'valid') {
			const aside = await putAside(path, generation);
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

/** Keeps a copy of a damaged file for whoever wants to look into it: the next write replaces it. */
async function putAside(path: string, generation: number): Promise<string> {
	const aside = `${path}.damaged-${generation}`;
	try {
		await copyFile(path, aside, constants.COPYFILE_EXCL);
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		if (code === 'ENOENT') {
			return '';
		}

		if (code !== 'EEXIST') {
			throw error;
		}
	}

	return `, and a copy of the damaged file kept as ${aside}`;
}

/** The generations beside the store, the newest first. */
async function generations(path: string): Promise<ReadonlyArray<{generation: number; path: string}>> {
	const prefix = `${basename(path)}.`;
	const names = await readdir(dirname(path)).catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT') {
			return [];
		}

		throw error;
	});
	return names
		.filter(name => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
		.map(name => ({generation: Number(name.slice(prefix.length)), path: join(dirname(path), name)}))
		.sort((left, right) => right.generation - left.generation);
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

function newerStore(path: string, version: number): UserError {
	return new UserError(
		`${path} was written by a newer Bucket Brigade (form ${version}). Update this one; nothing was changed.`,
	);
}
