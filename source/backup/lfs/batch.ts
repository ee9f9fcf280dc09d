import * as z from 'zod';
import {GitRefused, type GitSignIn} from '../../accounts/pool-types.ts';
import {basicAuthorization} from '../../bitbucket/authentication.ts';
import {BodyTooLarge, ConnectionFailed, type HttpClient} from '../../bitbucket/http-client.ts';
import type {LfsObject} from './pointer.ts';

const mediaType = 'application/vnd.git-lfs+json';

/** Most objects that are asked for at once; servers refuse more than some hundred. */
export const batchLength = 100;

/** A link with its headers takes some kilobytes. */
const maximumAnswerBytes = 8 * 1024 * 1024;

/** What the server says about one object (https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md). */
const BatchObjectSchema = z.looseObject({
	oid: z.string(),
	actions: z
		.looseObject({
			download: z
				.looseObject({
					href: z.string(),
					header: z.record(z.string(), z.string()).nullish(),
					/** Seconds; goes before the time. */
					expires_in: z.number().nullish(),
					/** ISO-8601 time. */
					expires_at: z.string().nullish(),
				})
				.nullish(),
		})
		.nullish(),
	error: z.looseObject({code: z.number(), message: z.string().optional()}).nullish(),
});

const BatchSchema = z.looseObject({
	transfer: z.literal('basic').nullish(),
	hash_algo: z.literal('sha256').nullish(),
	/** One that is not what it should be costs no other its link. */
	objects: z.array(BatchObjectSchema.or(z.unknown().transform(() => undefined))),
});

/** Where an object is fetched, and with which headers; or why it cannot be. */
export type LfsLink =
	| {
			readonly kind: 'link';
			readonly href: string;
			readonly headers: Readonly<Record<string, string>>;
			/** Milliseconds since the epoch after which it is good no more; undefined where the server does not say. */
			readonly expiresAt: number | undefined;
	  }
	/** The server has lost it, or never had it. */
	| {readonly kind: 'missing'}
	/** Asking again will not help. */
	| {readonly kind: 'refused'; readonly message: string}
	/** The server could not say: it may later. */
	| {readonly kind: 'failed'; readonly message: string};

/** The LFS server wants nothing of this request, whoever sends it. */
export class BatchRefused extends Error {
	override name = 'BatchRefused';
	readonly status: number | undefined;

	constructor(message: string, status?: number) {
		super(message);
		this.status = status;
	}
}

/**
Asks an LFS server where objects lie. Our credential goes to this address, the clone's own, and nowhere else.

@param now Milliseconds since the epoch.
@returns links by object id, of the objects that were asked for and no others; one that the answer leaves out is missing in it too.
@throws GitRefused when another attempt, through another account, may do better; BatchRefused.
*/
export async function askForLinks(options: {
	readonly http: HttpClient;
	readonly cloneUrl: string;
	readonly signIn: GitSignIn;
	readonly objects: readonly LfsObject[];
	readonly now: () => number;
	readonly signal: AbortSignal;
}): Promise<ReadonlyMap<string, LfsLink>> {
	const {http, cloneUrl, signIn, objects, now, signal} = options;
	const answer = await http
		.attempt(`${cloneUrl}/info/lfs/objects/batch`, {
			method: 'POST',
			authorization: basicAuthorization(signIn.username, signIn.password),
			accept: mediaType,
			headers: {'content-type': mediaType},
			body: JSON.stringify({operation: 'download', transfers: ['basic'], hash_algo: 'sha256', objects}),
			maximumBytes: maximumAnswerBytes,
			signal,
		})
		.catch((error: unknown) => {
			throw connectionProblem(error);
		});
	assertAnswered(answer.status);
	const batch = parseBatchAnswer(answer.body);
	if (batch === undefined) {
		throw new GitRefused('connection', 'the answer of the LFS server is not what it should be');
	}

	const links = new Map<string, LfsLink>();
	const asked = new Set(objects.map(({oid}) => oid));
	for (const object of batch.objects) {
		if (object !== undefined && asked.has(object.oid) && !links.has(object.oid)) {
			links.set(object.oid, linkOf(object, now()));
		}
	}

	return links;
}

function connectionProblem(error: unknown): unknown {
	if (error instanceof ConnectionFailed) {
		return new GitRefused('connection', `the LFS server could not be reached: ${error.message}`);
	}

	return error instanceof BodyTooLarge ? new BatchRefused(`of the LFS server ${error.message}`) : error;
}

/** @throws GitRefused, BatchRefused */
function assertAnswered(status: number): void {
	const said = `the LFS server said ${status}`;
	switch (status) {
		case 200:
			return;
		case 401:
			throw new GitRefused('unauthorized', said);
		case 403:
			throw new GitRefused('forbidden', said);
		case 404:
			// Also what somebody is told who may not see the repository.
			throw new GitRefused('not-found', said);
		case 408:
			throw new GitRefused('connection', said);
		case 429:
			throw new GitRefused('rate-limited', said);
		case 413:
		case 501:
			throw new BatchRefused(said, status);
		default:
			throw status >= 500 ? new GitRefused('connection', said) : new BatchRefused(said, status);
	}
}

function parseBatchAnswer(body: Buffer): z.infer<typeof BatchSchema> | undefined {
	try {
		return BatchSchema.safeParse(JSON.parse(body.toString('utf8'))).data;
	} catch {
		return undefined;
	}
}

/** What a server says of an object that it does not have, or has no more. */
const missingCodes = new Set([404, 410]);

function linkOf({actions, error}: z.infer<typeof BatchObjectSchema>, now: number): LfsLink {
	if (error !== undefined && error !== null) {
		const {code, message = ''} = error;
		const isPassing = code === 408 || code === 429 || code >= 500;
		return missingCodes.has(code)
			? {kind: 'missing'}
			: {
					kind: isPassing ? 'failed' : 'refused',
					message: `the LFS server said ${code}: ${message.slice(0, maximumMessage)}`,
				};
	}

	const download = actions?.download;
	return download === undefined || download === null
		? {kind: 'missing'}
		: {
				kind: 'link',
				href: download.href,
				headers: headersOf(download.header ?? {}),
				expiresAt: expiryOf(download, now),
			};
}

const maximumMessage = 200;

/** Headers that are ours to say, or the connection's. */
const ownHeaders = new Set([
	'accept-encoding',
	'connection',
	'content-length',
	'expect',
	'host',
	'if-range',
	'keep-alive',
	'proxy-authorization',
	'range',
	'te',
	'trailer',
	'transfer-encoding',
	'upgrade',
]);

/** The headers of a link that can be sent: RFC 9110, section 5. */
function headersOf(header: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
	return Object.fromEntries(
		Object.entries(header)
			.map(([name, value]) => [name.toLowerCase(), value] as const)
			.filter(
				([name, value]) =>
					/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) &&
					/^[\t\x20-\x7e\x80-\xff]*$/.test(value) &&
					!ownHeaders.has(name),
			),
	);
}

/** A link that would have expired before it came is one of another clock: nothing is believed of that. */
function expiryOf(
	{
		expires_in: seconds,
		expires_at: time,
	}: {readonly expires_in?: number | null | undefined; readonly expires_at?: string | null | undefined},
	now: number,
): number | undefined {
	const at = typeof seconds === 'number' ? now + seconds * 1000 : Date.parse(time ?? '');
	return at > now ? at : undefined;
}
