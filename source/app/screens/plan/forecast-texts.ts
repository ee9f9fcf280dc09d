import type {Outlook, PlanForecast} from '../../../actions/forecast-plan.ts';
import {resources} from '../../../model/quota-limit.ts';
import type {ForecastBasis} from '../../../runs/events.ts';
import {fit} from '../../cells.ts';
import {durationText, numberText, plural} from '../../words.ts';

/** What the next run takes, and how long with the accounts chosen, with one more and with one fewer. */
export type ForecastTexts = {
	/** `30 repositories: about 587 api, 39 git requests` */
	readonly headline: string;
	/** A line for each number of accounts: the time, its bounds, what decides. */
	readonly outlooks: readonly string[];
	/** `91 to 917 requests, from earlier runs`: the range, and what it was reckoned from. */
	readonly basis: string;
};

const basisTexts: Readonly<Record<ForecastBasis, string>> = {
	'earlier runs': 'from earlier runs',
	'other repositories': 'mostly from other repositories',
	'nothing known': 'as little was measured yet',
};

export function forecastTexts(forecast: PlanForecast): ForecastTexts {
	const {repositories, hasSeenAll, now, oneMore, oneFewer, basis} = forecast;
	if (repositories === undefined) {
		return {
			headline: `about ${requestsText(forecast)} for each repository at first`,
			outlooks: ['no run has seen one yet: how many there are is not known'],
			basis: `${rangeText(forecast)}, ${basisTexts[basis]}`,
		};
	}

	const outlooks = [now, oneMore, oneFewer].flatMap(outlook => (outlook === undefined ? [] : [outlook]));
	return {
		headline: `${plural(repositories, 'repository', 'repositories')}${hasSeenAll ? '' : ' seen so far'}: about ${requestsText(forecast)}`,
		outlooks:
			now === undefined
				? ['none of its credentials signs in']
				: outlooks.map(outlook => outlookText(outlook)),
		basis: `${rangeText(forecast)}, ${basisTexts[basis]}`,
	};
}

/** Resources that few requests go to are not worth the room. */
const leastShare = 0.01;

/** `587 api, 39 git requests` */
function requestsText({requests}: PlanForecast): string {
	const likely = resources.map(resource => ({resource, count: requests[resource]?.likely ?? 0}));
	const total = likely.reduce((sum, {count}) => sum + count, 0);
	const parts = likely
		.filter(({count}) => count > 0 && count >= total * leastShare)
		.map(({resource, count}) => `${numberText(count)} ${resource}`);
	return `${parts.length === 0 ? 'no' : parts.join(', ')} requests`;
}

/** `91 to 917 requests` */
function rangeText({requests}: PlanForecast): string {
	const ranges = Object.values(requests);
	const least = ranges.reduce((sum, {low}) => sum + low, 0);
	const most = ranges.reduce((sum, {high}) => sum + high, 0);
	return `${numberText(least)} to ${numberText(most)} requests`;
}

const accountsWidth = 17;
const timeWidth = 13;

function outlookText({accounts, forecast: {soonest, likely, latest}}: Outlook): string {
	const range = `${aboutText(soonest.inMilliseconds)} to ${aboutText(latest.inMilliseconds)}`;
	const why = likely.decidedBy === 'quota' ? `, ${likely.resource} quota` : '';
	return `${fit(`with ${plural(accounts, 'account')}`, accountsWidth)}${fit(aboutText(likely.inMilliseconds), timeWidth)}${range}${why}`;
}

const tenMinutes = 600_000;
const minute = 60_000;

/** Seconds say nothing where it takes many minutes. */
function aboutText(milliseconds: number): string {
	return milliseconds < tenMinutes
		? durationText(milliseconds)
		: durationText(Math.round(milliseconds / minute) * minute).replace(/ 0 (s|min)$/, '');
}
