import {open, rename, rm, rmdir} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {synchroniseFolder} from '../system/durable-file.ts';
import {readRefFiles, type StoredRefs} from './ref-files.ts';

/** What becomes of refs: the id that each is to stand at, or undefined where it is to go. Names are byte strings. */
export type RefChanges = ReadonlyMap<string, string | undefined>;

/**
Changes any number of refs at once, on disk when this returns: all of them are written into one new `packed-refs`, which takes
the old one's place in one step, as git itself does it. So a kill at any instant leaves all refs as they were or as they are
to be (or some as they were: those that had files of their own, which go last), and a branch `a` may become `a/b`.

Only for who holds the mirror: git's own lock is taken too, but what somebody else wrote in between would be lost.

@throws the file system's error; nothing is changed then.
*/
export async function changeRefs(folder: string, changes: RefChanges): Promise<void> {
	await writeRefs(folder, await readRefFiles(folder), changes);
}

/** The same, where it is known what is written now. */
export async function writeRefs(folder: string, before: StoredRefs, changes: RefChanges): Promise<void> {
	const refs = new Map<string, string>();
	const folded: string[] = [];
	for (const [name, {id, isLoose, isSymbolic}] of before) {
		// What is none of ours stays as it is written, and so does what only names another ref, or cannot be read.
		const isFolded = isLoose && ours.test(name) && !isSymbolic && id !== undefined;
		if (isLoose && (isFolded || changes.has(name))) {
			folded.push(name);
		}

		if (id !== undefined && (isFolded || !isLoose)) {
			refs.set(name, id);
		}
	}

	for (const [name, id] of changes) {
		if (id === undefined) {
			refs.delete(name);
		} else {
			refs.set(name, id);
		}
	}

	await writePacked(folder, refs);
	for (const name of folded) {
		await removeLoose(folder, name);
	}
}

/** So many refs may have files of their own: reading them takes longer than reading a list. */
const maximumLoose = 16;

/** Writes refs that have files of their own into the list, once they are many; otherwise each snapshot would leave one for good. */
export async function foldRefs(folder: string): Promise<void> {
	const stored = await readRefFiles(folder);
	if ([...stored].filter(([name, {isLoose}]) => isLoose && ours.test(name)).length > maximumLoose) {
		await writeRefs(folder, stored, new Map());
	}
}

/** Refs that a mirror's backups write. */
const ours = /^refs\/(mirror|brigade)\//;

/** Without `peeled`, git looks itself where an annotated tag leads to: we need not know it. */
const header = '# pack-refs with: sorted \n';

async function writePacked(folder: string, refs: ReadonlyMap<string, string>): Promise<void> {
	const lines = [...refs.keys()].sort().map(name => `${refs.get(name)} ${name}\n`);
	const path = join(folder, 'packed-refs');
	const lock = `${path}.lock`;
	const file = await open(lock, 'wx', 0o600);
	try {
		try {
			await file.writeFile(Buffer.from(header + lines.join(''), 'latin1'));
			await file.sync();
		} finally {
			await file.close();
		}

		await rename(lock, path);
	} catch (error) {
		await rm(lock, {force: true}).catch(() => undefined);
		throw error;
	}

	await synchroniseFolder(folder);
}

async function removeLoose(folder: string, name: string): Promise<void> {
	await rm(pathOf(folder, name), {force: true});
	// A folder that is left empty would be in the way of a ref of its name.
	for (let above = dirname(name); above.startsWith('refs/'); above = dirname(above)) {
		try {
			await rmdir(pathOf(folder, above));
		} catch {
			return;
		}
	}
}

function pathOf(folder: string, name: string): Buffer {
	return Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')]);
}
