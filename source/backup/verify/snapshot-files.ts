import {readFiles} from '../last-snapshot.ts';
import type {MirrorReader} from '../mirror.ts';

/** A file that snapshots hold, and which of them: unchanged ones share it. */
export type SharedFile = {
	/** Id of the blob. */
	readonly id: string;
	readonly bytes: number;
	/** Ids of the snapshots, oldest first. */
	readonly snapshots: readonly string[];
};

/** Where the snapshots of a mirror hold the files that say what belongs to them. */
export type SnapshotFiles = {
	/** By the file's name: each of its versions. */
	readonly files: ReadonlyMap<string, readonly SharedFile[]>;
	/** Ids of the snapshots whose commit or tree is not there. */
	readonly withoutTree: readonly string[];
};

/**
Looks for files of some names in all snapshots, with one process.

@param snapshots Commits by the ids of the snapshots.
*/
export async function findSnapshotFiles(
	reader: MirrorReader,
	snapshots: ReadonlyMap<string, string>,
	names: readonly string[],
): Promise<SnapshotFiles> {
	if (snapshots.size === 0) {
		return {files: new Map(), withoutTree: []};
	}

	const asked = [...snapshots].flatMap(([id, commit]) => [
		{id, name: '', object: `${commit}^{tree}`},
		...names.map(name => ({id, name, object: `${commit}:${name}`})),
	]);
	const output = await reader.read(['cat-file', '--batch-check=%(objectname) %(objecttype) %(objectsize)'], {
		input: asked.map(({object}) => `${object}\n`).join(''),
	});
	const lines = output.toString('latin1').split('\n');
	const withoutTree: string[] = [];
	const found = new Map<string, Map<string, {bytes: number; snapshots: string[]}>>();
	for (const [index, {id, name}] of asked.entries()) {
		const [, blob, type, bytes] = /^([0-9a-f]{40}) ([a-z]+) (\d+)$/.exec(lines[index] ?? '') ?? [];
		if (name === '' && type !== 'tree') {
			withoutTree.push(id);
		} else if (name !== '' && blob !== undefined && type === 'blob') {
			const versions = found.get(name) ?? new Map<string, {bytes: number; snapshots: string[]}>();
			const version = versions.get(blob) ?? {bytes: Number(bytes), snapshots: []};
			version.snapshots.push(id);
			found.set(name, versions.set(blob, version));
		}
	}

	const files = new Map(
		[...found].map(([name, versions]) => [name, [...versions].map(([id, version]) => ({id, ...version}))]),
	);
	return {files, withoutTree};
}

/** So much is read at once; bounds what is held in memory. */
const bytesAtOnce = 16 * 1024 * 1024;

/** Reads files one after the other, a bounded amount at a time; undefined for one that is missing. */
export async function* readShared(
	reader: MirrorReader,
	files: readonly SharedFile[],
): AsyncGenerator<{readonly file: SharedFile; readonly contents: Buffer | undefined}> {
	let group: SharedFile[] = [];
	let bytes = 0;
	for (const [index, file] of files.entries()) {
		group.push(file);
		bytes += file.bytes;
		if (bytes >= bytesAtOnce || index === files.length - 1) {
			const contents = await readFiles(
				reader,
				group.map(({id}) => id),
			);
			for (const [position, each] of group.entries()) {
				yield {file: each, contents: contents[position]};
			}

			group = [];
			bytes = 0;
		}
	}
}
