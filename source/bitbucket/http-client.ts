import {pipeline} from 'node:stream/promises';
import got, {type Headers, RequestError} from 'got';
import {type BodyTarget, placeOfBody, validatorOf} from './body-target.ts';

/** An HTTP answer with any status; its body whole. */
export type HttpAnswer = {
	readonly status: number;
	readonly headers: Headers;
	/** Decompressed. Empty where the body went to a target. */
	readonly body: Buffer;
	/** Decompressed bytes received. */
	readonly bytes: number;
};

export type HttpAttempt = {
	readonly method?: 'GET' | 'POST';
	readonly authorization?: string;
	readonly accept?: string;
	/** Besides those that are sent anyway; they go before them. */
	readonly headers?: Readonly<Record<string, string>>;
	/** Sent as `application/x-www-form-urlencoded`. */
	readonly form?: Readonly<Record<string, string>>;
	/** Sent as it is; `headers` say what it is. */
	readonly body?: string;
	/** Cap on the decompressed body, in bytes; what is held in memory has one of its own. */
	readonly maximumBytes: number;
	readonly signal?: AbortSignal | undefined;
	/** Where the body of a 2xx answer goes instead of memory. What it has already is not asked for again. */
	readonly target?: BodyTarget | undefined;
};

/** No answer came, or it broke off: a refused or reset connection, a time-out, a cut body. */
export class ConnectionFailed extends Error {
	/** `ECONNRESET`, `ETIMEDOUT` … */
	readonly code: string;

	constructor(code: string) {
		super(connectionProblems[code] ?? `the connection failed (${code})`);
		this.name = 'ConnectionFailed';
		this.code = code;
	}
}

/** The body went past its cap; nothing of it was kept. */
export class BodyTooLarge extends Error {
	constructor(maximumBytes: number) {
		super(`the answer is larger than ${maximumBytes} bytes`);
		this.name = 'BodyTooLarge';
	}
}

/** Codes of our own, for answers to a request for a part. */
const otherPart = 'ERR_OTHER_PART';
const onlyPart = 'ERR_ONLY_PART';

const connectionProblems: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'nothing answers at that address',
	ECONNRESET: 'the connection was reset',
	ENOTFOUND: 'that host name is unknown',
	EAI_AGAIN: 'the host name could not be looked up',
	ETIMEDOUT: 'no answer came in time',
	ERR_BODY_PARSE_FAILURE: 'the answer broke off',
	[otherPart]: 'the answer is not the part that was asked for',
	[onlyPart]: 'only a part of the rest came',
};

/** Sends exactly one HTTP request a call: no retry, no redirect, no cookie, no cache. */
export type HttpClient = {
	/** @throws ConnectionFailed, BodyTooLarge, the signal's reason, or the target's own error. */
	readonly attempt: (url: string, attempt: HttpAttempt) => Promise<HttpAnswer>;
};

/** How long Bitbucket may take, in milliseconds. Its own time-out answers (status 555) come after about a minute. */
export type HttpTimeouts = {readonly connect: number; readonly response: number; readonly idle: number};

/** Most bytes of any answer that are held in memory. */
const maximumHeldBytes = 64 * 1024 * 1024;

const defaultTimeouts: HttpTimeouts = {connect: 10_000, response: 90_000, idle: 60_000};

export function createHttpClient(options: {
	readonly userAgent: string;
	readonly timeouts?: HttpTimeouts;
}): HttpClient {
	const timeouts = options.timeouts ?? defaultTimeouts;
	const client = got.extend({
		retry: {limit: 0},
		followRedirect: false,
		throwHttpErrors: false,
		timeout: {
			lookup: timeouts.connect,
			connect: timeouts.connect,
			secureConnect: timeouts.connect,
			socket: timeouts.idle,
			response: timeouts.response,
		},
		headers: {'user-agent': options.userAgent},
	});

	return {
		attempt: async (url, attempt) => {
			attempt.signal?.throwIfAborted();
			const {target} = attempt;
			const asked = target?.resume();
			const stream = client.stream(url, {
				method: attempt.method ?? 'GET',
				headers: {
					accept: attempt.accept ?? 'application/json',
					...(attempt.authorization === undefined ? {} : {authorization: attempt.authorization}),
					...attempt.headers,
					...(target === undefined ? {} : {'accept-encoding': 'identity'}),
					...(asked === undefined ? {} : {range: `bytes=${asked.from}-`}),
					...(asked?.validator === undefined ? {} : {'if-range': asked.validator}),
				},
				...(attempt.form === undefined ? {} : {form: {...attempt.form}}),
				...(attempt.body === undefined ? {} : {body: attempt.body}),
				...(attempt.signal === undefined ? {} : {signal: attempt.signal}),
			});

			let bytes = 0;
			const chunks: Buffer[] = [];
			let maximumBytes = attempt.maximumBytes;
			async function* capped(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
				for await (const chunk of source) {
					bytes += chunk.length;
					if (bytes > maximumBytes) {
						throw new BodyTooLarge(maximumBytes);
					}

					yield chunk;
				}
			}

			try {
				const response = await firstResponse(stream);
				const status = response.statusCode;
				const place = placeOfBody({status, headers: response.headers}, asked);
				if (target !== undefined && place.kind === 'useless') {
					target.discard();
					throw new ConnectionFailed(otherPart);
				}

				if (target !== undefined && status >= 200 && status < 300) {
					const from = place.kind === 'rest' ? (asked?.from ?? 0) : 0;
					await pipeline(stream, capped, target.open(from, validatorOf(response.headers)));
					if (place.kind === 'rest' && !place.isLast) {
						throw new ConnectionFailed(onlyPart);
					}
				} else {
					maximumBytes = Math.min(maximumBytes, maximumHeldBytes);
					for await (const chunk of capped(stream)) {
						chunks.push(chunk);
					}
				}

				return {status, headers: response.headers, body: Buffer.concat(chunks), bytes};
			} catch (error) {
				attempt.signal?.throwIfAborted();
				throw error instanceof RequestError ? new ConnectionFailed(error.code) : error;
			} finally {
				stream.destroy();
			}
		},
	};
}

type GotStream = ReturnType<typeof got.stream>;

async function firstResponse(
	stream: GotStream,
): Promise<{readonly statusCode: number; readonly headers: Headers}> {
	return new Promise((resolve, reject) => {
		stream.once('response', resolve);
		stream.once('error', reject);
	});
}
