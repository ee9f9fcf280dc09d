import type {Resource} from '../model/quota-limit.ts';

/** The state of one account's quota for one resource; the fields of the event `quota`. */
export type QuotaReport = {
	readonly type: 'quota';
	readonly account: string;
	readonly label: string;
	readonly resource: Resource;
	/** Requests that the window may hold, the reserve included. */
	readonly limit: number;
	readonly windowMs: number;
	/** Requests that count now: our own, and what others are believed to have sent. */
	readonly used: number;
	/** The part of `used` that others (the account's other tools) are believed to have sent. */
	readonly others: number;
	/** Requests that may still be sent now. */
	readonly remaining: number;
	/** Requests kept back for the account's other tools. */
	readonly reserve: number;
	/** ISO-8601 time at which the next place frees; null where nothing is used. */
	readonly resets: string | null;
	/** ISO-8601 time until which the resource is left alone after a 429; null where it is not frozen. */
	readonly frozenUntil: string | null;
	/** It is frozen because the ledger was damaged: it is not known what was sent. */
	readonly ledgerLost: boolean;
	/** After a 429: requests go out one at a time, until it is sure again that there is room. */
	readonly oneByOne: boolean;
	/** Why the account is out for the rest of the run; null where it is not. */
	readonly failed: string | null;
	/** Who says how large the limit is. */
	readonly source: 'estimate' | 'server';
	/** Requests started in the last minute. */
	readonly perMinute: number;
	/** Requests sent so far. */
	readonly sent: number;
};

/** An account that is out for the rest of the run; the fields of the event `account-failed`. */
export type AccountFailedReport = {
	readonly type: 'account-failed';
	readonly account: string;
	readonly label: string;
	/** One sanitized sentence. */
	readonly reason: string;
	readonly status: number | null;
};

/** Bitbucket is down, or works again; the fields of the event `outage`. */
export type OutageReport = {
	readonly type: 'outage';
	/** ISO-8601 time; null where it works again. */
	readonly since: string | null;
};
