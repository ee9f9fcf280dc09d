import {readdir, stat} from 'node:fs/promises';
import {join} from 'node:path';
import type {MirrorReader} from './mirror.ts';
import {hasObject, readPackIndex} from './pack-index.ts';

/*
The first pack of a mirror. `git index-pack --strict` refuses a pack of which an object leads to one that is neither in it nor in the
mirror: where nothing else was there, what is in the pack is there with all that it reaches, and no walk through it need prove that.
*/

type Place = Pick<MirrorReader, 'folder'>;

/** Whether a mirror holds no object. */
export async function holdsNothing({folder}: Place): Promise<boolean> {
	const objects = await readdir(join(folder, 'objects'));
	return (await packsIn(folder)).length === 0 && !objects.some(name => /^[0-9a-f]{2}$/.test(name));
}

/** The index of a larger pack is not worth the memory; bytes. */
const maximumIndexBytes = 32 * 1024 * 1024;

/** Whether objects are in the only pack of a mirror that held nothing before; false also where that would take long to find out. */
export async function areInFirstPack({folder}: Place, ids: readonly string[]): Promise<boolean> {
	const [name, ...others] = await packsIn(folder);
	const path = join(folder, 'objects', 'pack', name ?? '');
	if (name === undefined || others.length > 0 || (await stat(path)).size > maximumIndexBytes) {
		return false;
	}

	const index = await readPackIndex(path);
	return ids.every(id => hasObject(index, id));
}

async function packsIn(folder: string): Promise<readonly string[]> {
	const names = await readdir(join(folder, 'objects', 'pack'));
	return names.filter(name => name.endsWith('.idx'));
}
