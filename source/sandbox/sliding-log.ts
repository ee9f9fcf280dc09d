/** Moments at which something was counted, as far as they still lie in the window. Times are milliseconds that never go back. */
export type SlidingLog = {
	readonly add: (time: number, times?: number) => void;
	/** How many were counted in the window that ends at `time`. */
	readonly used: (time: number) => number;
	/** From when on fewer than `limit` are in the window, if nothing is added. */
	readonly freesAt: (time: number, limit: number) => number;
};

/** A moment is in the window until exactly one window later. */
export function createSlidingLog(windowMilliseconds: number): SlidingLog {
	let moments: number[] = [];
	let first = 0;

	const forget = (time: number) => {
		while (first < moments.length && (moments[first] ?? 0) + windowMilliseconds <= time) {
			first += 1;
		}

		// Cutting now and then keeps the memory of the window only, at a constant price a moment.
		if (first > 1024 && first * 2 > moments.length) {
			moments = moments.slice(first);
			first = 0;
		}
	};

	return {
		add(time, times = 1) {
			forget(time);
			for (let count = 0; count < times; count++) {
				moments.push(time);
			}
		},
		used(time) {
			forget(time);
			return moments.length - first;
		},
		freesAt(time, limit) {
			forget(time);
			const blocking = moments[moments.length - limit];
			return limit <= 0 || blocking === undefined || moments.length - limit < first
				? time
				: blocking + windowMilliseconds;
		},
	};
}
