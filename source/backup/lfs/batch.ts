import got, {RequestError} from 'got';
import {z} from 'zod';
import {GitRefused, type GitSignIn} from '../../accounts/pool-types.ts';
import {userAgent} from '../../accounts/user-agent.ts';
import {basicAuthorization} from '../../bitbucket/authentication.ts';
import type {LfsObject} from './pointer.ts';

const mediaType = 'application/vnd.git-lfs+json';

/** Most objects that are asked for at once; servers refuse more than some hundred. */
export const batchLength = 100;

/** What the server says about one object (https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md). */
const BatchObjectSchema = z.looseObject({
	oid: z.string(),
	actions: z
		.looseObject({
			download: z
				.looseObject({href: z.string(), header: z.record(z.string(), z.string()).optional()})
				.optional(),
		})
		.optional(),
	error: z.looseObject({code: z.number(), message: z.string().optional()}).optional(),
});

const BatchSchema = z.looseObject({objects: z.array(BatchObjectSchema)});

/** Where an object is fetched, and with which headers; or why it cannot be. */
export type LfsLink =
	| {readonly kind: 'link'; readonly href: string; readonly headers: Readonly<Record<string, string>>}
	/** The server has lost it, or never had it. */
	| {readonly kind: 'missing'}
	| {readonly kind: 'refused'; readonly message: string};

/**
Asks an LFS server where objects lie. Our credential goes to this address, the clone's own, and nowhere else.

@returns links by object id; an object that the answer leaves out is missing in it too.
@throws GitRefused when another attempt, through another account, may do better.
*/
export async function askForLinks(options: {
	readonly cloneUrl: string;
	readonly signIn: GitSignIn;
	readonly objects: readonly LfsObject[];
	readonly signal: AbortSignal;
}): Promise<ReadonlyMap<string, LfsLink>> {
	const {cloneUrl, signIn, objects, signal} = options;
	const answer = await got
		.post(`${cloneUrl}/info/lfs/objects/batch`, {
			headers: {
				'user-agent': userAgent,
				accept: mediaType,
				'content-type': mediaType,
				authorization: basicAuthorization(signIn.username, signIn.password),
			},
			body: JSON.stringify({operation: 'download', transfers: ['basic'], hash_algo: 'sha256', objects}),
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

	const batch = parseBatchAnswer(answer.body);
	if (batch === undefined) {
		throw new GitRefused('connection', 'the answer of the LFS server is not what it should be');
	}

	return new Map(batch.objects.map(object => [object.oid, linkOf(object)]));
}

function refusalOf(status: number): GitRefused['reason'] | undefined {
	if (status === 200) {
		return undefined;
	}

	switch (status) {
		case 401:
			return 'unauthorized';
		case 429:
			return 'rate-limited';
		default:
			return status >= 500 ? 'connection' : 'forbidden';
	}
}

function parseBatchAnswer(body: string): z.infer<typeof BatchSchema> | undefined {
	try {
		return BatchSchema.safeParse(JSON.parse(body)).data;
	} catch {
		return undefined;
	}
}

function linkOf({actions, error}: z.infer<typeof BatchObjectSchema>): LfsLink {
	if (error !== undefined) {
		return error.code === 404 || error.code === 410
			? {kind: 'missing'}
			: {kind: 'refused', message: `the LFS server said ${error.code}: ${error.message ?? ''}`};
	}

	const download = actions?.download;
	return download === undefined
		? {kind: 'missing'}
		: {kind: 'link', href: download.href, headers: download.header ?? {}};
}
