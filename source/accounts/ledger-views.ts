import type {QuotaLimit} from '../model/quota-limit.ts';
import type {Clock} from '../system/clock.ts';
import type {LedgerRows} from './ledger-rows.ts';
import type {LedgerTime} from './ledger-time.ts';
import type {Ledger} from './ledger-types.ts';
import {openingsOf} from './quota-supply.ts';
import {isCareful, trustAt} from './trust.ts';

/** Openings closer together than this share of a turnover are told as one, so that 10,000 are a short list. */
const bucketsPerTurnover = 240;

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
			const turnoverMilliseconds = turnover(limit);
			const opensAt = Math.max(now, trust.frozenUntil, knownFrom(limit.windowMilliseconds));
			const {foreign, foreignUntil} = trustAt(trust, now);
			const entries = [
				...rows.inBuckets(account, resource, now, turnoverMilliseconds / bucketsPerTurnover),
				...(foreign > 0 ? [{requests: foreign, countsUntil: foreignUntil}] : []),
			];
			return {
				account,
				usable,
				turnoverMilliseconds,
				...openingsOf({usable, entries, now, opensAt}),
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
