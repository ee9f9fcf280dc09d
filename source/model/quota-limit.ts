import * as z from 'zod';
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

/** Beyond these a limit is a slip of the hand. */
const largestLimit = 1_000_000;
const shortestWindow = 100;
const longestWindow = 24 * hour;

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

@returns undefined where it is not a number of requests from 1 to a million, a slash and a duration from 100ms to 1d.
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
	const isSensible =
		requests > 0 &&
		requests <= largestLimit &&
		windowMilliseconds !== undefined &&
		windowMilliseconds >= shortestWindow &&
		windowMilliseconds <= longestWindow;
	return isSensible ? {requests, windowMilliseconds} : undefined;
}

export function formatQuotaLimit(limit: QuotaLimit): string {
	return `${limit.requests}/${formatDuration(limit.windowMilliseconds)}`;
}

/** What a written limit looks like, for messages. */
export const quotaLimitForm =
	'REQUESTS/DURATION with 1 to 1000000 requests in 100ms to 1d, for example 1000/1h or 60/10s';

/** A limit in its written form, refused with a sentence that says what was expected. */
export const QuotaLimitTextSchema = z.string().refine(text => parseQuotaLimit(text) !== undefined, {
	error: `expected ${quotaLimitForm}`,
});
