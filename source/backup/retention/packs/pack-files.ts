import {lstat, readdir, rm} from 'node:fs/promises';
import {join} from 'node:path';

/** A pack of a mirror: objects in one file, with an index beside it. */
export type PackFile = {
	/** Without an extension: `pack-<hash>`. */
	readonly name: string;
	readonly bytes: number;
	/** Whether somebody else says by a file beside it what it is for: it is left as it is. */
	readonly isForeign: boolean;
};

/** What git puts beside packs that are not for everybody to delete: kept ones, those of a partial clone, cruft. */
const foreignMarks = ['.keep', '.promisor', '.mtimes'];

const packFolder = join('objects', 'pack');

/** The start of the path of a new pack; git puts its hash behind it. */
export function packBase(mirrorFolder: string): string {
	return join(mirrorFolder, packFolder, 'pack');
}

export function packPath(mirrorFolder: string, name: string, extension: string): string {
	return join(mirrorFolder, packFolder, name + extension);
}

export async function listPacks(mirrorFolder: string): Promise<readonly PackFile[]> {
	const names = new Set(await readdir(join(mirrorFolder, packFolder)));
	const packs: PackFile[] = [];
	for (const file of [...names].sort()) {
		const [, name] = /^(pack-[0-9a-f]{40,64})\.pack$/.exec(file) ?? [];
		if (name !== undefined && names.has(`${name}.idx`)) {
			const found = await lstat(packPath(mirrorFolder, name, '.pack'));
			const isForeign = !found.isFile() || foreignMarks.some(mark => names.has(name + mark));
			packs.push({name, bytes: found.size, isForeign});
		}
	}

	return packs;
}

/** The index goes last: without its pack it holds nothing, and is swept away; a pack without its index would look lost. */
const parts = ['.pack', '.rev', '.bitmap', '.idx'];

export async function deletePack(mirrorFolder: string, name: string): Promise<void> {
	for (const part of parts) {
		await rm(packPath(mirrorFolder, name, part), {force: true});
	}
}

/**
Removes what an interrupted deletion left of packs, and what git derived from the packs as they were: it makes do without, and
would look for objects where they are no more.
*/
export async function sweepPackFolder(mirrorFolder: string): Promise<void> {
	const names = await readdir(join(mirrorFolder, packFolder));
	const all = new Set(names);
	for (const file of names) {
		const [, name] = /^(pack-[0-9a-f]{40,64})\.(?:idx|rev|bitmap)$/.exec(file) ?? [];
		const isLeft = name !== undefined && !all.has(`${name}.pack`);
		if (isLeft || /^multi-pack-index(?:-[0-9a-f]+\.(?:bitmap|rev))?$/.test(file)) {
			await rm(join(mirrorFolder, packFolder, file), {force: true});
		}
	}

	await rm(join(mirrorFolder, 'objects', 'info', 'commit-graph'), {force: true});
	await rm(join(mirrorFolder, 'objects', 'info', 'commit-graphs'), {force: true, recursive: true});
}
