import {closeSync, lstatSync, openSync, rmSync} from 'node:fs';
import {lstat, readFile, rm} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {type ListedEntry, type MirrorListing, pathIn} from './mirror-listing.ts';
import {isPart} from './part-name.ts';

/** After so long nobody will go on with a download that broke off, in milliseconds. */
const longestLifeOfPart = 14 * 86_400_000;

/**
What a killed git, or we ourselves, left unfinished in a mirror: locks, because of which every later git would fail for
ever, and temporary files. Nothing here is ever needed again. What came of a large file before its download broke off is: a
later run goes on with it.

@param now Milliseconds since the epoch, by the clock that files are dated by.
@returns paths.
*/
export async function findStaleFiles(
	folder: string,
	listing: MirrorListing,
	now = Date.now(),
): Promise<readonly string[]> {
	const found: string[] = [];
	for (const incoming of ['lfs/tmp', 'downloads/tmp']) {
		for (const {name} of listing.get(incoming) ?? []) {
			const path = join(folder, incoming, name);
			if (!(await isLivingPart(path, now))) {
				found.push(path);
			}
		}
	}

	return [...found, ...(await findStaleGitFiles(folder, listing))];
}

/** Those of them that are git's: of no use as soon as no git writes to the mirror. */
export async function findStaleGitFiles(folder: string, listing: MirrorListing): Promise<readonly string[]> {
	const found: string[] = [];
	for (const [place, entries] of listing) {
		for (const entry of entries) {
			const path = pathIn(folder, place === '' ? entry.name : `${place}/${entry.name}`);
			if (isStale(place, entry) || (place === 'objects/pack' && (await isAbandonedKeep(path, entry)))) {
				found.push(path);
			}
		}
	}

	return found;
}

export async function removeStaleFiles(paths: readonly string[]): Promise<void> {
	for (const path of paths) {
		await rm(path, {force: true, recursive: true});
	}
}

function isStale(place: string, {name, kind}: ListedEntry): boolean {
	switch (place) {
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
		case 'objects/info':
		case 'objects/info/commit-graphs':
			return name.endsWith('.lock') || name.startsWith('tmp_');
		default:
			return place === 'refs' || place.startsWith('refs/')
				? kind !== 'folder' && name.endsWith('.lock')
				: place.startsWith('objects/') && name.startsWith('tmp_obj_');
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
async function isAbandonedKeep(path: string, {name, kind}: ListedEntry): Promise<boolean> {
	return (
		kind === 'file' &&
		name.endsWith('.keep') &&
		/^(fetch-pack|receive-pack|fast-import)/.test(await readFile(path, 'utf8'))
	);
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
