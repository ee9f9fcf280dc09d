import {parseBatch} from '../git-objects.ts';
import type {MirrorReader} from '../mirror.ts';
import {readTypes} from './check-tips.ts';

/** A file or folder of a snapshot that is not there. */
export type LostFile = {
	/** In the snapshot; empty for all of it. */
	readonly path: string;
	/** Id of the object. */
	readonly id: string;
};

/** An entry of a tree. */
export type RawEntry = {readonly name: string; readonly id: string; readonly isTree: boolean};

const treesAtOnce = 2000;

/**
Looks through the trees of snapshots for what is not there. What they share is looked at once.

@param commits Of the snapshots, by their ids.
@returns what each of them lost; those that lost nothing are left out.
*/
export async function findLostFiles(
	reader: MirrorReader,
	commits: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, readonly LostFile[]>> {
	const roots = await readRoots(reader, commits);
	const trees = await readTrees(
		reader,
		[...roots.values()].flatMap(({tree}) => tree ?? []),
	);
	const blobs = new Set(
		[...trees.values()].flatMap(entries => entries.filter(({isTree}) => !isTree).map(({id}) => id)),
	);
	const types = await readTypes(reader, [...blobs]);
	const known = new Map<string, readonly LostFile[]>();

	const lostIn = (tree: string): readonly LostFile[] => {
		const before = known.get(tree);
		if (before !== undefined) {
			return before;
		}

		const entries = trees.get(tree);
		const lost =
			entries === undefined
				? [{path: '', id: tree}]
				: entries.flatMap(({name, id, isTree}) => {
						const inside = isTree ? lostIn(id) : types.get(id) === undefined ? [{path: '', id}] : [];
						return inside.map(file => ({...file, path: file.path === '' ? name : `${name}/${file.path}`}));
					});
		known.set(tree, lost);
		return lost;
	};

	return new Map(
		[...roots]
			.map(
				([id, {commit, tree}]) => [id, tree === undefined ? [{path: '', id: commit}] : lostIn(tree)] as const,
			)
			.filter(([, lost]) => lost.length > 0),
	);
}

/** The tree of each commit, as the commit names it, whether it is there or not; undefined where there is no commit. */
async function readRoots(
	reader: MirrorReader,
	commits: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, {readonly commit: string; readonly tree: string | undefined}>> {
	if (commits.size === 0) {
		return new Map();
	}

	const input = [...commits.values()].map(commit => `${commit}\n`).join('');
	const objects = parseBatch(await reader.read(['cat-file', '--batch'], {input}));
	return new Map(
		[...commits].map(([id, commit], index) => {
			const [, tree] = /^tree ([0-9a-f]{40})\n/.exec(objects[index]?.contents.toString('latin1') ?? '') ?? [];
			return [id, {commit, tree}];
		}),
	);
}

/** Entries of trees and of all trees in them; those that are not there are left out. */
async function readTrees(
	reader: MirrorReader,
	roots: readonly string[],
): Promise<ReadonlyMap<string, readonly RawEntry[]>> {
	const trees = new Map<string, readonly RawEntry[]>();
	const seen = new Set(roots);
	let next = [...seen];
	while (next.length > 0) {
		const group = next.slice(0, treesAtOnce);
		const input = group.map(id => `${id}\n`).join('');
		const found = parseBatch(await reader.read(['cat-file', '--batch'], {input}));
		next = next.slice(treesAtOnce);
		for (const [index, id] of group.entries()) {
			const entries = found[index]?.type === 'tree' ? parseRawTree(found[index].contents) : undefined;
			if (entries === undefined) {
				continue;
			}

			trees.set(id, entries);
			for (const entry of entries) {
				if (entry.isTree && !seen.has(entry.id)) {
					seen.add(entry.id);
					next.push(entry.id);
				}
			}
		}
	}

	return trees;
}

/** A tree object: for each entry `<mode> <name>`, a zero byte, and the twenty bytes of its id. */
export function parseRawTree(contents: Buffer): readonly RawEntry[] {
	const entries: RawEntry[] = [];
	for (let position = 0; position < contents.length; ) {
		const end = contents.indexOf(0, position);
		const [mode = '', name = ''] = splitOnce(contents.toString('latin1', position, end));
		entries.push({
			name,
			id: contents.toString('hex', end + 1, end + 21),
			isTree: Number.parseInt(mode, 8) === 0o40000,
		});
		position = end + 21;
	}

	return entries;
}

function splitOnce(text: string): readonly string[] {
	const space = text.indexOf(' ');
	return [text.slice(0, space), text.slice(space + 1)];
}
