/** Where the body of an answer goes that may come in several parts, over several attempts. */
export type BodyTarget = {
	/** What is here of it and can be gone on from; undefined where it begins anew. */
	readonly resume: () => BodyStart | undefined;
	/**
	A fresh stream for what comes.

	@param from What `resume` said: what comes is appended. Or 0: it takes the place of what is here.
	@param validator Tells this version of the whole from others; undefined where the server does not.
	*/
	readonly open: (from: number, validator: string | undefined) => NodeJS.WritableStream;
	/** What is here is of no use: the next attempt begins anew. */
	readonly discard: () => void;
};

/** Where a body goes on. */
export type BodyStart = {
	/** Bytes that are here already. */
	readonly from: number;
	/** A strong entity tag of what is here (RFC 9110, section 8.8.3); undefined where the contents are checked in another way. */
	readonly validator?: string | undefined;
};

/** Which part of the whole a body is. */
export type BodyPlace =
	/** The whole comes. */
	| {readonly kind: 'whole'}
	/** The rest comes; `isLast` where nothing is left after it. */
	| {readonly kind: 'rest'; readonly isLast: boolean}
	/** Another part came, or none. */
	| {readonly kind: 'useless'};

/**
What the body of an answer is to one who asked for a part of it, or for all (RFC 9110, section 14).

@param asked What was asked for; undefined where that was the whole.
*/
export function placeOfBody(
	answer: {
		readonly status: number;
		readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
	},
	asked: BodyStart | undefined,
): BodyPlace {
	const {status, headers} = answer;
	if (status !== 206) {
		return {kind: status === 416 ? 'useless' : 'whole'};
	}

	const range = headers['content-range'];
	const [, from, to, total] =
		/^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(typeof range === 'string' ? range.trim() : '') ?? [];
	// A part of something compressed is no part of what it holds; nor is a part of another version.
	const isPlain = (headers['content-encoding'] ?? 'identity') === 'identity';
	const isSame = asked?.validator === undefined || asked.validator === validatorOf(headers);
	return asked !== undefined && isPlain && isSame && Number(from) === asked.from
		? {kind: 'rest', isLast: total === '*' || Number(to) + 1 === Number(total)}
		: {kind: 'useless'};
}

/** The entity tag of an answer by which its rest may be asked for later: a strong one, of a body that came as it is. */
export function validatorOf(
	headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): string | undefined {
	const tag = headers['etag'];
	const isPlain = (headers['content-encoding'] ?? 'identity') === 'identity';
	return isPlain && typeof tag === 'string' && /^"[\x21\x23-\x7e]{1,200}"$/.test(tag) ? tag : undefined;
}

/** A target for what is held in memory, or always begins anew. */
export function plainTarget(open: () => NodeJS.WritableStream): BodyTarget {
	return {resume: () => undefined, open, discard: () => undefined};
}
