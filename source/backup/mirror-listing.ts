import {readdir} from 'node:fs/promises';
import {join} from 'node:path';

/** What stands in a mirror. */
export type ListedEntry = {
	/** A byte string, as names of refs are. */
	readonly name: string;
	/** Links, pipes and devices are other. */
	readonly kind: 'file' | 'folder' | 'other';
};

/** What stands in the folders of a mirror that git, or we, open by their names; by their paths in it, `''` its own. */
export type MirrorListing = ReadonlyMap<string, readonly ListedEntry[]>;

/** Folders that are looked into; below `refs` all of them are. Which LFS objects and downloads there are is not asked. */
const lookedInto =
	/^(?:objects(?:\/(?:pack|info(?:\/commit-graphs)?|[0-9a-f]{2}))?|info|lfs|lfs\/tmp|downloads|downloads\/tmp|refs(?:\/.*)?)$/s;

/**
Lists a mirror, each folder once: with many repositories, looking at each is what a run does that finds nothing new.

Links are not followed. What vanishes meanwhile is left out.

@throws The file system's error.
*/
export async function listMirror(folder: string): Promise<MirrorListing> {
	const listing = new Map<string, readonly ListedEntry[]>();
	await listBelow(folder, '', listing);
	return listing;
}

/** Lists nothing but what stands in a mirror's own folder. */
export async function listMirrorTop(folder: string): Promise<MirrorListing> {
	return new Map([['', await entriesOf(folder, '')]]);
}

/** A path of a listing, as the file system takes it. */
export function pathIn(folder: string, path: string): string {
	return join(folder, Buffer.from(path, 'latin1').toString());
}

async function listBelow(
	folder: string,
	path: string,
	listing: Map<string, readonly ListedEntry[]>,
): Promise<void> {
	const entries = await entriesOf(folder, path);
	listing.set(path, entries);
	await Promise.all(
		entries.map(async ({name, kind}) => {
			const below = path === '' ? name : `${path}/${name}`;
			if (kind === 'folder' && lookedInto.test(below)) {
				await listBelow(folder, below, listing);
			}
		}),
	);
}

async function entriesOf(folder: string, path: string): Promise<readonly ListedEntry[]> {
	try {
		const entries = await readdir(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(path, 'latin1')]), {
			withFileTypes: true,
			encoding: 'buffer',
		});
		return entries.map(entry => ({
			name: entry.name.toString('latin1'),
			kind: entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other',
		}));
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		if (code === 'ENOENT' || code === 'ENOTDIR') {
			return [];
		}

		throw error;
	}
}
