import {
	countRequests,
	type Demand,
	mapByResource,
	type Requests,
	subtractRequests,
	wholeDemand,
} from '../accounts/demand.ts';
import {countAccounts, type Forecast, type ForecastMoment, forecastEnd} from '../accounts/forecast.ts';
import {correctedPace, expectedPace, measurePace, type Pace} from '../accounts/pace.ts';
import type {Pause} from '../accounts/pause.ts';
import type {AccountPool} from '../accounts/pool-types.ts';
import type {Supplies} from '../accounts/supply-curve.ts';
import type {Plan} from '../model/plan.ts';
import type {RunReport} from '../runs/events.ts';
import type {Clock} from '../system/clock.ts';
import {type Expectation, expectBeside, sumExpectations} from './expected-requests.ts';
import {createRunDemand, sentSoFar} from './run-demand.ts';

export type ForecastReport = Extract<RunReport, {type: 'forecast'}>;

/** What the last runs of a plan measured, the newest first. */
export type EarlierRuns = {
	/** Requests a second where no quota was waited for. */
	readonly paces: readonly number[];
	/** Requests that belonged to no repository. */
	readonly beside: readonly Requests[];
};

export const noEarlierRuns: EarlierRuns = {paces: [], beside: []};

/** Foretells how a run goes on, and learns from how it went so far. */
export type RunForecast = {
	/** @returns undefined where nothing is left to be sent, or nobody is left to send it. */
	readonly look: () => ForecastReport | undefined;
	/** Told of every report of the run: which repositories are begun and finished, and how far they are. */
	readonly heard: (report: RunReport) => void;
	/** One of the parts beside the repositories (the workspace, the snippets) is finished. */
	readonly besideFinished: () => void;
	/** What later runs can learn from this one. */
	readonly learned: () => {readonly beside: Requests; readonly pace?: number};
};

export type RunForecastOptions = {
	readonly plan: Pick<Plan, 'data' | 'advanced'>;
	/** By slug. */
	readonly expectations: ReadonlyMap<string, Expectation>;
	readonly earlier: EarlierRuns;
	readonly pool: Pick<AccountPool, 'supplies' | 'requestsOf' | 'totals'>;
	readonly clock: Clock;
	readonly pause?: Pick<Pause, 'isPaused' | 'onChange'> | undefined;
};

type Measured = {readonly pace: number; readonly requests: number};

/** Kinds of data that belong to no repository. */
const besideParts = ['workspace', 'snippets'] as const;

/** With fewer requests a pace is chance. */
const leastForPace = 10;

/** Made when the repositories are listed and nothing of them is asked for yet. */
export function createRunForecast(options: RunForecastOptions): RunForecast {
	const {plan, expectations, earlier, pool, clock, pause} = options;
	const repositories = expectations.size;
	const sentBefore = sentSoFar(pool);
	const beside = expectBeside({data: plan.data, earlier: earlier.beside, listing: {sent: sentBefore}});
	const whole = sumExpectations([...expectations.values(), beside]);
	/** A stretch of the run in which it was not paused. */
	const beginStretch = () => ({
		at: clock.elapsed(),
		sent: sentSoFar(pool),
		supplies: suppliesFor(whole.requests, pool),
	});
	let stretch: ReturnType<typeof beginStretch> | undefined = beginStretch();
	const demand = createRunDemand({
		expectations: new Map([...expectations].map(([slug, {requests}]) => [slug, requests])),
		beside: {
			requests: beside.requests,
			parts: besideParts.filter(part => plan.data.includes(part)).length,
		},
		pool,
	});
	let measured: Measured | undefined;
	/** That of the stretches before with the most requests. */
	let measuredBefore: Measured | undefined;

	const measure = (): void => {
		if (stretch === undefined) {
			return;
		}

		const sent = subtractRequests(sentSoFar(pool), stretch.sent);
		const requests = countRequests(sent);
		const milliseconds = clock.elapsed() - stretch.at;
		const pace = requests < leastForPace ? undefined : measurePace(sent, stretch.supplies, milliseconds);
		measured = pace === undefined ? measured : {pace, requests};
	};

	const bestMeasured = (): Measured | undefined =>
		(measured?.requests ?? 0) >= (measuredBefore?.requests ?? 0) ? measured : measuredBefore;

	// Quota frees while the run is paused, and nothing is sent: each stretch is measured by itself.
	pause?.onChange(() => {
		measure();
		measuredBefore = bestMeasured();
		measured = undefined;
		stretch = undefined;
		if (!pause.isPaused()) {
			try {
				stretch = beginStretch();
			} catch {
				// The database is busy: what was measured before is believed.
			}
		}
	});

	const believedPace = (): Pace => {
		const atOnce = Math.min(plan.advanced.repositoriesAtOnce, Math.max(1, repositories));
		const pace = expectedPace(earlier.paces, atOnce);
		const best = bestMeasured();
		return best === undefined ? pace : correctedPace(pace, best.pace, best.requests);
	};

	return {
		look: () => {
			measure();
			const requests = wholeDemand(demand.left());
			const supplies = suppliesFor(requests, pool);
			const {requestsPerSecond} = plan.advanced;
			const end = forecastEnd({requests, supplies, pace: believedPace(), requestsPerSecond});
			return end === undefined || Object.keys(requests).length === 0
				? undefined
				: {
						type: 'forecast',
						sent: {...sentSoFar(pool)},
						requests,
						endsAt: momentsFrom(clock.now(), end),
						decidedBy: end.likely.decidedBy,
						resource: end.likely.resource,
						accounts: countAccounts(supplies),
						basis: whole.basis,
					};
		},
		heard: demand.heard,
		besideFinished: demand.besideFinished,
		learned: () => {
			measure();
			const best = bestMeasured();
			return {beside: {...demand.sentBeside()}, ...(best === undefined ? {} : {pace: best.pace})};
		},
	};
}

/** @param now Milliseconds since the epoch. @returns ISO-8601 times. */
export function momentsFrom(now: number, {soonest, likely, latest}: Forecast): ForecastReport['endsAt'] {
	const at = ({inMilliseconds}: ForecastMoment): string => new Date(now + inMilliseconds).toISOString();
	return {soonest: at(soonest), likely: at(likely), latest: at(latest)};
}

function suppliesFor(requests: Demand, pool: Pick<AccountPool, 'supplies'>): Supplies {
	return mapByResource(requests, (_, resource) => pool.supplies(resource));
}
