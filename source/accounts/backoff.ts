/** Steps of waiting after a 429 without a usable `Retry-After`: a share of the window, doubled each time. */
const firstStepShare = 1 / 240;
const shortestStep = 250;

/**
How long to leave an account's resource alone after a 429, in milliseconds.

Where the server says (`Retry-After` of at most one window), that. Else a fraction of the window that doubles with each
429 in a row, up to the whole window (after that the window must have moved on), with up to a quarter of jitter on top,
so that several programs do not come back together. For Bitbucket's hour: 15 s, 30 s, 1 min … 1 h.

@param step How many 429 came in a row before this one.
@param random A number from 0 to 1.
*/
export function freezeMilliseconds(
	step: number,
	windowMilliseconds: number,
	retryAfterMilliseconds: number | undefined,
	random: number,
): number {
	if (retryAfterMilliseconds !== undefined && retryAfterMilliseconds <= windowMilliseconds) {
		return Math.max(retryAfterMilliseconds, shortestStep);
	}

	const first = Math.max(shortestStep, windowMilliseconds * firstStepShare);
	const wait = Math.min(windowMilliseconds, first * 2 ** Math.min(step, 30));
	return Math.round(wait * (1 + random / 4));
}

/** How long to wait before a request that failed on the way, or at Bitbucket's end, is sent again, in milliseconds. */
export function retryMilliseconds(attempt: number, random: number): number {
	return Math.round(Math.min(30_000, 500 * 2 ** attempt) * (0.75 + random / 2));
}

/** Attempts at one request that fails in a way that may pass (5xx, reset, time-out, cut answer), the first included. */
export const attemptsPerRequest = 5;
