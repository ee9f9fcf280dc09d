import type {HttpClient} from '../../bitbucket/http-client.ts';
import type {Clock} from '../../system/clock.ts';
import {type ContentStore, ContentsCut, WrongContents} from '../content-store.ts';
import type {LfsLink} from './batch.ts';
import type {AskForBatch} from './batch-asker.ts';
import {downloadObject, LfsDownloadFailed} from './download.ts';
import type {LfsObject} from './pointer.ts';

export type FetchObjectOptions = {
	readonly askForBatch: AskForBatch;
	readonly http: HttpClient;
	readonly store: ContentStore;
	readonly clock: Clock;
	readonly signal: AbortSignal;
	/** Told of each piece that comes how many bytes of it are here. */
	readonly onBytes: (bytes: number) => void;
};

export type FetchOutcome =
	| {readonly kind: 'here'; readonly bytes: number}
	| {readonly kind: 'missing'}
	/** Asking again will not help. */
	| {readonly kind: 'refused'; readonly message: string}
	/** What came is not the object. */
	| {readonly kind: 'wrong'; readonly message: string}
	| {readonly kind: 'failed'; readonly message: string};

/** A connection that broke off after so many bytes has brought the object on, and is made again at once. */
const worthwhileBytes = 1024 * 1024;

/** Fetches one object to the store; what came of one that breaks off stays there for the next time. @throws our own failures. */
export async function fetchObject(
	{oid, size}: LfsObject,
	firstLink: LfsLink,
	options: FetchObjectOptions,
): Promise<FetchOutcome> {
	const {http, store, signal, onBytes} = options;
	const link = await freshLink({oid, size}, firstLink, options);
	if (link.kind !== 'link') {
		return link;
	}

	let farthest = 0;
	for (;;) {
		let reached = 0;
		try {
			const {bytes} = await store.add(async target => downloadObject({http, link, target, signal}), {
				hash: oid,
				size,
				part: oid,
				onBytes: count => {
					reached = count;
					onBytes(count);
				},
			});
			return {kind: 'here', bytes};
		} catch (error) {
			if (error instanceof WrongContents && !(error instanceof ContentsCut)) {
				return {kind: 'wrong', message: error.message};
			}

			if (!(error instanceof LfsDownloadFailed) && !(error instanceof ContentsCut)) {
				throw error;
			}

			if (reached < farthest + worthwhileBytes) {
				return {kind: 'failed', message: error.message};
			}

			farthest = reached;
		}
	}
}

/** The link, or another one where it is good no more now that the object's turn has come. */
async function freshLink(
	object: LfsObject,
	link: LfsLink,
	{askForBatch, clock}: FetchObjectOptions,
): Promise<LfsLink> {
	if (link.kind !== 'link' || link.expiresAt === undefined || clock.now() < link.expiresAt) {
		return link;
	}

	const links = await askForBatch([object]);
	return typeof links === 'string'
		? {kind: 'failed', message: links}
		: (links.get(object.oid) ?? {kind: 'missing'});
}
