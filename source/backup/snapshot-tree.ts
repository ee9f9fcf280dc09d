import {blobId, type TreeEntry} from './git-objects.ts';

/** A file of a snapshot that is made now, or a file or folder that is in the mirror already. */
export type SnapshotPart =
	| {readonly kind: 'new'; readonly contents: Buffer}
	| {readonly kind: 'kept'; readonly type: 'blob' | 'tree'; readonly id: string};

/** The tree of a snapshot while it is put together: parts by their path. */
export type SnapshotTree = {
	/** Adds a file. A part that is set twice is what it was set to last. */
	readonly write: (path: string, contents: Buffer) => void;
	/**
	Takes a file or folder over from the last snapshot.

	@returns false where it is not there.
	*/
	readonly keep: (path: string) => boolean;
	/** Puts a file at a path whose contents lie in the mirror already. */
	readonly take: (path: string, id: string) => void;
	/**
	Lets go of a file's contents, which lie in the mirror by now. A part that was set anew in the meantime stays as it is.
	*/
	readonly release: (path: string, part: SnapshotPart) => void;
	readonly has: (path: string) => boolean;
	readonly parts: () => ReadonlyMap<string, SnapshotPart>;
};

/** Says what a snapshot is and when; changes with each one. */
export const recordPath = 'snapshot.json';

export function createSnapshotTree(last: ReadonlyMap<string, TreeEntry>): SnapshotTree {
	const parts = new Map<string, SnapshotPart>();
	return {
		write: (path, contents) => {
			parts.set(path, {kind: 'new', contents});
		},
		keep: path => {
			const entry = last.get(path);
			if (entry === undefined || entry.type === 'commit') {
				return false;
			}

			parts.set(path, {kind: 'kept', type: entry.type, id: entry.id});
			return true;
		},
		take: (path, id) => {
			parts.set(path, {kind: 'kept', type: 'blob', id});
		},
		release: (path, part) => {
			if (part.kind === 'new' && parts.get(path) === part) {
				parts.set(path, {kind: 'kept', type: 'blob', id: blobId(part.contents)});
			}
		},
		has: path => parts.has(path),
		parts: () => parts,
	};
}

/** Whether a tree holds exactly what the last snapshot holds, the record aside. */
export function isSameTree(
	parts: ReadonlyMap<string, SnapshotPart>,
	last: ReadonlyMap<string, TreeEntry>,
): boolean {
	for (const [path, part] of parts) {
		const id = part.kind === 'new' ? blobId(part.contents) : part.id;
		if (path !== recordPath && last.get(path)?.id !== id) {
			return false;
		}
	}

	for (const [path, {type}] of last) {
		if (type !== 'tree' && path !== recordPath && !isCovered(path, parts)) {
			return false;
		}
	}

	return true;
}

/** Whether a path, or a folder that it lies in, is a part. */
function isCovered(path: string, parts: ReadonlyMap<string, SnapshotPart>): boolean {
	for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
		if (parts.has(path.slice(0, end))) {
			return true;
		}
	}

	return false;
}
