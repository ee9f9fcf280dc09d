import {lstat, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {checkTrailer, hashBytes, type Trailer} from './trailer.ts';
import {pathIn, walk} from './walk.ts';

/** The files of one pack, by how they end. */
export type PackFiles = {
	/** `pack-<hash>` */
	readonly name: string;
	/** By extension (`pack`, `idx`, `rev` …) whether each is what it was when it was written. */
	readonly files: ReadonlyMap<string, boolean>;
};

/** What lies below `objects` in a mirror. Paths are relative to the mirror. */
export type ObjectFiles = {
	readonly packs: readonly PackFiles[];
	/** What git derives from packs (`multi-pack-index`, `commit-graph`) and that is not what it was. */
	readonly damagedIndexes: readonly string[];
	readonly looseObjects: number;
	/** Files that git does not write. */
	readonly unknown: readonly string[];
	readonly bytes: number;
};

/** Files of a pack that end with a hash of themselves. */
const hashed = new Set(['pack', 'idx', 'rev', 'bitmap', 'mtimes']);

/**
Reads every file below a mirror's `objects` that ends with a hash of itself, and compares. Single objects are left to git:
their names are their hashes.

@throws The signal's reason, the file system's error. A file that cannot be read is not whole.
*/
export async function checkObjectFiles(folder: string, signal: AbortSignal): Promise<ObjectFiles> {
	const packs = new Map<string, Map<string, boolean>>();
	const ends = new Map<string, Buffer>();
	const damagedIndexes: string[] = [];
	const unknown: string[] = [];
	let looseObjects = 0;
	let bytes = 0;

	const isWhole = async (path: string): Promise<boolean> => {
		const trailer = await trailerOf(join(folder, path), signal);
		bytes += trailer?.bytes ?? 0;
		ends.set(path, trailer?.end ?? Buffer.alloc(0));
		return trailer?.isWhole ?? false;
	};

	for await (const {path} of walk(folder, 'objects')) {
		signal.throwIfAborted();
		const [, name, extension] = /^objects\/pack\/(pack-[0-9a-f]+)\.([a-z]+)$/.exec(path) ?? [];
		if (name !== undefined && extension !== undefined) {
			const files = packs.get(name) ?? new Map<string, boolean>();
			files.set(extension, !hashed.has(extension) || (await isWhole(path)));
			packs.set(name, files);
		} else if (/^objects\/[0-9a-f]{2}\/[0-9a-f]{38}$/.test(path)) {
			looseObjects += 1;
			bytes += (await lstat(pathIn(folder, path))).size;
		} else if (isDerived(path)) {
			if (!(await isWhole(path))) {
				damagedIndexes.push(path);
			}
		} else if (path === 'objects/info/packs') {
			if (!(await listsPacks(folder))) {
				damagedIndexes.push(path);
			}
		} else if (path !== 'objects/info/commit-graphs/commit-graph-chain') {
			unknown.push(path);
		}
	}

	for (const [name, files] of packs) {
		if (files.get('pack') && files.get('idx') && !belongTogether(name, ends)) {
			files.set('idx', false);
		}
	}

	return {
		packs: [...packs].map(([name, files]) => ({name, files})),
		damagedIndexes,
		looseObjects,
		unknown,
		bytes,
	};
}

/** An index says which pack it is of. */
function belongTogether(name: string, ends: ReadonlyMap<string, Buffer>): boolean {
	const pack = ends.get(`objects/pack/${name}.pack`)?.subarray(-hashBytes);
	const named = ends.get(`objects/pack/${name}.idx`)?.subarray(0, hashBytes);
	return pack !== undefined && named !== undefined && pack.equals(named);
}

function isDerived(path: string): boolean {
	return (
		/^objects\/pack\/multi-pack-index(-[0-9a-f]+\.(bitmap|rev))?$/.test(path) ||
		/^objects\/info\/(commit-graph|commit-graphs\/graph-[0-9a-f]+\.graph)$/.test(path)
	);
}

/** The list of packs that git makes for servers that are none: it has no hash, but its lines are known. */
async function listsPacks(folder: string): Promise<boolean> {
	const text = await readFile(join(folder, 'objects/info/packs'), 'latin1').catch(() => 'unreadable');
	return /^(P pack-[0-9a-f]{40}\.pack\n)*\n?$/.test(text);
}

/** @returns undefined where it cannot be read. */
async function trailerOf(path: string, signal: AbortSignal): Promise<Trailer | undefined> {
	try {
		return await checkTrailer(path, signal);
	} catch (error) {
		signal.throwIfAborted();
		if ((error as NodeJS.ErrnoException).code === 'EMFILE') {
			throw error;
		}

		return undefined;
	}
}
