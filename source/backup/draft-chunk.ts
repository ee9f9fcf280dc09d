import {nextChunkName, recordPathOf} from './draft.ts';
import {type DraftRecord, draftRef, draftVersion} from './draft-record.ts';
import {parseTree} from './git-objects.ts';
import type {Mirror} from './mirror.ts';
import type {SnapshotPart, SnapshotTree} from './snapshot-tree.ts';
import {stableJson} from './stable-json.ts';
import {replaceCommit} from './write-snapshot.ts';

/** What is believed whole or not at all. */
export type DraftUnit = {
	/** Two names: `pull-requests/17`, `settings/hooks.json`. */
	readonly path: string;
	/** Where its files lie in the snapshot that is being made, by their paths in the draft. What is not there is left out. */
	readonly files: ReadonlyMap<string, string>;
	/** Whether it was read to its end and lacks nothing. */
	readonly isWhole: boolean;
};

/** What is saved at once. */
export type DraftChunk = {
	/** Milliseconds since the epoch at which the first of it came. */
	readonly since: number;
	readonly units: readonly DraftUnit[];
	/** Hashes of download files that lie in the store, by what the list said of them. */
	readonly downloads: ReadonlyMap<string, string>;
};

/** Whose draft it is. */
export type DraftOwner = {
	/** Uuid of the repository. */
	readonly repository: string;
	/** Id of the run. */
	readonly run: string;
	/** Data kinds that the plan chooses. */
	readonly data: readonly string[];
};

/** A unit of files that lie in the draft as in the snapshot, below its own path. */
export function folderUnit(path: string, names: readonly string[], isWhole: boolean): DraftUnit {
	return {path, files: new Map(names.map(name => [`${path}/${name}`, `${path}/${name}`])), isWhole};
}

/** A whole unit of one file, which may lie elsewhere in the snapshot. */
export function fileUnit(path: string, file: string): DraftUnit {
	return {path, files: new Map([[path, file]]), isWhole: true};
}

/** A list without elements: more often than not nobody had to ask for it. */
const emptyBytes = Buffer.byteLength('[]\n');

/** How much of a chunk is held in memory; the files of downloads are not. */
export function sizeOfChunk(
	{units, downloads}: DraftChunk,
	tree: SnapshotTree,
): {readonly files: number; readonly bytes: number} {
	let files = downloads.size;
	let bytes = 0;
	for (const file of units.flatMap(unit => [...unit.files.values()])) {
		const part = tree.parts().get(file);
		if (part?.kind === 'new') {
			files += part.contents.length > emptyBytes ? 1 : 0;
			bytes += part.contents.length;
		}
	}

	return {files, bytes};
}

/**
Puts a chunk on disk as the last one of the draft; then the tree lets go of the contents of its files.

@param before Ids of the chunks that the draft consists of, by their names, oldest first.
@returns those that it consists of now.
@throws GitFailed
*/
export async function writeChunk(
	chunk: DraftChunk,
	before: ReadonlyMap<string, string>,
	{mirror, tree, owner}: {readonly mirror: Mirror; readonly tree: SnapshotTree; readonly owner: DraftOwner},
): Promise<ReadonlyMap<string, string>> {
	const name = nextChunkName([...before.keys()].at(-1));
	const parts = new Map<string, SnapshotPart>();
	for (const [older, id] of before) {
		parts.set(older, {kind: 'kept', type: 'tree', id});
	}

	const saved: Array<readonly [string, SnapshotPart]> = [];
	for (const [path, file] of chunk.units.flatMap(({files}) => [...files])) {
		const part = tree.parts().get(file);
		if (part !== undefined) {
			parts.set(`${name}/parts/${path}`, part);
			saved.push([file, part]);
		}
	}

	parts.set(recordPathOf(name), {kind: 'new', contents: stableJson(recordOf(chunk, owner))});
	await replaceCommit(mirror, {ref: draftRef, at: chunk.since, title: 'Draft of the next snapshot', parts});
	for (const [file, part] of saved) {
		tree.release(file, part);
	}

	const chunks = parseTree(await mirror.read(['ls-tree', '-z', draftRef]));
	return new Map([...chunks].map(([each, {id}]) => [each, id]));
}

function recordOf({since, units, downloads}: DraftChunk, owner: DraftOwner): DraftRecord {
	return {
		...owner,
		data: [...owner.data],
		version: draftVersion,
		at: new Date(since).toISOString(),
		whole: units.filter(({isWhole}) => isWhole).map(({path}) => path),
		downloads: Object.fromEntries(downloads),
	};
}
