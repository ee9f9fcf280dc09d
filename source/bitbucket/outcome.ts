import {parseRetryAfter} from './rate-limit-headers.ts';

/** What an answer means for the one who asked. */
export type Outcome =
	| {readonly kind: 'ok'}
	| {readonly kind: 'redirect'; readonly location: string}
	| {readonly kind: 'rate-limited'; readonly retryAfterMilliseconds?: number | undefined}
	| {readonly kind: 'unauthorized'}
	| {readonly kind: 'forbidden'}
	| {readonly kind: 'not-found'}
	| {readonly kind: 'gone'}
	/** Worth another attempt after a while. */
	| {readonly kind: 'server'}
	/** Not JSON where JSON was asked for; worth another attempt after a while. */
	| {readonly kind: 'malformed'}
	| {readonly kind: 'bad-request'};

const redirects = new Set([301, 302, 303, 307, 308]);

const failures: Readonly<Record<number, Exclude<Outcome['kind'], 'redirect'>>> = {
	401: 'unauthorized',
	403: 'forbidden',
	404: 'not-found',
	408: 'server',
	410: 'gone',
};

/** Reads an answer's meaning from its status, headers and, where JSON is expected, its body. */
export function outcomeOf(
	answer: {
		readonly status: number;
		readonly headers: Readonly<Record<string, string | string[] | undefined>>;
		readonly body: Buffer;
	},
	expected: 'json' | 'anything',
): Outcome {
	const {status, headers} = answer;
	if (status === 429) {
		return {kind: 'rate-limited', retryAfterMilliseconds: parseRetryAfter(headers['retry-after'])};
	}

	const location = headers['location'];
	if (redirects.has(status)) {
		return typeof location === 'string' ? {kind: 'redirect', location} : {kind: 'malformed'};
	}

	if (status >= 200 && status < 300) {
		return expected === 'json' && !isJson(answer.body) ? {kind: 'malformed'} : {kind: 'ok'};
	}

	const known = failures[status];
	if (known !== undefined) {
		return {kind: known};
	}

	// 555 is Bitbucket's own "took too long".
	return status >= 500 ? {kind: 'server'} : {kind: 'bad-request'};
}

function isJson(body: Buffer): boolean {
	try {
		JSON.parse(body.toString('utf8'));
		return true;
	} catch {
		return false;
	}
}
