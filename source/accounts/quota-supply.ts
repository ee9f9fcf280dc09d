/**
What one account may send to one resource from now on, if nobody else uses the account: places that are free, and places
that open when the requests in them stop counting. A place that is used opens again one turnover later.
*/
export type QuotaSupply = {
	readonly account: string;
	readonly label: string;
	/** Places in all: the limit less the reserve. */
	readonly usable: number;
	/** Places that are free now; 0 while the resource is frozen. */
	readonly free: number;
	/** When the other places open, in milliseconds from now, soonest first. With `free` they add up to `usable`. */
	readonly openings: readonly QuotaOpening[];
	/** How long after a request has been answered its place opens again, in milliseconds: the window and a margin. */
	readonly turnoverMilliseconds: number;
};

export type QuotaOpening = {readonly inMilliseconds: number; readonly places: number};

/**
Tells when places open, from the entries that take them.

@param entries Those that count, with the moments at which they stop to.
@param opensAt Nothing is free before this moment: the resource is frozen.
*/
export function openingsOf({
	usable,
	entries,
	now,
	opensAt,
}: {
	readonly usable: number;
	readonly entries: ReadonlyArray<{readonly requests: number; readonly countsUntil: number}>;
	readonly now: number;
	readonly opensAt: number;
}): Pick<QuotaSupply, 'free' | 'openings'> {
	const places = new Map<number, number>();
	let taken = 0;
	const add = (moment: number, requests: number): void => {
		// What counts beyond the usable part (the reserve was cut into) opens no place that may be used.
		const some = Math.min(requests, usable - taken);
		if (some > 0) {
			taken += some;
			const opening = Math.max(0, Math.ceil(Math.max(moment, opensAt) - now));
			places.set(opening, (places.get(opening) ?? 0) + some);
		}
	};

	for (const {requests, countsUntil} of [...entries].sort((a, b) => b.countsUntil - a.countsUntil)) {
		add(countsUntil, requests);
	}

	const free = opensAt > now ? 0 : usable - taken;
	add(opensAt, usable - taken - free);
	const openings = [...places]
		.map(([inMilliseconds, count]) => ({inMilliseconds, places: count}))
		.sort((a, b) => a.inMilliseconds - b.inMilliseconds);
	return {free, openings};
}
