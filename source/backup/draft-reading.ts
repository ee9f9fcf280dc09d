import {lstat, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {GitFailed} from '../system/git.ts';
import {assembleDraft, chunksIn, type Draft, recordPathOf} from './draft.ts';
import {type DraftRecord, draftRef, parseDraftRecord} from './draft-record.ts';
import {parseTree, type TreeEntry} from './git-objects.ts';
import {readFiles} from './last-snapshot.ts';
import type {Mirror} from './mirror.ts';
import type {DraftRef} from './mirror-refs.ts';
import {isOwnFailure} from './own-failure.ts';

/**
The draft that an interrupted backup left in a mirror. Whatever else stands in its place is taken away: it would be in the
way of the next draft, or of git.

@param refs What stands in its place.
@param repository Uuid of the repository that is backed up.
@returns undefined where there is none.
*/
export async function readDraft(
	mirror: Mirror,
	refs: readonly DraftRef[],
	repository: string,
): Promise<Draft | undefined> {
	const [ref] = refs;
	if (ref === undefined && !(await isInTheWay(mirror))) {
		return undefined;
	}

	const isOwn = refs.length === 1 && ref?.name === draftRef && !ref.isSymbolic;
	const draft = isOwn ? await readWhole(mirror, ref.id, repository) : undefined;
	if (draft === undefined) {
		await clearAway(mirror, refs);
	}

	return draft;
}

/** Takes the draft away. */
export async function removeDraft(mirror: Mirror): Promise<void> {
	await removeRefs(mirror, [draftRef]);
}

/** Git says nothing of a ref that it cannot read, and writes none in its place. */
async function isInTheWay({folder}: Mirror): Promise<boolean> {
	try {
		return !(await lstat(join(folder, draftRef))).isDirectory();
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return false;
		}

		throw error;
	}
}

async function clearAway(mirror: Mirror, refs: readonly DraftRef[]): Promise<void> {
	// Git itself does not remove what it cannot read; what it can may also stand among the packed refs.
	await rm(join(mirror.folder, draftRef), {recursive: true, force: true});
	await removeRefs(
		mirror,
		refs.map(({name}) => name),
	);
}

async function removeRefs(mirror: Mirror, names: readonly string[]): Promise<void> {
	if (names.length > 0) {
		const input = names.map(name => `delete ${name}\0\0`).join('');
		await mirror.write(['update-ref', '--no-deref', '--stdin', '-z'], {input});
	}
}

/** @returns undefined where it is damaged, of another version, another repository's, or no draft at all. */
async function readWhole(mirror: Mirror, commit: string, repository: string): Promise<Draft | undefined> {
	const entries = await readEntries(mirror, commit);
	const chunks = entries === undefined ? undefined : chunksIn(entries);
	if (entries === undefined || chunks === undefined || !(await areThere(mirror, entries))) {
		return undefined;
	}

	const files = await readFiles(
		mirror,
		chunks.map(chunk => `${commit}:${recordPathOf(chunk)}`),
	);
	const records = new Map<string, DraftRecord>();
	for (const [index, chunk] of chunks.entries()) {
		const file = files[index];
		const record = file === undefined ? undefined : parseDraftRecord(file);
		if (record?.repository !== repository) {
			return undefined;
		}

		records.set(chunk, record);
	}

	return assembleDraft(entries, records);
}

async function readEntries(
	mirror: Mirror,
	commit: string,
): Promise<ReadonlyMap<string, TreeEntry> | undefined> {
	try {
		return parseTree(await mirror.read(['ls-tree', '-r', '-t', '-z', commit]));
	} catch (error) {
		if (error instanceof GitFailed && !isOwnFailure(error)) {
			return undefined;
		}

		throw error;
	}
}

/** Whether every file and folder of a tree lies in the mirror: a snapshot must not be made of what does not. */
async function areThere(mirror: Mirror, entries: ReadonlyMap<string, TreeEntry>): Promise<boolean> {
	const ids = [...new Set([...entries.values()].map(({id}) => id))];
	const output = await mirror.read(['cat-file', '--batch-check=%(objecttype)'], {
		input: ids.map(id => `${id}\n`).join(''),
	});
	return !/ missing$/m.test(output.toString('latin1'));
}
