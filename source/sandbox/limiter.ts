import type {
	AccountStatistics,
	ChargeResult,
	Limiter,
	SandboxLimits,
	SandboxResource,
} from './service-types.ts';
import {createSlidingLog, type SlidingLog} from './sliding-log.ts';

const hour = 60 * 60 * 1000;

/** Requests an hour, as Atlassian documents them. */
export const documentedLimits = {
	api: {requests: 1000, windowMilliseconds: hour},
	git: {requests: 60_000, windowMilliseconds: hour},
	raw: {requests: 5000, windowMilliseconds: hour},
	archive: {requests: 1500, windowMilliseconds: hour},
	webhooks: {requests: 1000, windowMilliseconds: hour},
} as const satisfies SandboxLimits;

/** For everybody without a credential, by address. */
const anonymousLimit = {requests: 60, windowMilliseconds: hour};

type Gauge = {
	readonly id: string;
	readonly account: string;
	readonly resource: SandboxResource;
	readonly limit: {readonly requests: number; readonly windowMilliseconds: number};
	readonly log: SlidingLog;
	requests: number;
	throttled: number;
};

/**
 * Counts requests in a rolling window for each account and resource, as Bitbucket does: two API tokens of one user share one
 * window. `now` is in milliseconds and must not jump back.
 */
export function createLimiter(options: {
	readonly limits: SandboxLimits;
	readonly now: () => number;
	/** Whether an answer 429 uses quota too; nobody outside knows what Bitbucket does. Default false. */
	readonly countThrottled?: boolean;
	/** Whether a 429 tells when to come back; Bitbucket's did not. Default false. */
	readonly retryAfter?: boolean;
}): Limiter {
	const {limits, now, countThrottled = false, retryAfter = false} = options;
	const gauges = new Map<string, Gauge>();

	const gaugeOf = (id: string, account: string, resource: SandboxResource, limit: Gauge['limit']): Gauge => {
		const key = `${resource} ${id}`;
		const known = gauges.get(key);
		if (known) {
			return known;
		}

		const log = createSlidingLog(limit.windowMilliseconds);
		const gauge: Gauge = {id, account, resource, limit, log, requests: 0, throttled: 0};
		gauges.set(key, gauge);
		return gauge;
	};

	const limitOf = (resource: SandboxResource) => limits[resource] ?? documentedLimits[resource];

	const count = (gauge: Gauge): ChargeResult => {
		const {limit, log} = gauge;
		const time = now();
		const allowed = log.used(time) < limit.requests;
		gauge.requests += 1;
		gauge.throttled += allowed ? 0 : 1;
		if (allowed || countThrottled) {
			log.add(time);
		}

		const freeAgain = log.freesAt(time, limit.requests);
		return {
			allowed,
			limit: limit.requests,
			remaining: Math.max(0, limit.requests - log.used(time)),
			windowMilliseconds: limit.windowMilliseconds,
			...(!allowed && retryAfter && {retryAfterSeconds: Math.max(1, Math.ceil((freeAgain - time) / 1000))}),
		};
	};

	return {
		charge: ({id, displayName}, resource) => count(gaugeOf(id, displayName, resource, limitOf(resource))),
		chargeAnonymous: address => count(gaugeOf(`anonymous ${address}`, 'anonymous', 'api', anonymousLimit)),
		burst({id, displayName}, resource, requests) {
			const {log, limit} = gaugeOf(id, displayName, resource, limitOf(resource));
			const time = now();
			// A foreign tool is refused past the limit as everybody is.
			const free = Math.max(0, limit.requests - log.used(time));
			log.add(time, Math.min(requests, free));
		},
		statistics: () =>
			[...gauges.values()].map(
				({id, account, resource, requests, throttled}): AccountStatistics => ({
					id,
					account,
					resource,
					requests,
					throttled,
				}),
			),
	};
}
