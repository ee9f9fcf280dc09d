import {readdir, rm} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';

/** An earlier (or the present) form of a file, kept beside it as `<file>.<generation>`. */
export type Generation = {readonly generation: number; readonly path: string};

export function generationPath(path: string, generation: number): string {
	return `${path}.${generation}`;
}

/** The generations beside a file, the newest first. */
export async function listGenerations(path: string): Promise<readonly Generation[]> {
	const prefix = `${basename(path)}.`;
	const names = await readdir(dirname(path)).catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT') {
			return [];
		}

		throw error;
	});
	return names
		.filter(name => name.startsWith(prefix) && /^\d{1,15}$/.test(name.slice(prefix.length)))
		.map(name => ({generation: Number(name.slice(prefix.length)), path: join(dirname(path), name)}))
		.sort((left, right) => right.generation - left.generation);
}

export async function removeOldGenerations(path: string, kept: number): Promise<void> {
	for (const {path: old} of (await listGenerations(path)).slice(kept)) {
		await rm(old, {force: true});
	}
}
