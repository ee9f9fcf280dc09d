import type {QuotaLimit, Resource} from '../model/quota-limit.ts';
import type {QuotaSupply} from './quota-supply.ts';

/** An account that could send a request, with its limit as it is believed now. */
export type LedgerCandidate = {
	readonly account: string;
	readonly limit: QuotaLimit;
	/** Requests of the limit that may be used: less the reserve, at least 1. */
	readonly usable: number;
};

export type ChargeRequest = {
	readonly resource: Resource;
	readonly candidates: readonly LedgerCandidate[];
	/** HTTP requests that are charged at once. */
	readonly requests: number;
	/** Who asks, for taking turns with other pools that wait for the same accounts. */
	readonly owner: string;
	/** Takes what has room, also when it would be another's turn: whose turn it is did not come for it. */
	readonly insists?: boolean;
};

/** A charge that is under way; settle it when the answer is there. */
export type LedgerEntry = {
	readonly id: number;
	readonly account: string;
	readonly resource: Resource;
	readonly limit: QuotaLimit;
	/** Machine time in milliseconds. */
	readonly chargedAt: number;
	/** Set on a request that goes alone, to find out whether the account has room. */
	readonly isProbe: boolean;
};

export type ChargeResult =
	| {readonly kind: 'charged'; readonly entry: LedgerEntry}
	| {
			readonly kind: 'exhausted';
			/** Machine time in milliseconds; null where only an answer can tell. */
			readonly retryAt: number | null;
			/** Whether there is room that is left to another pool. */
			readonly isYielding: boolean;
	  };

export type Usage = {
	/** Requests that count now: our own, and those that others are believed to have sent. */
	readonly used: number;
	/** The part of `used` that others are believed to have sent. */
	readonly foreign: number;
	/** Epoch milliseconds at which the next place frees; null where nothing is used. */
	readonly freesAt: number | null;
	/** Epoch milliseconds; null where it is not frozen. */
	readonly frozenUntil: number | null;
	/** It is frozen because the ledger was damaged, and it is not known what was sent. */
	readonly isLost: boolean;
	/** Requests go out one at a time, until it is sure again that there is room. */
	readonly isCareful: boolean;
};

/**
The persisted record of what every account has sent: a sliding log per account and resource, shared by all processes of
the machine, in time that nobody can set.

A request counts from the moment its account is chosen until one window and a small margin after its answer: Bitbucket
counts it at some moment in between. A request whose process died before the answer counts as if the answer had come at
the last moment it could.
*/
export type Ledger = {
	/** Chooses the candidate with most headroom and charges it, in one transaction. */
	readonly charge: (request: ChargeRequest) => ChargeResult;
	/** Who asked before waits for no other accounts any more. */
	readonly waitOnlyFor: (owner: string, resource: Resource, accounts: ReadonlySet<string>) => void;
	/** Counts a request that is sent without asking whether there is room. */
	readonly record: (account: string, resource: Resource, limit: QuotaLimit) => LedgerEntry;
	/** The answer came (or will never come): the entry counts for one more window. */
	readonly settle: (entry: LedgerEntry) => void;
	/** The request was never sent. */
	readonly refund: (entry: LedgerEntry) => void;
	/** The server said 429: leaves the resource alone for a while, and believes its own count less. @param random From 0 to 1. */
	readonly throttled: (
		entry: LedgerEntry,
		retryAfterMilliseconds: number | undefined,
		random: number,
	) => void;
	/** The server answered anything else. */
	readonly succeeded: (entry: LedgerEntry, told?: {readonly nearLimit: boolean}) => void;
	/** What the server said of an account's limit, kept for later runs. */
	readonly tell: (account: string, resource: Resource, requests: number) => void;
	readonly told: (account: string, resource: Resource) => number | undefined;
	/** @param windowMilliseconds With it, an account of which too little is known after a damage shows as frozen. */
	readonly usage: (account: string, resource: Resource, windowMilliseconds?: number) => Usage;
	/** When the candidate's places open. Openings that lie close together are told as one, at the later moment. */
	readonly supply: (candidate: LedgerCandidate, resource: Resource) => Omit<QuotaSupply, 'label'>;
};
