import {documentedLimits, parseQuotaLimit, type QuotaLimit, type Resource} from '../model/quota-limit.ts';

/** What a person set for an organization's accounts, by resource. */
export type LimitOverrides = Readonly<Partial<Record<Resource, QuotaLimit>>>;

/** A limit, and who says how large it is: documentation and settings, or the server itself. */
export type BelievedLimit = {readonly limit: QuotaLimit; readonly source: 'estimate' | 'server'};

export function limitOverrides({apiLimit}: {readonly apiLimit?: string | undefined}): LimitOverrides {
	const api = apiLimit === undefined ? undefined : parseQuotaLimit(apiLimit);
	return api === undefined ? {} : {api};
}

/**
What an account's limit is believed to be: a person's word goes over the documentation's, the server's over the
documentation's, and the server's over a person's where it is lower.

@param told Requests a window, as the server says; undefined where it has said nothing.
*/
export function believedLimit(
	resource: Resource,
	overrides: LimitOverrides,
	told: number | undefined,
): BelievedLimit {
	const override = overrides[resource];
	const base = override ?? documentedLimits[resource];
	return told === undefined || (override !== undefined && told > override.requests)
		? {limit: base, source: 'estimate'}
		: {limit: {...base, requests: told}, source: 'server'};
}

/** Requests of a limit that may be used when a percentage of it is kept back; always at least 1. */
export function usableRequests(limit: number, reservePercent: number): number {
	return Math.max(1, limit - Math.ceil((limit * reservePercent) / 100));
}
