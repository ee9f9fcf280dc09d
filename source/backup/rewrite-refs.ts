import {open, readFile, rename, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {synchroniseFolder} from '../system/durable-file.ts';
import type {Mirror} from './mirror.ts';

/** From so many changes on, refs are rewritten together: git gives each a file of its own, which takes it minutes for thousands. */
export const manyRefs = 500;

/**
Changes any number of a mirror's refs in one step, by a new `packed-refs` (https://git-scm.com/docs/git-pack-refs), the file in
which git keeps refs together. Whenever this is interrupted, either all of them are changed or none is. Names need not be such
that a file can have them: long ones too are kept.

@param change Gets every ref by its full name, a byte string, and changes the map.
@throws the file system's error; GitFailed.
*/
export async function rewriteRefs(
	mirror: Mirror,
	change: (refs: Map<string, string>) => void,
): Promise<void> {
	// A ref with a file of its own would hide the one in there.
	await mirror.write(['pack-refs', '--all', '--prune']);
	const path = join(mirror.folder, 'packed-refs');
	const lock = `${path}.lock`;
	const file = await open(lock, 'wx', 0o600);
	try {
		try {
			const refs = parsePackedRefs(await readIfThere(path));
			change(refs);
			const contents = formatPackedRefs(refs);
			await file.writeFile(contents);
			await file.sync();
			if ((await file.stat()).size !== contents.length) {
				throw Object.assign(new Error('packed-refs could not be written whole'), {
					code: 'ENOSPC',
					syscall: 'write',
				});
			}
		} finally {
			await file.close();
		}

		await rename(lock, path);
	} catch (error) {
		// What went wrong first is what has to be told.
		await rm(lock, {force: true}).catch(() => undefined);
		throw error;
	}

	await synchroniseFolder(mirror.folder);
}

/** Refs by name. What annotated tags point to is left out; git finds it out again. */
export function parsePackedRefs(file: Buffer): Map<string, string> {
	const refs = new Map<string, string>();
	for (const line of file.toString('latin1').split('\n')) {
		const [, id, name] = /^([0-9a-f]{40,64}) (.+)$/s.exec(line) ?? [];
		if (id !== undefined && name !== undefined) {
			refs.set(name, id);
		}
	}

	return refs;
}

export function formatPackedRefs(refs: ReadonlyMap<string, string>): Buffer {
	const lines = [...refs]
		.sort(([left], [right]) => (left < right ? -1 : 1))
		.map(([name, id]) => `${id} ${name}\n`);
	return Buffer.from(`# pack-refs with: sorted \n${lines.join('')}`, 'latin1');
}

async function readIfThere(path: string): Promise<Buffer> {
	return readFile(path).catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT') {
			return Buffer.alloc(0);
		}

		throw error;
	});
}
