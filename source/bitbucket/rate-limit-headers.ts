import {type Resource, ResourceSchema} from '../model/quota-limit.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** What the server says of a limit. Access tokens get these headers, users and OAuth consumers none. */
export type ToldLimit = {
	/** Requests a window. */
	readonly requests?: number;
	/** Which limit it is, where the server names one that we know. */
	readonly resource?: Resource;
	/** The server's warning that less than a fifth of the window is left. */
	readonly nearLimit: boolean;
};

/**
Read `X-RateLimit-Limit` (its leading integer: `60, 60;w=3600` was seen too), `X-RateLimit-Resource` and
`X-RateLimit-NearLimit`, as Atlassian's post on scaled rate limits describes them.
*/
export function toldLimit(headers: Headers): ToldLimit {
	const requests = leadingInteger(headers['x-ratelimit-limit']);
	const resource = ResourceSchema.safeParse(headers['x-ratelimit-resource']);
	return {
		...(requests === undefined || requests < 1 ? {} : {requests}),
		...(resource.success ? {resource: resource.data} : {}),
		nearLimit: String(headers['x-ratelimit-nearlimit']).toLowerCase() === 'true',
	};
}

/** Milliseconds of a `Retry-After` in seconds; its rare form as a date is not given by Bitbucket and not read. */
export function parseRetryAfter(value: string | string[] | undefined): number | undefined {
	const seconds = leadingInteger(value);
	return seconds === undefined ? undefined : seconds * 1000;
}

function leadingInteger(value: string | string[] | undefined): number | undefined {
	const text = Array.isArray(value) ? value[0] : value;
	const digits = /^\s*(\d{1,9})(?!\d)/.exec(text ?? '')?.[1];
	return digits === undefined ? undefined : Number(digits);
}
