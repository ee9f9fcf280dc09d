/** One account's quota for one resource at the moment of choice. Counts are HTTP requests, moments machine time in milliseconds. */
export type Headroom = {
	/** Requests that this program may have in the window: the limit less the reserve. */
	readonly usable: number;
	/** Our own requests that count now. */
	readonly used: number;
	/** Requests that others are believed to have sent. */
	readonly foreign: number;
	/** When enough of our own requests have stopped counting; null where there is room by our own count. */
	readonly freesAt: number | null;
	/** Until when it is left alone after a 429; null where it is not frozen. */
	readonly frozenUntil: number | null;
	/** After a 429, requests go out one at a time. */
	readonly isCareful: boolean;
	/** One that goes out alone is under way. */
	readonly isProbing: boolean;
	/** Somebody else waits for this account and had less of it: it is left to them until this moment; null where nobody does. */
	readonly yieldsUntil: number | null;
};

export type Choice =
	| {
			readonly kind: 'chosen';
			readonly index: number;
			/** Nothing else may go to the account until this one is answered. */
			readonly isAlone: boolean;
	  }
	| {
			readonly kind: 'exhausted';
			/** The first moment at which somebody may have room; null where only an answer can tell. */
			readonly retryAt: number | null;
			/** Whether an account has room that is left to somebody else. */
			readonly isYielding: boolean;
	  };

/**
The account for the next request: the one with the greatest part of its quota left, so that equal accounts are used
equally and unequal ones in proportion; of equals the first.

@param requests How many requests are to be charged at once.
*/
export function chooseAccount(candidates: readonly Headroom[], requests: number, now: number): Choice {
	let best: {index: number; share: number; isAlone: boolean} | undefined;
	let retryAt: number | null = null;
	let isYielding = false;

	for (const [index, candidate] of candidates.entries()) {
		const opensAt = opening(candidate, requests, now);
		if (opensAt === 'unknown') {
			continue;
		}

		if (opensAt > now || candidate.yieldsUntil !== null) {
			const moment = Math.max(opensAt, candidate.yieldsUntil ?? 0);
			retryAt = Math.min(retryAt ?? moment, moment);
			isYielding ||= opensAt <= now;
			continue;
		}

		const {usable, used, foreign} = candidate;
		const share = (usable - used - foreign - requests) / usable;
		if (best === undefined || share > best.share) {
			best = {index, share, isAlone: goesAlone(candidate, requests)};
		}
	}

	return best === undefined
		? {kind: 'exhausted', retryAt, isYielding}
		: {kind: 'chosen', index: best.index, isAlone: best.isAlone};
}

/** What others have used is a guess: beyond it, and after a 429, one request at a time finds out. */
function goesAlone({isCareful, foreign, used, usable}: Headroom, requests: number): boolean {
	return isCareful || (foreign > 0 && used + foreign + requests > usable);
}

function opening(candidate: Headroom, requests: number, now: number): number | 'unknown' {
	const opensAt = Math.max(now, candidate.frozenUntil ?? now, candidate.freesAt ?? now);
	return candidate.isProbing && opensAt <= now && goesAlone(candidate, requests) ? 'unknown' : opensAt;
}
