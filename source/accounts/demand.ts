import {type Resource, resources} from '../model/quota-limit.ts';

/** HTTP requests by the resource that they count against. */
export type Requests = Readonly<Partial<Record<Resource, number>>>;

/** How many requests something may take: never fewer than `low` as far as is known, nor more than `high`. */
export type RequestRange = {readonly low: number; readonly likely: number; readonly high: number};

/** Requests that are to be sent, by the resource that they count against. */
export type Demand = Readonly<Partial<Record<Resource, RequestRange>>>;

/** One end of each range, or what is likely. */
export function pick(demand: Demand, bound: keyof RequestRange): Requests {
	return mapByResource(demand, range => range[bound]);
}

/** Ranges added up, resource by resource. */
export function sumDemand(demands: Iterable<Demand>): Demand {
	const sum: Partial<Record<Resource, RequestRange>> = {};
	for (const demand of demands) {
		for (const resource of resources) {
			const range = demand[resource];
			const before = sum[resource];
			if (range !== undefined) {
				sum[resource] = {
					low: range.low + (before?.low ?? 0),
					likely: range.likely + (before?.likely ?? 0),
					high: range.high + (before?.high ?? 0),
				};
			}
		}
	}

	return sum;
}

/** In whole requests, as they are sent and told; resources that nothing goes to are left out. */
export function wholeDemand(demand: Demand): Demand {
	const whole = mapByResource(demand, ({low, likely, high}) => ({
		low: Math.floor(low),
		likely: Math.round(likely),
		high: Math.ceil(high),
	}));
	return Object.fromEntries(Object.entries(whole).filter(([, {high}]) => high > 0));
}

/** What is left of a demand when so much of it was sent. */
export function lessened(demand: Demand, sent: Requests): Demand {
	return mapByResource(demand, ({low, likely, high}, resource) => {
		const count = sent[resource] ?? 0;
		return {
			low: Math.max(0, low - count),
			likely: Math.max(0, likely - count),
			high: Math.max(0, high - count),
		};
	});
}

/** What one has more than the other; nothing where it has less. */
export function subtractRequests(requests: Requests, fewer: Requests): Requests {
	return mapByResource(requests, (count, resource) => Math.max(0, count - (fewer[resource] ?? 0)));
}

/** Requests added up, resource by resource. */
export function sumRequests(all: Iterable<Requests>): Requests {
	const sum: Partial<Record<Resource, number>> = {};
	for (const requests of all) {
		for (const resource of resources) {
			const count = requests[resource];
			if (count !== undefined) {
				sum[resource] = count + (sum[resource] ?? 0);
			}
		}
	}

	return sum;
}

/** Requests to all resources together. */
export function countRequests(requests: Requests): number {
	return Object.values(requests).reduce((sum, count) => sum + count, 0);
}

export function mapByResource<Input, Output>(
	values: Readonly<Partial<Record<Resource, Input>>>,
	change: (value: Input, resource: Resource) => Output,
): Partial<Record<Resource, Output>> {
	const changed: Partial<Record<Resource, Output>> = {};
	for (const resource of resources) {
		const value = values[resource];
		if (value !== undefined) {
			changed[resource] = change(value, resource);
		}
	}

	return changed;
}
