import {type Resource, resources} from '../model/quota-limit.ts';
import {countRequests, type Demand, mapByResource, pick, type RequestRange, type Requests} from './demand.ts';
import type {Pace} from './pace.ts';
import type {QuotaSupply} from './quota-supply.ts';
import {createSupplyCurve, type Supplies, type SupplyCurve} from './supply-curve.ts';

/** When a piece of work is done, and what keeps it from being done sooner. */
export type ForecastMoment = {
	readonly inMilliseconds: number;
	/** `quota`: it waits for places; `pace`: the work itself takes so long. */
	readonly decidedBy: 'quota' | 'pace';
	/** The resource that is waited for, or that most requests go to. */
	readonly resource: Resource;
};

export type Forecast = {
	/** The fewest requests, at the fastest pace. */
	readonly soonest: ForecastMoment;
	readonly likely: ForecastMoment;
	/** The most requests, at the slowest pace. */
	readonly latest: ForecastMoment;
};

export type ForecastQuestion = {
	readonly requests: Demand;
	readonly supplies: Supplies;
	readonly pace: Pace;
	/** The most requests that one account starts in a second. */
	readonly requestsPerSecond: number;
};

/**
When a piece of work would be done, if nobody else uses the accounts.

Quotas are reckoned exactly: a place that is free now, or opens later, is used at once and again one turnover after each
use. The work itself sends its requests one after another at its pace, those of each resource spread evenly over it.

@returns undefined where no account is left to send what must be sent.
*/
export function forecastEnd({
	requests,
	supplies,
	pace,
	requestsPerSecond,
}: ForecastQuestion): Forecast | undefined {
	const most = requestsPerSecond * countAccounts(supplies);
	const curves = mapByResource(supplies, createSupplyCurve);
	const moment = (bound: keyof RequestRange, perSecond: number): ForecastMoment | undefined =>
		endOf(pick(requests, bound), curves, 1000 / Math.min(perSecond, most));

	const soonest = moment('low', pace.fastest);
	const likely = moment('likely', pace.likely);
	const latest = moment('high', pace.slowest);
	return soonest === undefined || likely === undefined || latest === undefined
		? undefined
		: {soonest, likely, latest};
}

type Curves = Readonly<Partial<Record<Resource, SupplyCurve>>>;

/** @param millisecondsEach What a request takes where no quota is waited for. */
function endOf(requests: Requests, curves: Curves, millisecondsEach: number): ForecastMoment | undefined {
	const total = countRequests(requests);
	const workMilliseconds = total === 0 ? 0 : total * millisecondsEach;
	let waited: {readonly until: number; readonly for: Resource} | undefined;

	for (const resource of resources) {
		const count = requests[resource] ?? 0;
		const curve = curves[resource];
		if (count > 0 && curve?.hasPlaces !== true) {
			return undefined;
		}

		curve?.visitDecisive(count, (at, before) => {
			const end = at + ((count - before) / count) * workMilliseconds;
			if (end > (waited?.until ?? workMilliseconds)) {
				waited = {until: end, for: resource};
			}
		});
	}

	return waited === undefined
		? {inMilliseconds: workMilliseconds, decidedBy: 'pace', resource: busiest(requests)}
		: {inMilliseconds: waited.until, decidedBy: 'quota', resource: waited.for};
}

/** The resource that most requests go to. */
function busiest(requests: Requests): Resource {
	return resources.reduce((most, resource) =>
		(requests[resource] ?? 0) > (requests[most] ?? 0) ? resource : most,
	);
}

/** The same accounts and one more: fresh, with the limits of the first. */
export function withOneMore(supplies: Supplies): Supplies {
	return mapSupplies(supplies, accounts => {
		const [first] = accounts;
		return first === undefined
			? accounts
			: [...accounts, {...first, account: '', label: '', free: first.usable, openings: []}];
	});
}

/** The same accounts without the last one; undefined where there is one only. */
export function withOneFewer(supplies: Supplies): Supplies | undefined {
	return countAccounts(supplies) < 2 ? undefined : mapSupplies(supplies, accounts => accounts.slice(0, -1));
}

/** How many accounts can send at all. */
export function countAccounts(supplies: Supplies): number {
	return Math.max(0, ...Object.values(supplies).map(accounts => accounts.length));
}

function mapSupplies(
	supplies: Supplies,
	change: (accounts: readonly QuotaSupply[]) => readonly QuotaSupply[],
): Supplies {
	return mapByResource(supplies, change);
}
