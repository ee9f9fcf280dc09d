/** Why a request to Bitbucket brought nothing, after everything that could be tried was tried. */
export type FailureReason =
	/** The credential is wrong, expired or revoked (401). */
	| 'unauthorized'
	/** A scope or a permission is missing (403). */
	| 'forbidden'
	/** It does not exist, or nobody here may see it (404). */
	| 'not-found'
	/** Bitbucket removed it for good (410). */
	| 'gone'
	/** Bitbucket refused the request as wrong (any other 4xx). */
	| 'bad-request'
	/** Bitbucket could not answer (5xx, 555). */
	| 'server'
	/** No connection, a reset, or a time-out. */
	| 'connection'
	/** The answer is not what the API promises: HTML, cut JSON, a link to a stranger. */
	| 'malformed'
	/** The answer is larger than the cap for its kind. */
	| 'too-large'
	/** No account is left that could send it. */
	| 'no-account';

export type RequestFailure = {
	readonly reason: FailureReason;
	/** HTTP status, or null where no answer came. */
	readonly status: number | null;
	/** The address without its query. */
	readonly url: string;
	/** Scopes that the operation accepts and the credential lacks, as far as the answer tells. */
	readonly missingScopes?: readonly string[];
	readonly cause?: unknown;
};

/** A request that failed for good. Its message is one sanitized sentence without secrets. */
export class RequestFailed extends Error {
	readonly reason: FailureReason;
	readonly status: number | null;
	readonly url: string;
	readonly missingScopes: readonly string[];

	constructor(message: string, failure: RequestFailure) {
		super(message, failure.cause === undefined ? undefined : {cause: failure.cause});
		this.name = 'RequestFailed';
		this.reason = failure.reason;
		this.status = failure.status;
		this.url = failure.url;
		this.missingScopes = failure.missingScopes ?? [];
	}
}
