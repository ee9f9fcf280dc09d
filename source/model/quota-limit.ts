import {z} from 'zod';
import {formatDuration, parseDuration} from './duration.ts';

/** The groups of requests that Bitbucket limits apart from one another. */
export const ResourceSchema = z.enum(['api', 'git', 'raw', 'archive', 'webhooks']);
export type Resource = z.infer<typeof ResourceSchema>;
export const resources = ResourceSchema.options;

/** How many requests a rolling window of time may hold. */
export type QuotaLimit = {
	/** Requests, at least 1. */
	readonly requests: number;
	/** Length of the rolling window in milliseconds. */
	readonly windowMilliseconds: number;
};

const hour = 3_600_000;

/** Requests per hour and account, as Atlassian documents them (support page "API request limits"). */
export const documentedLimits: Readonly<Record<Resource, QuotaLimit>> = {
	api: {requests: 1000, windowMilliseconds: hour},
	git: {requests: 60_000, windowMilliseconds: hour},
	raw: {requests: 5000, windowMilliseconds: hour},
	archive: {requests: 1500, windowMilliseconds: hour},
	webhooks: {requests: 1000, windowMilliseconds: hour},
};

/**
Read a limit as people write it: `1000/1h`, `60/10s`.

@returns undefined where it is not a positive number of requests, a slash and a duration.
*/
export function parseQuotaLimit(text: string): QuotaLimit | undefined {
	const [requestsText, durationText, ...rest] = text.trim().split('/');
	if (
		requestsText === undefined ||
		durationText === undefined ||
		rest.length > 0 ||
		!/^\d{1,9}$/.test(requestsText)
	) {
		return undefined;
	}

	const requests = Number(requestsText);
	const windowMilliseconds = parseDuration(durationText);
	return requests > 0 && windowMilliseconds !== undefined ? {requests, windowMilliseconds} : undefined;
}

export function formatQuotaLimit(limit: QuotaLimit): string {
	return `${limit.requests}/${formatDuration(limit.windowMilliseconds)}`;
}

/** A limit in its written form, refused with a sentence that says what was expected. */
export const QuotaLimitTextSchema = z.string().refine(text => parseQuotaLimit(text) !== undefined, {
	error: 'expected REQUESTS/DURATION with at least 1 request, for example 1000/1h or 60/10s',
});
