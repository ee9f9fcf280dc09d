import * as z from 'zod';
import {chunksIn} from '../draft.ts';
import {draftRecordName} from '../draft-record.ts';
import {parseTree} from '../git-objects.ts';
import type {MirrorReader} from '../mirror.ts';
import {parseRefList} from '../ref-list.ts';
import {readEachFile} from './read-each-file.ts';

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

const lists = ['refs', 'lfs.json', 'downloads.json'] as const;

/** @param commits Commits of snapshots. */
export async function readSnapshotLists(
	mirror: MirrorReader,
	commits: Iterable<string>,
): Promise<SnapshotLists> {
	const tips = new Set<string>();
	const lfsObjects = new Set<string>();
	const downloads = new Set<string>();
	const mentioned = new Set<string>();
	const names = [...commits].flatMap(commit => lists.map(path => `${commit}:${path}`));
	await readEachFile(mirror, names, (file, ofFile) => {
		addIds(file, mentioned);
		const isOne = (path: string): boolean => ofFile.some(name => name.endsWith(`:${path}`));
		if (isOne('refs')) {
			addAll(parseRefList(file).refs.values(), tips);
		}

		if (isOne('lfs.json')) {
			const objects = LfsSchema.safeParse(parseJson(file)).data ?? [];
			addAll(objects.map(({oid}) => oid).filter(isHash), lfsObjects);
		}

		if (isOne('downloads.json')) {
			const files = DownloadsSchema.safeParse(parseJson(file)).data ?? [];
			addAll(files.map(({sha256}) => sha256).filter(isHash), downloads);
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
	const names = chunks.map(chunk => `${draft}:${chunk}/${draftRecordName}`);
	await readEachFile(mirror, names, file => {
		addIds(file, hashes);
	});
	return hashes;
}

/** Names of the chunks of a draft. */
export async function draftChunks(
	mirror: MirrorReader,
	draft: string | undefined,
): Promise<readonly string[]> {
	return draft === undefined ? [] : (chunksIn(parseTree(await mirror.read(['ls-tree', '-z', draft]))) ?? []);
}

function parseJson(file: Buffer): unknown {
	try {
		return JSON.parse(file.toString('utf8'));
	} catch {
		return undefined;
	}
}

function addIds(file: Buffer, ids: Set<string>): void {
	addAll(file.toString('latin1').match(looksLikeId) ?? [], ids);
}

function addAll(texts: Iterable<string>, to: Set<string>): void {
	for (const text of texts) {
		to.add(text);
	}
}

function isHash(text: string | null): text is string {
	return text !== null && /^[0-9a-f]{64}$/.test(text);
}
