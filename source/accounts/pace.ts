import {type Resource, resources} from '../model/quota-limit.ts';
import {countRequests, type Requests} from './demand.ts';
import {createSupplyCurve, type Supplies} from './supply-curve.ts';

/** How fast a piece of work goes where no quota is waited for: requests a second, over all accounts and resources. */
export type Pace = {readonly slowest: number; readonly likely: number; readonly fastest: number};

/**
A request to Bitbucket is answered in a tenth of a second to a second, and most of a repository's go one after another. For
work of which nothing was measured yet.
*/
const unknownPace: Pace = {slowest: 1, likely: 3, fastest: 10};

/**
What is to be believed of the pace of a run.

@param measured Paces of earlier runs of the same plan.
@param atOnce How many repositories are worked on at the same time.
*/
export function expectedPace(measured: readonly number[], atOnce: number): Pace {
	const sorted = [...measured].filter(pace => pace > 0).sort((left, right) => left - right);
	const [slowest] = sorted;
	const likely = sorted[Math.floor(sorted.length / 2)];
	const fastest = sorted.at(-1);
	if (slowest === undefined || likely === undefined || fastest === undefined) {
		return {
			slowest: unknownPace.slowest * atOnce,
			likely: unknownPace.likely * atOnce,
			fastest: unknownPace.fastest * atOnce,
		};
	}

	return {slowest, likely, fastest};
}

/** A pace of so many requests is believed half, beside what was believed before. */
const halfBelievedAfter = 100;

/** @param requests How many requests the pace was measured with. */
export function correctedPace(believed: Pace, measured: number, requests: number): Pace {
	const share = requests / (requests + halfBelievedAfter);
	const between = (pace: number): number => pace ** (1 - share) * measured ** share;
	return {
		slowest: between(believed.slowest),
		likely: between(believed.likely),
		fastest: between(believed.fastest),
	};
}

/**
The pace at which work would have come as far as it did: the forecast, read backwards. What it waited for quota does not
count.

@param sent What was sent.
@param supplies What the accounts could send when it began.
@param milliseconds How long it took.
@returns undefined where nothing was sent, or where it stands still because the quota is used up: that tells nothing.
*/
export function measurePace(sent: Requests, supplies: Supplies, milliseconds: number): number | undefined {
	const total = countRequests(sent);
	if (total === 0 || milliseconds <= 0) {
		return undefined;
	}

	let perMillisecond = total / milliseconds;
	for (const [resource, count] of countsOf(sent)) {
		const curve = createSupplyCurve(supplies[resource] ?? []);
		let nextAt = 0;
		curve.visitDecisive(count + 1, at => {
			nextAt = Math.max(nextAt, at);
		});
		if (nextAt > milliseconds) {
			return undefined;
		}

		curve.visitDecisive(count, (at, before) => {
			if (at < milliseconds) {
				const part = (count - before) / count;
				perMillisecond = Math.max(perMillisecond, (part * total) / (milliseconds - at));
			}
		});
	}

	return perMillisecond * 1000;
}

function countsOf(sent: Requests): ReadonlyArray<readonly [Resource, number]> {
	return resources.flatMap(resource => {
		const count = sent[resource] ?? 0;
		return count > 0 ? [[resource, count] as const] : [];
	});
}
