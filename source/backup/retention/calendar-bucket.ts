import type {KeepPeriod} from '../../model/plan.ts';

const hour = 3_600_000;
const day = 24 * hour;

/**
Number of the hour, day, week (from Monday, as ISO 8601 has it), month or year that a moment falls into, in UTC: two moments
have the same one where they fall into the same.

UTC, as in the names of snapshots: what is kept does not depend on the machine that decides it, nor on daylight saving time.

@param at Milliseconds since the epoch.
*/
export function calendarBucket(period: KeepPeriod, at: number): number {
	const date = new Date(at);
	switch (period) {
		case 'hourly':
			return Math.floor(at / hour);
		case 'daily':
			return Math.floor(at / day);
		case 'weekly':
			// The epoch was a Thursday.
			return Math.floor((at / day + 3) / 7);
		case 'monthly':
			return date.getUTCFullYear() * 12 + date.getUTCMonth();
		case 'yearly':
			return date.getUTCFullYear();
	}
}
