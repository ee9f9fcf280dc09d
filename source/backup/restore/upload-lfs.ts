import {createReadStream} from 'node:fs';
import {join} from 'node:path';
import got, {RequestError} from 'got';
import * as z from 'zod';
import {GitRefused, type GitSignIn} from '../../accounts/pool-types.ts';
import {userAgent} from '../../accounts/user-agent.ts';
import {basicAuthorization} from '../../bitbucket/authentication.ts';
import {RequestFailed} from '../../bitbucket/failures.ts';
import {isSafeOrigin} from '../../model/organization.ts';
import {countOf} from '../../runs/amounts.ts';
import {forEachAtOnce} from '../at-once.ts';
import {batchLength} from '../lfs/batch.ts';
import type {LfsObject} from '../lfs/pointer.ts';
import {storedPath} from './copy-checked.ts';
import type {RestoreProgress} from './restore-progress.ts';

const mediaType = 'application/vnd.git-lfs+json';
const atOnce = 4;

const ActionSchema = z.looseObject({
	href: z.string(),
	header: z.record(z.string(), z.string()).default({}),
});

/** What the server wants done with one object (https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md). */
const UploadSchema = z.looseObject({
	oid: z.string(),
	actions: z.looseObject({upload: ActionSchema.optional(), verify: ActionSchema.optional()}).optional(),
	error: z.looseObject({code: z.number(), message: z.string().optional()}).optional(),
});
type Upload = z.infer<typeof UploadSchema>;
type Action = z.infer<typeof ActionSchema>;

const BatchSchema = z.looseObject({objects: z.array(UploadSchema)});

export type UploadLfsOptions = {
	/** Ends in `.git`; the LFS server is below it. */
	readonly cloneUrl: string;
	readonly withSignIn: <Result>(work: (signIn: GitSignIn) => Promise<Result>) => Promise<Result>;
	/** Holds the objects, each known to be what its id says. */
	readonly folder: string;
	readonly objects: readonly LfsObject[];
	readonly progress: RestoreProgress;
	readonly signal: AbortSignal;
};

export type UploadedLfs = {
	/** How many objects the server has now. */
	readonly uploaded: number;
	/** What was not uploaded, in sentences. */
	readonly problems: readonly string[];
};

/** One object was not taken; the others may be. */
class UploadFailed extends Error {
	override name = 'UploadFailed';
}

/**
Uploads LFS objects to the organization's own server, in process. The credential goes to the clone's own origin alone; where
the server says that an object belongs elsewhere, it is sent with the headers that came with the link and no other.

@throws the signal's reason.
*/
export async function uploadLfsObjects(options: UploadLfsOptions): Promise<UploadedLfs> {
	const {objects, progress, signal} = options;
	let done = 0;
	let reason = '';
	for (let start = 0; start < objects.length; start += batchLength) {
		const some = objects.slice(start, start + batchLength);
		let uploads: ReadonlyMap<string, Upload>;
		try {
			uploads = await askForUploads(some, options);
		} catch (error) {
			if (!(error instanceof RequestFailed || error instanceof UploadFailed)) {
				throw error;
			}

			return {uploaded: done, problems: [notUploaded(objects.length - done, error.message)]};
		}

		await forEachAtOnce(some, atOnce, async object => {
			try {
				await upload(object, uploads.get(object.oid), options);
				done += 1;
			} catch (error) {
				signal.throwIfAborted();
				if (!(error instanceof RequestFailed || error instanceof UploadFailed)) {
					throw error;
				}

				reason = error.message;
			}

			progress('lfs', done, objects.length, 'objects');
		});
	}

	return {
		uploaded: done,
		problems: done === objects.length ? [] : [notUploaded(objects.length - done, reason)],
	};
}

export function notUploaded(count: number, reason: string): string {
	return `${countOf(count, 'LFS object')} could not be uploaded: ${reason}`;
}

async function askForUploads(
	objects: readonly LfsObject[],
	{cloneUrl, withSignIn, signal}: UploadLfsOptions,
): Promise<ReadonlyMap<string, Upload>> {
	const {statusCode, body} = await withSignIn(async signIn =>
		post(
			`${cloneUrl}/info/lfs/objects/batch`,
			{operation: 'upload', transfers: ['basic'], hash_algo: 'sha256', objects},
			{authorization: basicAuthorization(signIn.username, signIn.password)},
			signal,
		),
	);
	const batch = statusCode === 200 ? parseBatch(body) : undefined;
	if (batch === undefined) {
		throw new UploadFailed(`the server offers no LFS there (it said ${statusCode})`);
	}

	return new Map(batch.objects.map(object => [object.oid, object]));
}

async function upload(
	object: LfsObject,
	answer: Upload | undefined,
	options: UploadLfsOptions,
): Promise<void> {
	if (answer?.error !== undefined) {
		throw new UploadFailed(`the LFS server said ${answer.error.code}: ${answer.error.message ?? ''}`);
	}

	// What is there already needs no action.
	if (answer?.actions?.upload !== undefined) {
		await put(object, answer.actions.upload, options);
		if (answer.actions.verify !== undefined) {
			await verify(object, answer.actions.verify, options);
		}
	}
}

async function put({oid, size}: LfsObject, {href, header}: Action, options: UploadLfsOptions): Promise<void> {
	if (!isSafeOrigin(originOf(href))) {
		throw new UploadFailed('the LFS server names a place that nothing is sent to');
	}

	const {statusCode} = await got
		.put(href, {
			headers: {
				'user-agent': userAgent,
				'content-type': 'application/octet-stream',
				...header,
				'content-length': String(size),
			},
			body: createReadStream(join(options.folder, storedPath(oid))),
			followRedirect: false,
			throwHttpErrors: false,
			retry: {limit: 0},
			timeout: {connect: 10_000, response: 90_000, socket: 60_000},
			signal: options.signal,
		})
		.catch((error: unknown) => {
			throw error instanceof RequestError
				? new UploadFailed(`the connection to ${new URL(href).host} failed (${error.code})`)
				: error;
		});
	if (statusCode < 200 || statusCode >= 300) {
		throw new UploadFailed(`${new URL(href).host} said ${statusCode}`);
	}
}

/** Tells the LFS server that an object has arrived, where it wants to be told. */
async function verify(
	{oid, size}: LfsObject,
	{href, header}: Action,
	{cloneUrl, withSignIn, signal}: UploadLfsOptions,
): Promise<void> {
	const isOwn = originOf(href) === new URL(cloneUrl).origin && header['Authorization'] === undefined;
	const {statusCode} = isOwn
		? await withSignIn(async signIn => {
				const authorization = basicAuthorization(signIn.username, signIn.password);
				return post(href, {oid, size}, {...header, authorization}, signal);
			})
		: await post(href, {oid, size}, header, signal);
	if (statusCode < 200 || statusCode >= 300) {
		throw new UploadFailed(`the LFS server does not find what was uploaded (it said ${statusCode})`);
	}
}

async function post(
	url: string,
	body: unknown,
	headers: Readonly<Record<string, string>>,
	signal: AbortSignal,
): Promise<{readonly statusCode: number; readonly body: string}> {
	if (!isSafeOrigin(originOf(url))) {
		throw new UploadFailed('the LFS server names a place that nothing is sent to');
	}

	const answer = await got
		.post(url, {
			headers: {'user-agent': userAgent, accept: mediaType, 'content-type': mediaType, ...headers},
			body: JSON.stringify(body),
			responseType: 'text',
			followRedirect: false,
			throwHttpErrors: false,
			retry: {limit: 0},
			timeout: {connect: 10_000, response: 90_000, socket: 60_000},
			signal,
		})
		.catch((error: unknown) => {
			signal.throwIfAborted();
			throw error instanceof RequestError
				? new GitRefused('connection', `the LFS server could not be reached (${error.code})`)
				: error;
		});
	const reason = refusalOf(answer.statusCode);
	if (reason !== undefined) {
		throw new GitRefused(reason, `the LFS server said ${answer.statusCode}`);
	}

	return answer;
}

/** Why another attempt may get what this one did not; other answers are for the caller to judge. */
function refusalOf(status: number): GitRefused['reason'] | undefined {
	switch (status) {
		case 401:
			return 'unauthorized';
		case 403:
			return 'forbidden';
		case 429:
			return 'rate-limited';
		default:
			return status >= 500 && status !== 501 ? 'connection' : undefined;
	}
}

function parseBatch(body: string): z.infer<typeof BatchSchema> | undefined {
	try {
		return BatchSchema.safeParse(JSON.parse(body)).data;
	} catch {
		return undefined;
	}
}

function originOf(address: string): string {
	return URL.canParse(address) ? new URL(address).origin : '';
}
