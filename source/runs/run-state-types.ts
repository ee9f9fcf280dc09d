import type {Resource} from '../model/quota-limit.ts';
import type {RepositoryStatus} from '../model/repository-status.ts';
import type {ForecastBasis, RunStatus, Stage} from './events.ts';
import type {LayeredMap} from './layered-map.ts';
import type {MinuteRate} from './minute-rates.ts';
import type {RepositoryOrder} from './repository-order.ts';

/** The last word on one account's quota for one resource. */
export type QuotaView = {
	/** Requests that the window may hold, the reserve included. */
	readonly limit: number;
	readonly windowMs: number;
	/** Requests that count now. */
	readonly used: number;
	/** Requests that may still be sent; the reserve is not among them. */
	readonly remaining: number;
	readonly reserve: number;
	/** ISO-8601 time at which the next place frees; null where nothing is used. */
	readonly resets: string | null;
	/** ISO-8601 time until which it is left alone after a 429; null where it is not frozen. */
	readonly frozenUntil: string | null;
	/** It is left alone because the ledger was damaged, not after a 429. */
	readonly ledgerLost: boolean;
	/** The part of `used` that others are believed to have sent through the account. */
	readonly others: number;
	/** After a 429: requests go out one at a time. */
	readonly oneByOne: boolean;
	readonly source: 'estimate' | 'server';
	readonly perMinute: number;
	/** What was said at the ends of the last minutes, oldest first; the last one is of the minute that goes on. */
	readonly minutes: readonly MinuteRate[];
	/** Requests that the run has sent so far; absent in old journals. */
	readonly sent?: number;
	/** ISO-8601 time at which this was said. */
	readonly at: string;
};

export type RunAccount = {
	readonly id: string;
	readonly label: string;
	/** Labels of all credentials that sign in as this account. */
	readonly credentials: readonly string[];
	readonly limits: Readonly<Partial<Record<Resource, {readonly limit: number; readonly windowMs: number}>>>;
	/** Resources of which the run has spoken; the others are not in use. */
	readonly quotas: Readonly<Partial<Record<Resource, QuotaView>>>;
	readonly failed?: {readonly reason: string; readonly status: number | null; readonly at: string};
	/** HTTP requests really sent, and how many of them were answered 429; known once the run is over. */
	readonly sent?: {
		readonly requests: Readonly<Partial<Record<Resource, number>>>;
		readonly throttled: number;
	};
};

/** How far a piece of work has come. */
export type Progress = {
	readonly stage: Stage;
	readonly done: number;
	/** 0 where it is not known. */
	readonly total: number;
	/** What is counted: `objects`, `bytes`, `pull requests` … */
	readonly unit?: string;
};

export type RunRepository = Partial<Progress> & {
	/** Slug. */
	readonly name: string;
	readonly state: 'running' | RepositoryStatus;
	readonly startedAt: string;
	readonly finishedAt?: string;
	/** Id of its snapshot; null where it has none. */
	readonly snapshot?: string | null;
	readonly problems: readonly string[];
	readonly bytes: number;
	/** HTTP requests sent for it; known once it is finished. */
	readonly requests?: Readonly<Partial<Record<Resource, number>>>;
};

export type RunCounts = {
	/** Not begun yet. */
	readonly waiting: number;
	readonly running: number;
	readonly backedUp: number;
	readonly unchanged: number;
	readonly partial: number;
	readonly failed: number;
};

export type RunProblem = {
	readonly at: string;
	/** Slug, label of an account, or the organization's workspace. */
	readonly where: string;
	readonly text: string;
	/** How many repositories said the same; `where` is the first of them. */
	readonly times: number;
};

/** What was foretold of a run. Requests are HTTP requests by resource; times are ISO-8601. */
export type ForecastView = {
	/** When it was said. */
	readonly at: string;
	/** Sent until then. */
	readonly sent: Readonly<Partial<Record<Resource, number>>>;
	/** Still to be sent. */
	readonly requests: Readonly<
		Partial<Record<Resource, {readonly low: number; readonly likely: number; readonly high: number}>>
	>;
	readonly endsAt: {readonly soonest: string; readonly likely: string; readonly latest: string};
	readonly decidedBy: 'quota' | 'pace';
	readonly resource: Resource;
	readonly accounts: number;
	readonly basis: ForecastBasis;
};

/** Everything that a view of a run shows. */
export type RunState = {
	readonly run: string;
	readonly plan: string;
	readonly organization: string;
	readonly pid?: number;
	readonly startedAt?: string;
	readonly finishedAt?: string;
	/** `interrupted` is never reached by events: whoever finds that the run's process is gone calls `interruptRun`. */
	readonly status: 'starting' | 'running' | RunStatus | 'interrupted';
	/** ISO-8601 time since when it has been paused; absent while it is not. */
	readonly pausedSince?: string;
	/** How long it was paused in all, the pause that goes on left out. */
	readonly pausedMs: number;
	/** ISO-8601 time since when Bitbucket has given no usable answer; absent while it does. */
	readonly outageSince?: string;
	readonly accounts: readonly RunAccount[];
	/** By slug, those that were begun, in that order. */
	readonly repositories: LayeredMap<RunRepository>;
	/** Those and the ones that wait, as far as their names are known, as a list shows them. */
	readonly order: RepositoryOrder;
	/** The workspace's own data; absent until it is begun. */
	readonly workspace?: Progress;
	/** Repositories that the plan covers. */
	readonly total: number;
	readonly counts: RunCounts;
	readonly problems: readonly RunProblem[];
	/** The last forecast; absent in old journals, and where nothing could be foretold. */
	readonly forecast?: ForecastView;
	/** The first one, for comparing with what happened; absent where the run was not to be executed. */
	readonly firstForecast?: ForecastView;
	/** HTTP requests of finished repositories; of the whole run once it is over. */
	readonly requests: number;
	/** Times that an account's resource was frozen after a 429; answers with status 429 once the run is over. */
	readonly throttled: number;
	readonly bytes: number;
	/** ISO-8601 time of the last event; empty before the first one. */
	readonly lastEventAt: string;
};
