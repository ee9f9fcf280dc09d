import {canonicalJson} from '../bitbucket/canonical-json.ts';
import {blobId} from './git-objects.ts';
import {type LastSnapshot, readFiles} from './last-snapshot.ts';
import type {MirrorReader} from './mirror.ts';
import {recordPath, type SnapshotPart, type SnapshotTree} from './snapshot-tree.ts';

/** JSON that was saved, and what it is compared with. */
export type SavedAndNew = {
	/** Id of the file in the mirror; undefined where there is none. */
	readonly saved: string | undefined;
	readonly contents: Buffer;
};

/**
Which of some files hold what was saved: byte for byte, or as JSON whose keys a server has put in another order, with other
space or other escapes.
*/
export async function areSame(
	mirror: MirrorReader,
	pairs: readonly SavedAndNew[],
): Promise<readonly boolean[]> {
	const same = pairs.map(({saved, contents}) => saved === blobId(contents));
	const doubtful = pairs.flatMap(({saved}, index) =>
		saved === undefined || same[index] ? [] : [{saved, index}],
	);
	if (doubtful.length === 0) {
		return same;
	}

	const files = await readFiles(
		mirror,
		doubtful.map(({saved}) => saved),
	);
	for (const [position, {index}] of doubtful.entries()) {
		const contents = pairs[index]?.contents;
		const file = files[position];
		same[index] = contents !== undefined && file !== undefined && haveSameContent(file, contents);
	}

	return same;
}

/** So many files are compared at a time. */
const filesAtOnce = 100;

/**
Puts back what the last snapshot holds for each JSON file that is the same but for the bytes, so that a server that
shuffles keys makes no new snapshot.
*/
export async function keepSameContent(
	mirror: MirrorReader,
	tree: SnapshotTree,
	last: LastSnapshot | undefined,
): Promise<void> {
	const doubtful = [...tree.parts()].flatMap(([path, part]) => {
		const saved = path.endsWith('.json') && path !== recordPath ? last?.entries.get(path) : undefined;
		return saved?.type === 'blob' && saved.id !== idOf(part) ? [{path, part, saved: saved.id}] : [];
	});
	for (let begin = 0; begin < doubtful.length; begin += filesAtOnce) {
		const some = doubtful.slice(begin, begin + filesAtOnce);
		const contents = await contentsOf(
			mirror,
			some.map(({part}) => part),
		);
		const pairs = some.map(({saved}, index) => ({saved, contents: contents[index] ?? Buffer.alloc(0)}));
		const same = await areSame(mirror, pairs);
		for (const {path} of some.filter((_, index) => same[index])) {
			tree.keep(path);
		}
	}
}

function idOf(part: SnapshotPart): string {
	return part.kind === 'new' ? blobId(part.contents) : part.id;
}

/** What parts hold; some lie in the mirror by now. */
async function contentsOf(
	mirror: MirrorReader,
	parts: readonly SnapshotPart[],
): Promise<ReadonlyArray<Buffer | undefined>> {
	const saved = parts.filter(part => part.kind === 'kept');
	const files = saved.length === 0 ? [] : await readFiles(mirror, saved.map(idOf));
	const byPart = new Map(saved.map((part, index) => [part as SnapshotPart, files[index]]));
	return parts.map(part => (part.kind === 'new' ? part.contents : byPart.get(part)));
}

function haveSameContent(one: Buffer, other: Buffer): boolean {
	try {
		return canonicalJson(one) === canonicalJson(other);
	} catch {
		return false;
	}
}
