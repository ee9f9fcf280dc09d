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
