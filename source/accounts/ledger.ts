import type {DatabaseSync} from 'node:sqlite';
import type {QuotaLimit, Resource} from '../model/quota-limit.ts';
import type {Clock} from '../system/clock.ts';
import {freezeMilliseconds} from './backoff.ts';
import {chooseAccount, type Headroom} from './choice.ts';
import type {QuotaSupply} from './quota-supply.ts';

/** An account that could send a request, with its limit as it is believed now. */
export type LedgerCandidate = {
	readonly account: string;
	readonly limit: QuotaLimit;
	/** Requests of the limit that may be used: less the reserve, at least 1. */
	readonly usable: number;
};

/** A charge that is under way; settle it when the answer is there. */
export type LedgerEntry = {
	readonly id: number;
	readonly account: string;
	readonly resource: Resource;
	readonly windowMilliseconds: number;
	/** Set on the one request that finds out whether a frozen resource has room again. */
	readonly isProbe: boolean;
};

export type ChargeResult =
	| {readonly kind: 'charged'; readonly entry: LedgerEntry}
	| {readonly kind: 'exhausted'; readonly retryAt: number | null};

export type Usage = {
	readonly used: number;
	/** Epoch milliseconds at which the next place frees; null where nothing is used. */
	readonly freesAt: number | null;
	readonly frozenUntil: number | null;
};

/**
The persisted record of what every account has sent: a sliding log per account and resource, shared by all processes of
the machine.

A request counts from the moment its account is chosen until one window and a small margin after its answer: Bitbucket
counts it at some moment in between. A request whose process died before the answer counts as if the answer had come at
the last moment it could.
*/
export type Ledger = {
	/** Chooses the candidate with most headroom and charges it, in one transaction. */
	readonly charge: (
		resource: Resource,
		candidates: readonly LedgerCandidate[],
		requests: number,
	) => ChargeResult;
	/** Counts a request that was sent before its account was known. */
	readonly record: (account: string, resource: Resource, windowMilliseconds: number) => void;
	/** The answer came (or will never come): the entry counts for one more window. */
	readonly settle: (entry: LedgerEntry) => void;
	/** The request was never sent. */
	readonly refund: (entry: LedgerEntry) => void;
	/** The server said 429: leaves the resource alone for a while, longer each time in a row. Returns until when. */
	readonly freeze: (entry: LedgerEntry, retryAfterMilliseconds: number | undefined, random: number) => number;
	/** The server answered: a freeze that has run out is over for good. */
	readonly thaw: (account: string, resource: Resource) => void;
	readonly usage: (account: string, resource: Resource) => Usage;
	/** When the candidate's places open. Openings that lie close together are told as one, at the later moment. */
	readonly supply: (candidate: LedgerCandidate, resource: Resource) => Omit<QuotaSupply, 'label'>;
};

/** The longest that a request may take, in milliseconds; the HTTP client's and git's time-outs lie below. */
const longestRequest = 10 * 60_000;

/**
How much longer than a window an entry is kept, in milliseconds: for the difference between the server's clock and
ours over a window (0.02 %, twice what a bad quartz drifts) and for timers that fire early.
*/
export function settlementMargin(windowMilliseconds: number): number {
	return 25 + Math.ceil(windowMilliseconds / 5000);
}

const tables = `
	CREATE TABLE IF NOT EXISTS ledger_entries (
		id INTEGER PRIMARY KEY,
		account TEXT NOT NULL,
		resource TEXT NOT NULL,
		requests INTEGER NOT NULL,
		counts_until INTEGER NOT NULL
	) STRICT;
	CREATE INDEX IF NOT EXISTS ledger_entries_by_account ON ledger_entries (account, resource, counts_until, requests);
	CREATE TABLE IF NOT EXISTS ledger_freezes (
		account TEXT NOT NULL,
		resource TEXT NOT NULL,
		frozen_until INTEGER NOT NULL,
		step INTEGER NOT NULL,
		probing_until INTEGER NOT NULL DEFAULT 0,
		PRIMARY KEY (account, resource)
	) STRICT;
`;

type FreezeRow = {frozen_until: number; step: number; probing_until: number};

/** The ledger in a state database; with `:memory:` one that lives as long as its process. */
export function createLedger(database: DatabaseSync, clock: Clock): Ledger {
	database.exec(tables);
	const forget = database.prepare(
		'DELETE FROM ledger_entries WHERE account = ? AND resource = ? AND counts_until <= ?',
	);
	const count = database.prepare(
		'SELECT coalesce(sum(requests), 0) AS used, min(counts_until) AS frees FROM ledger_entries WHERE account = ? AND resource = ? AND counts_until > ?',
	);
	const inOrder = database.prepare(
		'SELECT requests, counts_until FROM ledger_entries WHERE account = ? AND resource = ? AND counts_until > ? ORDER BY counts_until',
	);
	const insert = database.prepare(
		'INSERT INTO ledger_entries (account, resource, requests, counts_until) VALUES (?, ?, ?, ?)',
	);
	const extend = database.prepare('UPDATE ledger_entries SET counts_until = ? WHERE id = ?');
	const remove = database.prepare('DELETE FROM ledger_entries WHERE id = ?');
	const freezeOf = database.prepare(
		'SELECT frozen_until, step, probing_until FROM ledger_freezes WHERE account = ? AND resource = ?',
	);
	const putFreeze = database.prepare(
		'INSERT INTO ledger_freezes (account, resource, frozen_until, step) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET frozen_until = excluded.frozen_until, step = excluded.step, probing_until = 0',
	);
	const probe = database.prepare(
		'UPDATE ledger_freezes SET probing_until = ? WHERE account = ? AND resource = ?',
	);
	const endFreeze = database.prepare(
		'DELETE FROM ledger_freezes WHERE account = ? AND resource = ? AND frozen_until <= ?',
	);

	const usedNow = (account: string, resource: Resource, now: number): {used: number; frees: number | null} =>
		count.get(account, resource, now) as {used: number; frees: number | null};

	/** The moment at which so many requests have room again, read off the entries that end first. */
	const roomAt = (account: string, resource: Resource, now: number, surplus: number): number => {
		let left = surplus;
		let moment = now;
		for (const row of inOrder.iterate(account, resource, now)) {
			const entry = row as {requests: number; counts_until: number};
			left -= entry.requests;
			moment = entry.counts_until;
			if (left <= 0) {
				break;
			}
		}

		return moment;
	};

	const headroom = (
		candidate: LedgerCandidate,
		resource: Resource,
		requests: number,
		now: number,
	): Headroom => {
		const {used} = usedNow(candidate.account, resource, now);
		const freeze = freezeOf.get(candidate.account, resource) as FreezeRow | undefined;
		const surplus = used + Math.min(requests, candidate.usable) - candidate.usable;
		return {
			usable: candidate.usable,
			used,
			freesAt: surplus > 0 ? roomAt(candidate.account, resource, now, surplus) : null,
			frozenUntil: freeze !== undefined && freeze.frozen_until > now ? freeze.frozen_until : null,
			probing: freeze !== undefined && freeze.probing_until > now,
		};
	};

	const settledAt = (windowMilliseconds: number): number =>
		Math.ceil(clock.now() + windowMilliseconds + settlementMargin(windowMilliseconds));

	const endProbe = (entry: LedgerEntry): void => {
		if (entry.isProbe) {
			probe.run(0, entry.account, entry.resource);
		}
	};

	const inTransaction = <Result>(work: () => Result): Result => {
		database.exec('BEGIN IMMEDIATE');
		try {
			const result = work();
			database.exec('COMMIT');
			return result;
		} catch (error) {
			database.exec('ROLLBACK');
			throw error;
		}
	};

	return {
		charge: (resource, candidates, requests) =>
			inTransaction(() => {
				const now = clock.now();
				for (const candidate of candidates) {
					forget.run(candidate.account, resource, now);
				}

				const choice = chooseAccount(
					candidates.map(candidate => headroom(candidate, resource, requests, now)),
					requests,
					now,
				);
				const chosen = choice.kind === 'chosen' ? candidates[choice.index] : undefined;
				if (chosen === undefined) {
					return {kind: 'exhausted', retryAt: choice.kind === 'exhausted' ? choice.retryAt : null};
				}

				const {account, limit} = chosen;
				const {windowMilliseconds} = limit;
				const countsUntil = now + longestRequest + windowMilliseconds + settlementMargin(windowMilliseconds);
				// More at once than the whole quota could never be had: it is charged as all of it.
				const charged = Math.min(requests, chosen.usable);
				const {lastInsertRowid} = insert.run(account, resource, charged, Math.ceil(countsUntil));
				const isProbe = freezeOf.get(account, resource) !== undefined;
				if (isProbe) {
					probe.run(now + longestRequest, account, resource);
				}

				return {
					kind: 'charged',
					entry: {id: Number(lastInsertRowid), account, resource, windowMilliseconds, isProbe},
				};
			}),
		record: (account, resource, windowMilliseconds) => {
			insert.run(account, resource, 1, settledAt(windowMilliseconds));
		},
		settle: entry => {
			extend.run(settledAt(entry.windowMilliseconds), entry.id);
			endProbe(entry);
		},
		refund: entry => {
			remove.run(entry.id);
			endProbe(entry);
		},
		freeze: (entry, retryAfterMilliseconds, random) =>
			inTransaction(() => {
				const {account, resource, windowMilliseconds} = entry;
				const now = clock.now();
				const before = freezeOf.get(account, resource) as FreezeRow | undefined;
				// Answers to requests that were under way when the freeze began say nothing new.
				if (before !== undefined && before.frozen_until > now) {
					return before.frozen_until;
				}

				const step = before === undefined ? 0 : before.step + 1;
				const wait = freezeMilliseconds(step, windowMilliseconds, retryAfterMilliseconds, random);
				const until = Math.ceil(now + wait);
				putFreeze.run(account, resource, until, step);
				return until;
			}),
		thaw: (account, resource) => {
			endFreeze.run(account, resource, clock.now());
		},
		supply: ({account, limit, usable}, resource) => {
			const now = clock.now();
			const turnoverMilliseconds = limit.windowMilliseconds + settlementMargin(limit.windowMilliseconds);
			const rows = inOrder.all(account, resource, now) as Array<{requests: number; counts_until: number}>;
			const openings = rows.map(({requests, counts_until}) => ({
				inMilliseconds: counts_until - now,
				places: requests,
			}));
			const used = rows.reduce((sum, {requests}) => sum + requests, 0);
			return {account, usable, free: Math.max(0, usable - used), openings, turnoverMilliseconds};
		},
		usage: (account, resource) => {
			const now = clock.now();
			const {used, frees} = usedNow(account, resource, now);
			const freeze = freezeOf.get(account, resource) as FreezeRow | undefined;
			return {
				used,
				freesAt: frees,
				frozenUntil: freeze !== undefined && freeze.frozen_until > now ? freeze.frozen_until : null,
			};
		},
	};
}
