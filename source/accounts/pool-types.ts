import type {BodyTarget} from '../bitbucket/body-target.ts';
import type {ListElement} from '../bitbucket/list-elements.ts';
import type {QuotaLimit, Resource} from '../model/quota-limit.ts';
import type {QuotaSupply} from './quota-supply.ts';
import type {AccountFailedReport, OutageReport, QuotaReport} from './reports.ts';

/** One thing to read from Bitbucket, through whichever account can. */
export type PoolRequest = {
	/** An absolute address below the API's, or a path below it that starts with `/`: `/repositories/acme?pagelen=100`. */
	readonly url: string;
	/** The limit it counts against; by default what the address says. */
	readonly resource?: Resource;
	/** Slug of the repository it is about: accounts that cannot reach it are left out, and its requests are counted. */
	readonly repository?: string;
	/** `Accept` header; JSON by default. */
	readonly accept?: string;
	/** Cap on the decompressed body, in bytes. */
	readonly maximumBytes?: number;
	/**
	Who may send it, where not every account may.

	`users`: access tokens are no use for the user, members, permissions and snippets.
	`workspace`: what is listed depends on who asks, so one account lists it all: the first (the primary credential's) that
	sees the whole workspace and has not failed.
	*/
	readonly only?: 'users' | 'workspace';
	/**
	Whether the first request of its operation that an account sends goes alone: were it refused for a missing scope, so would
	be all that many repositories want at the same moment.
	*/
	readonly firstAlone?: boolean;
};

/** A successful answer. */
export type PoolAnswer = {
	readonly status: number;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	/** The exact bytes that came, decompressed. */
	readonly body: Buffer;
	/** The body as JSON; it was found to parse already. */
	readonly json: () => unknown;
	/** Id of the account that brought it. */
	readonly account: string;
};

/** One answer of a list. */
export type ListPage = {
	readonly elements: readonly ListElement[];
	/** Elements of the whole list, where Bitbucket counts them. */
	readonly size: number | undefined;
};

/** How git signs in: for one origin only. */
export type GitSignIn = {
	/** `https://bitbucket.org` */
	readonly origin: string;
	readonly username: string;
	readonly password: string;
};

export type GitAccount = {readonly id: string; readonly label: string; readonly signIn: GitSignIn};

/** What an attempt throws inside `withGit` to have it tried through another account. */
export class GitRefused extends Error {
	readonly reason: 'unauthorized' | 'forbidden' | 'not-found' | 'rate-limited' | 'connection';

	constructor(reason: GitRefused['reason'], message: string) {
		super(message);
		this.name = 'GitRefused';
		this.reason = reason;
	}
}

export type AccountState = {
	readonly id: string;
	/** Label of its first credential. */
	readonly label: string;
	/** Labels of all credentials that sign in as this account. */
	readonly credentials: readonly string[];
	readonly limits: Readonly<Record<Resource, QuotaLimit>>;
	/** Set once the account is out for the rest of the pool's life. */
	readonly failed?: {readonly reason: string; readonly status: number | null};
};

export type AccountTotals = {
	readonly account: string;
	readonly label: string;
	/** HTTP requests really sent, probes, retries and redirects included. */
	readonly requests: Readonly<Partial<Record<Resource, number>>>;
	/** Answers with status 429. */
	readonly throttled: number;
};

/** The one way to Bitbucket: every request is charged to an account's ledger before it leaves. */
export type AccountPool = {
	/**
	Waits for quota, sends, retries, changes accounts.

	@throws RequestFailed when everything was tried; the pool's abort reason when it was aborted.
	*/
	readonly get: (request: PoolRequest) => Promise<PoolAnswer>;
	/** Every element of `values` over all pages, in the server's order. A page that fails is asked for again, never skipped. */
	readonly pages: (request: PoolRequest) => AsyncIterable<unknown>;
	/** The same page by page, each element with the exact bytes that came. */
	readonly listPages: (request: PoolRequest) => AsyncIterable<ListPage>;
	/**
	Streams a body into a target. One that can go on where an attempt broke off is asked for the rest alone; a redirect to another host
	is followed without our Authorization.

	@returns how many bytes the last attempt brought.
	@throws what the target throws, besides what `get` does.
	*/
	readonly download: (request: PoolRequest, target: BodyTarget) => Promise<{readonly bytes: number}>;
	/**
	Hands out an account's Git sign-in after charging its `git` resource with as many HTTP requests as the attempt costs.

	An attempt that throws `GitRefused` is made again through another account; any other error is passed on.
	*/
	readonly withGit: <Result>(
		request: {readonly repository: string; readonly requests: number; readonly only?: 'users' | undefined},
		attempt: (account: GitAccount) => Promise<Result>,
	) => Promise<Result>;
	readonly accounts: () => readonly AccountState[];
	/** What each account that has not failed may still send to a resource, the primary credential's account first. */
	readonly supplies: (resource: Resource) => readonly QuotaSupply[];
	/** HTTP requests really sent so far for one repository. */
	readonly requestsOf: (repository: string) => Readonly<Partial<Record<Resource, number>>>;
	readonly totals: () => readonly AccountTotals[];
	/** Reports the last state of every quota and ends what waits in the background. */
	readonly close: () => void;
};

/** What the pool has to say while it works; a runner makes events of it. */
export type PoolChange = QuotaReport | AccountFailedReport | OutageReport;
