import {parseBatch, parseTree, type TreeEntry} from './git-objects.ts';
import type {MirrorReader} from './mirror.ts';
import {parseRefList, type RefList} from './ref-list.ts';
import {parseSnapshotRecord, type SnapshotRecord} from './snapshot-record.ts';
import {recordPath} from './snapshot-tree.ts';

/** A snapshot of a mirror. */
export type Snapshot = {
	readonly id: string;
	readonly commit: string;
	/** Everything in its tree, folders too, by path. */
	readonly entries: ReadonlyMap<string, TreeEntry>;
	/** Undefined where it holds no refs (the workspace's own). */
	readonly refs: RefList | undefined;
	/** Undefined where it cannot be read; then nothing is believed of what it says. */
	readonly record: SnapshotRecord | undefined;
};

/** The newest snapshot of a mirror, as far as the next one needs it. */
export type LastSnapshot = Snapshot;

/**
@param snapshots Commits of the snapshots by id, oldest first.
@returns undefined where there is none.
*/
export async function readLastSnapshot(
	mirror: MirrorReader,
	snapshots: ReadonlyMap<string, string>,
): Promise<LastSnapshot | undefined> {
	const [id, commit] = [...snapshots].at(-1) ?? [];
	return id === undefined || commit === undefined ? undefined : readSnapshot(mirror, id, commit);
}

/** @throws GitFailed where its commit or a tree of it cannot be read. */
export async function readSnapshot(mirror: MirrorReader, id: string, commit: string): Promise<Snapshot> {
	const [tree, [refs, record]] = await Promise.all([
		mirror.read(['ls-tree', '-r', '-t', '-z', commit]),
		readFiles(mirror, [`${commit}:refs`, `${commit}:${recordPath}`]),
	]);
	return {
		id,
		commit,
		entries: parseTree(tree),
		refs: refs === undefined ? undefined : parseRefList(refs),
		record: record === undefined ? undefined : parseSnapshotRecord(record),
	};
}

/** A file of a snapshot as JSON; undefined where it is not there or cannot be read. */
export async function readSnapshotJson(
	mirror: MirrorReader,
	snapshot: LastSnapshot | undefined,
	path: string,
): Promise<unknown> {
	const entry = snapshot?.entries.get(path);
	return entry === undefined ? undefined : readJson(mirror, entry.id);
}

/** A file of the mirror as JSON, by its id; undefined where it is not there or cannot be read. */
export async function readJson(mirror: MirrorReader, id: string): Promise<unknown> {
	const [contents] = await readFiles(mirror, [id]);
	try {
		return contents === undefined ? undefined : JSON.parse(contents.toString('utf8'));
	} catch {
		return undefined;
	}
}

/** Contents of objects by their names, undefined for each that is missing; one process for all. */
export async function readFiles(
	mirror: MirrorReader,
	names: readonly string[],
): Promise<ReadonlyArray<Buffer | undefined>> {
	const output = await mirror.read(['cat-file', '--batch'], {input: names.map(name => `${name}\n`).join('')});
	return parseBatch(output).map(object => object?.contents);
}
