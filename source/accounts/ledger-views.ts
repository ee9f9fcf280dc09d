import type {QuotaLimit} from '../model/quota-limit.ts';
import type {Clock} from '../system/clock.ts';
import type {LedgerRows} from './ledger-rows.ts';
import type {LedgerTime} from './ledger-time.ts';
import type {Ledger} from './ledger-types.ts';
import {bucketOpenings} from './quota-supply.ts';
import {isCareful, trustAt} from './trust.ts';

/** What people and forecasts see of the ledger; nothing is changed by looking. */
export function createLedgerViews({
	rows,
	time,
	clock,
	turnover,
	knownFrom,
}: {
	readonly rows: LedgerRows;
	readonly time: LedgerTime;
	readonly clock: Clock;
	/** How long after its answer a request counts, in milliseconds. */
	readonly turnover: (limit: QuotaLimit) => number;
	/** Machine time from which on everything that counts is in the ledger. */
	readonly knownFrom: (windowMilliseconds: number) => number;
}): Pick<Ledger, 'supply' | 'usage'> {
	const toWallClock = (moment: number): number => Math.round(clock.now() + moment - clock.elapsed());

	return {
		supply: ({account, limit, usable}, resource) => {
			const now = time.now();
			const {trust} = rows.quota(account, resource);
			const opensAt = Math.max(now, trust.frozenUntil, knownFrom(limit.windowMilliseconds));
			const {foreign, foreignUntil} = trustAt(trust, now);
			const entries = [
				...rows.inOrder(account, resource, now),
				...(foreign > 0 ? [{requests: foreign, countsUntil: foreignUntil}] : []),
			];
			const turnoverMilliseconds = turnover(limit);
			return {
				account,
				usable,
				turnoverMilliseconds,
				...bucketOpenings({usable, entries, now, opensAt, turnoverMilliseconds}),
			};
		},
		usage: (account, resource, windowMilliseconds) => {
			const now = time.now();
			const trust = trustAt(rows.quota(account, resource).trust, now);
			const {used, ends} = rows.usedAt(account, resource, now);
			const known =
				windowMilliseconds === undefined ? Number.NEGATIVE_INFINITY : knownFrom(windowMilliseconds);
			const frozenUntil = Math.max(trust.frozenUntil, known);
			return {
				used: used + trust.foreign,
				foreign: trust.foreign,
				freesAt: ends === undefined ? null : toWallClock(ends),
				frozenUntil: frozenUntil > now ? toWallClock(frozenUntil) : null,
				isLost: known > now,
				isCareful: isCareful(trust),
			};
		},
	};
}
