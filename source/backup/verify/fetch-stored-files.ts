import type {AccountPool} from '../../accounts/pool-types.ts';
import {userAgent} from '../../accounts/user-agent.ts';
import {RequestFailed} from '../../bitbucket/failures.ts';
import {createHttpClient} from '../../bitbucket/http-client.ts';
import {forEachAtOnce} from '../at-once.ts';
import {type ContentStore, createContentStore, WrongContents} from '../content-store.ts';
import {askForLinks, batchLength} from '../lfs/batch.ts';
import {downloadObject, LfsDownloadFailed} from '../lfs/download.ts';
import type {Upstream} from '../upstream.ts';
import type {WantedFile} from './wanted-files.ts';

export type FetchStoredFilesOptions = {
	readonly mirrorFolder: string;
	readonly upstream: Upstream;
	/** Below the API: `/repositories/acme/web-frontend`. */
	readonly path: string;
	readonly pool: AccountPool;
	/** Milliseconds since the epoch. */
	readonly now: number;
	readonly signal: AbortSignal;
};

/** Files that are fetched at the same time. */
const atOnce = 4;

/**
Fetches LFS objects and puts those that come as they were into their places; the next check says which did not.

@throws RequestFailed when nobody may ask.
*/
export async function fetchLfsAnew(
	files: readonly WantedFile[],
	{mirrorFolder, upstream, now, signal}: FetchStoredFilesOptions,
): Promise<void> {
	const store = createContentStore(mirrorFolder, ['lfs', 'objects'], ['lfs', 'tmp']);
	const http = createHttpClient({userAgent});
	const {name, cloneUrl, pool} = upstream;
	for (let start = 0; start < files.length; start += batchLength) {
		const objects = files
			.slice(start, start + batchLength)
			.map(({hash, bytes}) => ({oid: hash, size: bytes ?? 0}));
		const links = await pool.withGit({repository: name, requests: 1}, async ({signIn}) =>
			askForLinks({http, cloneUrl, signIn, objects, now: () => now, signal}),
		);
		await forEachAtOnce(objects, atOnce, async ({oid, size}) => {
			const link = links.get(oid);
			if (link?.kind === 'link') {
				await tryToAdd(store, async target => downloadObject({http, link, target, signal}), {
					hash: oid,
					size,
				});
			}
		});
	}
}

/** Fetches download files by the names under which upstream had them, as long as it has the same contents there. */
export async function fetchDownloadsAnew(
	files: readonly WantedFile[],
	{mirrorFolder, upstream, path, pool}: FetchStoredFilesOptions,
): Promise<void> {
	const store = createContentStore(mirrorFolder, ['downloads'], ['downloads', 'tmp']);
	await forEachAtOnce(files, atOnce, async ({hash, bytes, names}) => {
		for (const name of names) {
			const url = `${path}/downloads/${encodeURIComponent(name)}`;
			const isHere = await tryToAdd(
				store,
				async target => pool.download({url, repository: upstream.name}, target),
				{hash, ...(bytes === undefined ? {} : {size: bytes})},
			);
			if (isHere) {
				return;
			}
		}
	});
}

/** @returns whether it is here now. */
async function tryToAdd(
	store: ContentStore,
	fill: Parameters<ContentStore['add']>[0],
	expected: {readonly hash: string; readonly size?: number},
): Promise<boolean> {
	try {
		await store.add(fill, expected);
		return true;
	} catch (error) {
		const isUpstreams =
			error instanceof WrongContents ||
			error instanceof LfsDownloadFailed ||
			(error instanceof RequestFailed && error.reason !== 'no-account');
		if (!isUpstreams) {
			throw error;
		}

		return false;
	}
}
