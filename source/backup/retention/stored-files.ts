import {lstat, realpath, rm} from 'node:fs/promises';
import {dirname, join, sep} from 'node:path';
import {synchroniseFolder} from '../../system/durable-file.ts';

/** A file beside a mirror's Git data whose name is the hash of its contents. */
export type StoredFile = {
	readonly kind: 'lfs' | 'downloads';
	/** Its place in the mirror. */
	readonly path: string;
	readonly bytes: number;
};

/** Where files lie: git-lfs's own layout, and the same for downloads. */
const folders = {lfs: 'lfs/objects', downloads: 'downloads'} as const;

/** The files with these hashes that are there: each as a file in its own place, not by way of a link. */
export async function findStoredFiles(
	mirrorFolder: string,
	hashes: Readonly<Record<StoredFile['kind'], readonly string[]>>,
): Promise<readonly StoredFile[]> {
	const root = await realpath(mirrorFolder);
	const found: StoredFile[] = [];
	for (const kind of ['lfs', 'downloads'] as const) {
		for (const hash of hashes[kind]) {
			const path = join(root, folders[kind], hash.slice(0, 2), hash.slice(2, 4), hash);
			const bytes = await sizeOf(path);
			if (bytes !== undefined) {
				found.push({kind, path: path.slice(root.length + sep.length), bytes});
			}
		}
	}

	return found;
}

async function sizeOf(path: string): Promise<number | undefined> {
	try {
		const file = await lstat(path);
		return file.isFile() && (await realpath(dirname(path))) === dirname(path) ? file.size : undefined;
	} catch (error) {
		if (
			(error as NodeJS.ErrnoException).code === 'ENOENT' ||
			(error as NodeJS.ErrnoException).code === 'ENOTDIR'
		) {
			return undefined;
		}

		throw error;
	}
}

export async function removeStoredFile(mirrorFolder: string, {path}: StoredFile): Promise<void> {
	await rm(join(mirrorFolder, path), {force: true});
	await synchroniseFolder(dirname(join(mirrorFolder, path)));
}
