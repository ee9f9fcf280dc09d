import {closeSync, type Dirent, lstatSync, openSync, rmSync} from 'node:fs';
import {lstat, readdir, readFile, rm} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {isPart} from './part-name.ts';

/** Where a killed git leaves files behind; below `refs` it may be anywhere. */
const gitFolders = ['', 'objects', 'objects/pack', 'objects/info', 'objects/info/commit-graphs'];

/** Where files come in that do not lie in Git. */
const ownFolders = ['lfs/tmp', 'downloads/tmp'];

/** After so long nobody will go on with a download that broke off, in milliseconds. */
const longestLifeOfPart = 14 * 86_400_000;

/**
What a killed git, or we ourselves, left unfinished in a mirror: locks, because of which every later git would fail for
ever, and temporary files. Nothing here is ever needed again. What came of a large file before its download broke off is: a
later run goes on with it.

@param now Milliseconds since the epoch, by the clock that files are dated by.
@returns paths. Links are not followed.
*/
export async function findStaleFiles(folder: string, now = Date.now()): Promise<readonly string[]> {
	const found: string[] = [];
	for (const name of ownFolders) {
		for (const entry of await entriesOf(join(folder, name))) {
			const path = join(folder, name, entry.name);
			if (!(await isLivingPart(path, now))) {
				found.push(path);
			}
		}
	}

	return [...found, ...(await findStaleGitFiles(folder))];
}

/** Those of them that are git's: of no use as soon as no git writes to the mirror. */
export async function findStaleGitFiles(folder: string): Promise<readonly string[]> {
	const found: string[] = [];
	for (const name of gitFolders) {
		for (const entry of await entriesOf(join(folder, name))) {
			const path = join(folder, name, entry.name);
			if (isStale(name, entry) || (await isAbandonedKeep(path))) {
				found.push(path);
			}
		}
	}

	for (const entry of await entriesOf(join(folder, 'objects'))) {
		if (/^[0-9a-f]{2}$/.test(entry.name)) {
			const path = join(folder, 'objects', entry.name);
			const objects = await entriesOf(path);
			found.push(
				...objects.filter(({name}) => name.startsWith('tmp_obj_')).map(({name}) => join(path, name)),
			);
		}
	}

	return [...found, ...(await findRefLocks(join(folder, 'refs')))];
}

export async function removeStaleFiles(paths: readonly string[]): Promise<void> {
	for (const path of paths) {
		await rm(path, {force: true, recursive: true});
	}
}

function isStale(folder: string, {name}: Dirent): boolean {
	switch (folder) {
		case '':
			return (
				name.endsWith('.lock') ||
				name === 'packed-refs.new' ||
				name.startsWith('fast_import_crash_') ||
				// Our own, of a file that was to be replaced.
				/^\..+\.new$/.test(name)
			);
		case 'objects':
			// Quarantine of objects that were coming in.
			return name.startsWith('tmp_objdir-');
		case 'objects/pack':
			return /^(tmp_|\.tmp-)/.test(name) || name.endsWith('.lock');
		default:
			return name.endsWith('.lock') || name.startsWith('tmp_');
	}
}

async function isLivingPart(path: string, now: number): Promise<boolean> {
	if (!isPart(basename(path))) {
		return false;
	}

	const {mtimeMs} = await lstat(path);
	return now - mtimeMs < longestLifeOfPart;
}

/** A pack's `.keep` that a running git puts there, for the time in which no ref leads to its objects yet. */
async function isAbandonedKeep(path: string): Promise<boolean> {
	if (!path.endsWith('.keep') || !(await lstat(path)).isFile()) {
		return false;
	}

	return /^(fetch-pack|receive-pack|fast-import)/.test(await readFile(path, 'utf8'));
}

/**
A file that stands in a mirror for as long as a git writes there. One that is found when a mirror is opened says that a run
was killed meanwhile, and that its git may live on, although it has left nothing behind yet.
*/
export type WritingMark = {
	readonly isThere: () => boolean;
	readonly remove: () => void;
	/** Lets it stand while something is done; several things may be done at once. */
	readonly during: <Result>(work: () => Promise<Result>) => Promise<Result>;
};

/** Synchronous: between the last one that ends and the next one that begins nothing may come in. */
export function createWritingMark(folder: string): WritingMark {
	const path = join(folder, 'bucket-brigade.writing');
	let writing = 0;
	const remove = (): void => rmSync(path, {force: true, recursive: true});
	return {
		isThere: () => lstatSync(path, {throwIfNoEntry: false}) !== undefined,
		remove,
		during: async work => {
			if (writing === 0) {
				// Made anew, never followed: a link in its place would lead elsewhere.
				remove();
				closeSync(openSync(path, 'wx', 0o600));
			}

			writing += 1;
			try {
				return await work();
			} finally {
				writing -= 1;
				if (writing === 0) {
					remove();
				}
			}
		},
	};
}

async function findRefLocks(folder: string): Promise<readonly string[]> {
	const found: string[] = [];
	for (const entry of await entriesOf(folder)) {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) {
			found.push(...(await findRefLocks(path)));
		} else if (entry.name.endsWith('.lock')) {
			found.push(path);
		}
	}

	return found;
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
	try {
		return await readdir(folder, {withFileTypes: true});
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		if (code === 'ENOENT' || code === 'ENOTDIR') {
			return [];
		}

		throw error;
	}
}
