import type {QuotaLimit, Resource} from '../model/quota-limit.ts';
import type {Clock} from '../system/clock.ts';
import {isProcessAlive} from '../system/process-alive.ts';
import type {DatabaseSync} from '../system/sqlite.ts';
import {chooseAccount, type Headroom} from './choice.ts';
import {type LedgerRows, openLedgerRows, type QuotaRow} from './ledger-rows.ts';
import {prepareLedgerTables, putSumsRight, takeMomentsBack} from './ledger-tables.ts';
import {openLedgerTime} from './ledger-time.ts';
import type {ChargeRequest, ChargeResult, Ledger, LedgerCandidate, LedgerEntry} from './ledger-types.ts';
import {createLedgerViews} from './ledger-views.ts';
import {createLedgerWrites, inTransaction, isBusy} from './ledger-writes.ts';
import {afterNearLimit, afterSuccess, afterThrottle, isCareful, type Trust, trustAt} from './trust.ts';
import {createTurns} from './turns.ts';

export type {
	ChargeRequest,
	ChargeResult,
	Ledger,
	LedgerCandidate,
	LedgerEntry,
	Usage,
} from './ledger-types.ts';

export type LedgerOptions = {
	/**
	Epoch milliseconds until when something may have been sent that is not in the database, because a damaged one was begun
	anew. Until that cannot count any more, nothing is sent.
	*/
	readonly lostAt?: number | undefined;
	/** This process, as others know it. */
	readonly processId?: number;
	readonly isAlive?: (processId: number) => boolean;
};

/**
How long after its charge a request may reach the server at the latest, in milliseconds. One that takes longer than this, a large
download or fetch, has been counted when it began.
*/
const longestRequest = 10 * 60_000;

/** Nothing that is noted of an account holds for longer: twice the longest window of a limit. */
const longestRest = 2 * 86_400_000;

/** A probe whose process died is given up after this. */
const longestProbe = 60_000;

/** What a process sent before it was killed has reached the server by then, or never will. */
const longestOnTheWay = 10_000;

/** When to ask again after another process held the database for too long. */
const busyMilliseconds = 500;

/** How long an account with room is left to a pool whose turn it is, before it is asked about again. */
const yieldMilliseconds = 20;

/**
How much longer than a window an entry is kept, in milliseconds: for the difference between the server's clock and
ours over a window (0.02 %, twice what a bad quartz drifts), for timers that fire early, and for how coarsely two processes
know how long the machine slept.
*/
export function settlementMargin(windowMilliseconds: number): number {
	return 25 + Math.ceil(windowMilliseconds / 5000);
}

/** How long after its answer a request counts, in milliseconds. */
function turnover({windowMilliseconds}: Pick<QuotaLimit, 'windowMilliseconds'>): number {
	return windowMilliseconds + settlementMargin(windowMilliseconds);
}

/** The ledger in a state database; with `:memory:` one that lives as long as its process. */
export function createLedger(database: DatabaseSync, clock: Clock, options: LedgerOptions = {}): Ledger {
	const {processId = process.pid, isAlive = isProcessAlive} = options;
	const writes = createLedgerWrites(database);
	const {rows, time, turns} = inTransaction(database, () => {
		const {wasLost} = prepareLedgerTables(database);
		putSumsRight(database);
		return {
			rows: openLedgerRows(database),
			time: openLedgerTime(database, clock, wasLost ? clock.now() : options.lostAt),
			turns: createTurns(database),
		};
	});
	inTransaction(database, () => {
		takeMomentsBack(database, Math.ceil(time.now() + longestRest));
		settleOfTheDead(rows, time.now(), id => id === processId || isAlive(id));
	});

	const knownFrom = (windowMilliseconds: number): number =>
		time.knownFrom(windowMilliseconds + settlementMargin(windowMilliseconds));

	const headroom = (
		candidate: LedgerCandidate,
		{resource, requests, owner, insists}: ChargeRequest,
		row: QuotaRow,
		others: ReadonlyMap<string, number>,
		now: number,
	): Headroom => {
		const {account, usable, limit} = candidate;
		const trust = trustAt(row.trust, now);
		const surplus = row.used + Math.min(requests, usable) - usable;
		const least = others.get(account);
		const frozenUntil = Math.max(trust.frozenUntil, knownFrom(limit.windowMilliseconds));
		const isAhead = !insists && least !== undefined && turns.isAhead({owner, account, resource}, least);
		return {
			usable,
			used: row.used,
			foreign: trust.foreign,
			freesAt:
				surplus > 0 ? rows.roomAt(account, resource, surplus, now + longestRequest + turnover(limit)) : null,
			frozenUntil: frozenUntil > now ? frozenUntil : null,
			isCareful: isCareful(trust),
			isProbing: row.probingUntil > now,
			yieldsUntil: isAhead ? now + yieldMilliseconds : null,
		};
	};

	const enter = (
		candidate: Pick<LedgerCandidate, 'account' | 'limit'>,
		resource: Resource,
		requests: number,
		isProbe: boolean,
	): LedgerEntry => {
		const {account, limit} = candidate;
		const now = time.now();
		const countsUntil = now + longestRequest + turnover(limit);
		const id = rows.insert({account, resource, requests, countsUntil, chargedAt: now, owner: processId});
		if (isProbe) {
			rows.putProbing(account, resource, now + longestProbe);
		}

		return {id, account, resource, limit, chargedAt: now, isProbe};
	};

	const charge = (request: ChargeRequest): ChargeResult => {
		const {resource, candidates, requests, owner} = request;
		const now = time.now();
		rows.forget(now);
		const others = turns.others(owner, resource, now);
		const quotaOf = rows.quotas(
			candidates.map(({account}) => account),
			resource,
		);
		const choice = chooseAccount(
			candidates.map(candidate => headroom(candidate, request, quotaOf(candidate.account), others, now)),
			requests,
			now,
		);
		if (choice.kind === 'exhausted') {
			for (const {account} of candidates) {
				turns.wait({owner, account, resource}, now, others.get(account));
			}

			return choice;
		}

		const chosen = candidates[choice.index] as LedgerCandidate;
		// More at once than the whole quota could never be had: it is charged as all of it.
		const charged = Math.min(requests, chosen.usable);
		const least = others.get(chosen.account);
		if (least !== undefined) {
			turns.take({owner, account: chosen.account, resource}, charged, now, least);
		}

		return {kind: 'charged', entry: enter(chosen, resource, charged, choice.isAlone)};
	};

	/** Lets an answer change how far the count is believed. */
	const judge = (
		{account, resource, limit}: LedgerEntry,
		change: (trust: Trust, context: Parameters<typeof afterSuccess>[1]) => Trust,
	): void => {
		const {requests, windowMilliseconds} = limit;
		const now = time.now();
		const {used, trust} = rows.quota(account, resource);
		const changed = change(trust, {now, limit: requests, windowMilliseconds, used});
		if (changed !== trust) {
			rows.putTrust(account, resource, changed);
		}
	};

	/** Writes the end of an entry, and of the probe that it may have been. */
	const end = ({isProbe, account, resource}: LedgerEntry, work: () => void): void => {
		if (isProbe) {
			writes.several(() => {
				work();
				rows.putProbing(account, resource, 0);
			});
		} else {
			writes.one(work);
		}
	};

	return {
		charge: request => {
			try {
				return writes.withLate(() => charge(request));
			} catch (error) {
				if (isBusy(error)) {
					return {kind: 'exhausted', retryAt: time.now() + busyMilliseconds, isYielding: false};
				}

				throw error;
			}
		},
		waitOnlyFor: (owner, resource, accounts) => {
			if (turns.isWaiting(owner, resource)) {
				writes.several(() => turns.waitOnlyFor(owner, resource, accounts, time.now()));
			}
		},
		record: (account, resource, limit) =>
			inTransaction(database, () => enter({account, limit}, resource, 1, false)),
		settle: entry => {
			const countsUntil = time.now() + turnover(entry.limit);
			end(entry, () => rows.settle(entry.id, countsUntil));
		},
		refund: entry => {
			end(entry, () => rows.remove(entry.id));
		},
		throttled: (entry, retryAfterMilliseconds, random) => {
			const {chargedAt} = entry;
			writes.several(() => {
				judge(entry, (trust, context) =>
					afterThrottle(trust, context, {chargedAt, retryAfterMilliseconds, random}),
				);
			});
		},
		succeeded: (entry, told) => {
			const {trust} = rows.quota(entry.account, entry.resource);
			if (trust.throttledAt !== null || trust.foreign > 0) {
				writes.several(() => judge(entry, afterSuccess));
			}

			if (told?.nearLimit) {
				writes.several(() => judge(entry, afterNearLimit));
			}
		},
		tell: (account, resource, requests) => {
			writes.one(() => rows.putTold(account, resource, requests));
		},
		told: (account, resource) => rows.quota(account, resource).told,
		...createLedgerViews({rows, time, clock, turnover, knownFrom}),
	};
}

/**
Requests that were under way when their process died were sent before it died: there is no need to count them for as long
as a request may take. A git that it started may live on, so that those of git are left as they are.
*/
function settleOfTheDead(rows: LedgerRows, now: number, isAlive: (processId: number) => boolean): void {
	for (const {id, owner, chargedAt, countsUntil} of rows.underWay()) {
		if (!isAlive(owner)) {
			rows.settle(
				id,
				Math.min(countsUntil, countsUntil - longestRequest - chargedAt + now + longestOnTheWay),
			);
		}
	}
}
