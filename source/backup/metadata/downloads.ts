import {createHash} from 'node:crypto';
import * as z from 'zod';
import type {AccountPool} from '../../accounts/pool-types.ts';
import {RequestFailed} from '../../bitbucket/failures.ts';
import {forEachAtOnce} from '../at-once.ts';
import {type ContentStore, WrongContents} from '../content-store.ts';
import type {Drafting} from '../drafting.ts';
import {type LastSnapshot, readSnapshotJson} from '../last-snapshot.ts';
import type {Mirror} from '../mirror.ts';
import type {Problems} from '../problems.ts';
import type {ReportProgress} from '../progress.ts';
import type {SnapshotTree} from '../snapshot-tree.ts';
import {elementsIn, listFile} from './list-file.ts';
import type {Names} from './metadata-kind.ts';
import {metadataKinds} from './metadata-kinds.ts';
import {readKind} from './read-kind.ts';

const DownloadSchema = z.looseObject({
	name: z.string().min(1),
	size: z.number().optional(),
	created_on: z.string().optional(),
});

/** The file `downloads.json`: each download as Bitbucket describes it, and where its contents lie. */
const SavedDownloadsSchema = z.array(
	z.looseObject({
		download: DownloadSchema,
		/** Hash of its contents, which lie in `downloads/ab/cd/<hash>`; null where they could not be read. */
		sha256: z.string().nullable(),
	}),
);

export type ReadDownloadsOptions = {
	readonly pool: AccountPool;
	readonly path: string;
	readonly slug: string;
	readonly names: Names;
	readonly tree: SnapshotTree;
	readonly last: LastSnapshot | undefined;
	readonly mirror: Mirror;
	readonly store: ContentStore;
	readonly drafting: Drafting;
	readonly problems: Problems;
	readonly progress: ReportProgress;
};

const {file} = metadataKinds.downloads;
const atOnce = 2;

/**
Puts the list of a repository's download files into a snapshot, and their contents into the store. A file of the same name,
size and date as before is not fetched again.

@returns how many files there are.
*/
export async function readDownloads(options: ReadDownloadsOptions): Promise<number> {
	const {pool, names, tree, last, mirror, store, drafting, problems, progress} = options;
	const reading = await readKind(pool, metadataKinds.downloads, names);
	if (reading.kind !== 'read') {
		tree.keep(file);
		if (reading.kind === 'unreadable') {
			problems.add(file, reading.problem);
		} else {
			drafting.settled('downloads');
		}

		return last?.record?.counts.downloads ?? 0;
	}

	const listed = elementsIn(reading.contents).flatMap(({value, raw}) => {
		const download = DownloadSchema.safeParse(value).data;
		return download === undefined ? [] : [{download, raw}];
	});
	const downloads = listed.map(({download}) => download);
	const known = new Map([
		...(drafting.left?.downloads ?? []),
		...knownHashes(await readSnapshotJson(mirror, last, file)),
	]);
	const hashes = new Map<string, string | null>();
	let done = 0;

	await forEachAtOnce(downloads, atOnce, async download => {
		progress('downloads', done, downloads.length, 'files');
		const before = known.get(identityOf(download));
		if (before !== undefined && (await store.sizeOf(before)) !== undefined) {
			hashes.set(download.name, before);
		} else {
			hashes.set(download.name, (await fetchOne(download, options)) ?? null);
		}

		done += 1;
	});

	tree.write(
		file,
		listFile(listed.map(({download, raw}) => savedDownload(raw, hashes.get(download.name) ?? null))),
	);
	await store.sweepParts(new Set(downloads.filter(({name}) => hashes.get(name) === null).map(partOf)));
	drafting.settled('downloads');
	return downloads.length;
}

/** An element of the file: what the list says of a download, byte for byte, and where its contents lie. */
function savedDownload(raw: Buffer, hash: string | null): Buffer {
	return Buffer.concat([
		Buffer.from('{"download": '),
		raw,
		Buffer.from(`, "sha256": ${JSON.stringify(hash)}}`),
	]);
}

async function fetchOne(
	download: z.infer<typeof DownloadSchema>,
	{pool, path, slug, store, drafting, problems}: ReadDownloadsOptions,
): Promise<string | undefined> {
	const {name, size} = download;
	try {
		const {hash} = await store.add(
			async target =>
				pool.download({url: `${path}/downloads/${encodeURIComponent(name)}`, repository: slug}, target),
			{part: partOf(download), ...(size === undefined ? {} : {size})},
		);
		await drafting.fetched(identityOf(download), hash);
		return hash;
	} catch (error) {
		const isExpected = error instanceof RequestFailed && error.reason !== 'no-account';
		if (!isExpected && !(error instanceof WrongContents)) {
			throw error;
		}

		problems.add(file, `the download ${name} could not be read: ${(error as Error).message}`);
		return undefined;
	}
}

function knownHashes(saved: unknown): ReadonlyMap<string, string> {
	const parsed = SavedDownloadsSchema.safeParse(saved);
	return new Map(
		(parsed.success ? parsed.data : []).flatMap(({download, sha256}) =>
			sha256 === null || !/^[0-9a-f]{64}$/.test(sha256) ? [] : [[identityOf(download), sha256] as const],
		),
	);
}

function identityOf({name, size, created_on: createdOn}: z.infer<typeof DownloadSchema>): string {
	return JSON.stringify([name, size, createdOn]);
}

/** Names what came of a file that broke off; another version of it is another one. */
function partOf(download: z.infer<typeof DownloadSchema>): string {
	return createHash('sha256').update(identityOf(download)).digest('hex');
}
