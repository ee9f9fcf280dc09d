import {z} from 'zod';
import {chunksIn} from '../draft.ts';
import {draftRecordName} from '../draft-record.ts';
import {parseTree} from '../git-objects.ts';
import {readFiles} from '../last-snapshot.ts';
import type {MirrorReader} from '../mirror.ts';
import {parseRefList} from '../ref-list.ts';
import {resolveNames} from './resolve-names.ts';

/**
What snapshots list, all together. What may go is only what is listed for sure; what must stay is whatever looks as if it were
listed, so that a file that cannot be read well costs disk and nothing else.
*/
export type SnapshotLists = {
	/** Ids that their refs stood at. */
	readonly tips: ReadonlySet<string>;
	/** Hashes of LFS objects. */
	readonly lfsObjects: ReadonlySet<string>;
	/** Hashes of download files. */
	readonly downloads: ReadonlySet<string>;
	/** Whatever looks like the id of an object in the lists of refs, or like a hash in the other two. */
	readonly mentioned: ReadonlySet<string>;
};

const LfsSchema = z.array(z.looseObject({oid: z.string()}));
const DownloadsSchema = z.array(z.looseObject({sha256: z.string().nullable()}));
const looksLikeId = /[0-9a-f]{40,64}/g;
const hash = /^[0-9a-f]{64}$/;

/** Lists that are read by one process; each may be some megabytes long. */
const filesAtOnce = 8;

/** @param commits Commits of snapshots. */
export async function readSnapshotLists(
	mirror: MirrorReader,
	commits: Iterable<string>,
): Promise<SnapshotLists> {
	const tips = new Set<string>();
	const lfsObjects = new Set<string>();
	const downloads = new Set<string>();
	const mentioned = new Set<string>();
	const all = [...commits];
	const readAll = async (path: string, take: (file: Buffer) => void): Promise<void> => {
		await forEachFile(
			mirror,
			all.map(commit => `${commit}:${path}`),
			file => {
				for (const [id] of file.toString('latin1').matchAll(looksLikeId)) {
					mentioned.add(id);
				}

				take(file);
			},
		);
	};

	await readAll('refs', file => {
		for (const id of parseRefList(file).refs.values()) {
			tips.add(id);
		}
	});
	await readAll('lfs.json', file => {
		for (const {oid} of LfsSchema.safeParse(parseJson(file)).data ?? []) {
			addHash(oid, lfsObjects);
		}
	});
	await readAll('downloads.json', file => {
		for (const {sha256} of DownloadsSchema.safeParse(parseJson(file)).data ?? []) {
			addHash(sha256, downloads);
		}
	});
	return {tips, lfsObjects, downloads, mentioned};
}

/** Hashes of the download files that the draft relies on. @param draft Its commit. */
export async function readDraftHashes(
	mirror: MirrorReader,
	draft: string | undefined,
): Promise<ReadonlySet<string>> {
	const hashes = new Set<string>();
	const chunks = await draftChunks(mirror, draft);
	await forEachFile(
		mirror,
		chunks.map(chunk => `${draft}:${chunk}/${draftRecordName}`),
		file => {
			for (const [id] of file.toString('latin1').matchAll(looksLikeId)) {
				hashes.add(id);
			}
		},
	);
	return hashes;
}

/** Names of the chunks of a draft. */
export async function draftChunks(
	mirror: MirrorReader,
	draft: string | undefined,
): Promise<readonly string[]> {
	return draft === undefined ? [] : (chunksIn(parseTree(await mirror.read(['ls-tree', '-z', draft]))) ?? []);
}

/** Reads files by their names, each contents once however many names it has; those that are not there are passed over. */
async function forEachFile(
	mirror: MirrorReader,
	names: readonly string[],
	take: (file: Buffer) => void,
): Promise<void> {
	const found = await resolveNames(mirror, names);
	const ids = [...new Set([...found.values()].filter(({type}) => type === 'blob').map(({id}) => id))];
	for (let start = 0; start < ids.length; start += filesAtOnce) {
		for (const file of await readFiles(mirror, ids.slice(start, start + filesAtOnce))) {
			if (file !== undefined) {
				take(file);
			}
		}
	}
}

function parseJson(file: Buffer): unknown {
	try {
		return JSON.parse(file.toString('utf8'));
	} catch {
		return undefined;
	}
}

function addHash(text: string | null, hashes: Set<string>): void {
	if (text !== null && hash.test(text)) {
		hashes.add(text);
	}
}
