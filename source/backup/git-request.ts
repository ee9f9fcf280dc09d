import {on} from 'node:events';
import got, {type Request, RequestError} from 'got';
import {GitRefused, type GitSignIn} from '../accounts/pool-types.ts';
import {userAgent} from '../accounts/user-agent.ts';
import {basicAuthorization} from '../bitbucket/authentication.ts';

/** A question to a Git server, in its own protocol over HTTP (https://git-scm.com/docs/http-protocol). */
export type GitRequest = {
	readonly method: 'GET' | 'POST';
	readonly url: string;
	/** Content type of the answer; any other is none. */
	readonly type: string;
	/** Of protocol version 2. */
	readonly body?: string;
	/** Milliseconds without a byte after which it is given up. */
	readonly patience: number;
};

/**
Sends a question and gives out the body of its answer as it comes. Nothing is sent again here.

@param read Gets undefined where the answer is of another type. What it throws is passed on.
@throws GitRefused where another attempt, or another account, may do better; the signal's reason.
*/
export async function askGit<Result>(
	{method, url, type, body, patience}: GitRequest,
	signIn: GitSignIn,
	signal: AbortSignal,
	read: (body: AsyncIterable<Buffer> | undefined) => Promise<Result>,
): Promise<Result> {
	const stream = got.stream(url, {
		method,
		headers: {
			'user-agent': userAgent,
			accept: type,
			'accept-encoding': 'identity',
			authorization: basicAuthorization(signIn.username, signIn.password),
			...(body === undefined
				? {}
				: {'content-type': 'application/x-git-upload-pack-request', 'git-protocol': 'version=2'}),
		},
		...(body === undefined ? {} : {body}),
		decompress: false,
		followRedirect: false,
		throwHttpErrors: false,
		retry: {limit: 0},
		timeout: {connect: 10_000, response: Math.max(patience, 90_000), socket: patience},
		signal,
	});
	try {
		const {statusCode, headers} = await responseOf(stream);
		const reason = refusalOf(method, statusCode);
		if (reason !== undefined) {
			throw new GitRefused(reason, `the Git server said ${statusCode} to the question for refs`);
		}

		return await read(headers['content-type'] === type ? chunksOf(stream) : undefined);
	} catch (error) {
		signal.throwIfAborted();
		throw error instanceof RequestError
			? new GitRefused('connection', `the Git server could not be reached (${error.code})`)
			: error;
	} finally {
		// An error that comes after all is known is nobody's business.
		stream.on('error', () => undefined);
		stream.destroy();
	}
}

/** What a stream brings, as it comes: iterated over itself, it would copy what has piled up meanwhile into one piece. */
async function* chunksOf(stream: Request): AsyncGenerator<Buffer> {
	const chunks = on(stream, 'data', {close: ['end', 'close'], highWaterMark: 4, lowWaterMark: 1});
	for await (const [chunk] of chunks) {
		yield chunk as Buffer;
	}
}

type Head = {
	readonly statusCode: number;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
};

async function responseOf(stream: Request): Promise<Head> {
	return new Promise((resolve, reject) => {
		stream.once('response', resolve);
		stream.once('error', reject);
	});
}

/** Why another account, or a later attempt, may get what this one did not; other answers are no refusal. */
function refusalOf(method: GitRequest['method'], status: number): GitRefused['reason'] | undefined {
	switch (status) {
		case 401:
			return 'unauthorized';
		case 403:
		case 404:
		case 410:
			// Who may not see a repository is told that there is none. A server may also refuse who does not greet first.
			return method === 'GET' ? 'forbidden' : undefined;
		case 429:
			return 'rate-limited';
		default:
			return status >= 500 ? 'connection' : undefined;
	}
}
