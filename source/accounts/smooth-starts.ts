import pThrottle from 'p-throttle';

/** Beyond what those before it may take, a start waits no longer than this, in milliseconds. */
const slackMilliseconds = 2000;

/**
Spreads the starts of requests: no more than so many within any second, however many ask at once.

p-throttle reads the clock that people set. Where it is set back, it would hold the next start until the clock is where it was: for hours, or for
ever. So a start that waits longer than those before it can explain begins anew, with a throttle that knows nothing of the time before; the
ledger holds the limits meanwhile.

@param signal Ends the waiting; whoever waits is told its reason.
@returns resolves when the next request may start.
*/
export function createSmoothing(requestsPerSecond: number, signal: AbortSignal): () => Promise<void> {
	let current = beginThrottle(requestsPerSecond, signal);
	let waiting = 0;

	const next = async (): Promise<void> => {
		const throttle = current;
		const longest = slackMilliseconds + (1000 * waiting) / requestsPerSecond + 1000;
		const watch = setTimeout(() => throttle.end(), longest);
		try {
			await throttle.start();
			return;
		} catch (error) {
			if (signal.aborted || !throttle.hasEnded()) {
				throw error;
			}
		} finally {
			clearTimeout(watch);
		}

		if (current === throttle) {
			current = beginThrottle(requestsPerSecond, signal);
		}

		return next();
	};

	return async () => {
		waiting += 1;
		try {
			await next();
		} finally {
			waiting -= 1;
		}
	};
}

type Throttle = {
	readonly start: () => Promise<void>;
	/** Whoever waits in it is sent away. */
	readonly end: () => void;
	readonly hasEnded: () => boolean;
};

function beginThrottle(requestsPerSecond: number, signal: AbortSignal): Throttle {
	const ended = new AbortController();
	const start = pThrottle({
		limit: requestsPerSecond,
		interval: 1000,
		strict: true,
		signal: AbortSignal.any([signal, ended.signal]),
	})(async () => undefined);
	return {
		start,
		end: () => ended.abort(new Error('The clock was set.')),
		hasEnded: () => ended.signal.aborted,
	};
}
