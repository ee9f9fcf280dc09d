/** One account's quota for one resource at the moment of choice. Counts are HTTP requests. */
export type Headroom = {
	/** Requests that this program may have in the window: the limit less the reserve. */
	readonly usable: number;
	readonly used: number;
	/** Epoch milliseconds at which enough places are free again; null where the account has room now. */
	readonly freesAt: number | null;
	/** Epoch milliseconds until which it is left alone after a 429; null where it is not frozen. */
	readonly frozenUntil: number | null;
	/** After a freeze, one request finds out whether the server has room again; set while it is under way. */
	readonly probing: boolean;
};

export type Choice =
	| {readonly kind: 'chosen'; readonly index: number}
	/** Nobody has room; `retryAt` is the first moment at which somebody may, null where only an answer can tell. */
	| {readonly kind: 'exhausted'; readonly retryAt: number | null};

/**
The account for the next request: the one with the greatest part of its quota left, so that equal accounts are used
equally and unequal ones in proportion; of equals the first.

@param requests How many requests are to be charged at once.
*/
export function chooseAccount(candidates: readonly Headroom[], requests: number, now: number): Choice {
	let best: {index: number; share: number} | undefined;
	let retryAt: number | null = null;

	for (const [index, candidate] of candidates.entries()) {
		const opensAt = opening(candidate, now);
		if (opensAt === 'unknown') {
			continue;
		}

		if (opensAt > now) {
			retryAt = Math.min(retryAt ?? opensAt, opensAt);
			continue;
		}

		const share = (candidate.usable - candidate.used - requests) / candidate.usable;
		if (best === undefined || share > best.share) {
			best = {index, share};
		}
	}

	return best === undefined ? {kind: 'exhausted', retryAt} : {kind: 'chosen', index: best.index};
}

function opening(candidate: Headroom, now: number): number | 'unknown' {
	if (candidate.probing) {
		return 'unknown';
	}

	return Math.max(now, candidate.frozenUntil ?? now, candidate.freesAt ?? now);
}
