import type {Demand} from '../accounts/demand.ts';
import type {Outlook, PlanForecast} from '../actions/forecast-plan.ts';
import {resources} from '../model/quota-limit.ts';
import {countOf, formatNumber, formatSpan} from '../runs/amounts.ts';
import type {ForecastBasis} from '../runs/events.ts';
import {tableLines} from './table.ts';

type Ends<Value> = {readonly soonest: Value; readonly likely: Value; readonly latest: Value};

/** When a run would end, as `--json` prints it. */
export type OutlookJson = {
	readonly accounts: number;
	readonly durationMs: Ends<number>;
	/** ISO-8601 times. */
	readonly endsAt: Ends<string>;
	readonly decidedBy: 'quota' | 'pace';
	readonly resource: string;
};

/** A forecast as `--json` prints it. */
export type ForecastJson = {
	readonly plan: string;
	readonly organization: string;
	/** Null where no run has seen a repository yet: `requests` are then those of one first backup. */
	readonly repositories: number | null;
	/** False until a run of the plan has come to its end: there may be more repositories than those. */
	readonly hasSeenAll: boolean;
	readonly basis: ForecastBasis;
	readonly requests: Demand;
	/** Null where no account signs in, or the number of repositories is not known. */
	readonly now: OutlookJson | null;
	readonly oneMore: OutlookJson | null;
	/** Null also where there is one account only. */
	readonly oneFewer: OutlookJson | null;
};

/** @param now Milliseconds since the epoch. */
export function forecastJson(forecast: PlanForecast, now: number): ForecastJson {
	const {plan, organization, repositories, hasSeenAll, basis, requests} = forecast;
	const json = (outlook: Outlook | undefined): OutlookJson | null =>
		outlook === undefined ? null : outlookJson(outlook, now);
	return {
		plan,
		organization,
		repositories: repositories ?? null,
		hasSeenAll,
		basis,
		requests,
		now: json(forecast.now),
		oneMore: json(forecast.oneMore),
		oneFewer: json(forecast.oneFewer),
	};
}

function outlookJson({accounts, forecast}: Outlook, now: number): OutlookJson {
	const {soonest, likely, latest} = forecast;
	const whole = (milliseconds: number): number => Math.round(milliseconds);
	const moment = (milliseconds: number): string => new Date(now + milliseconds).toISOString();
	return {
		accounts,
		durationMs: {
			soonest: whole(soonest.inMilliseconds),
			likely: whole(likely.inMilliseconds),
			latest: whole(latest.inMilliseconds),
		},
		endsAt: {
			soonest: moment(soonest.inMilliseconds),
			likely: moment(likely.inMilliseconds),
			latest: moment(latest.inMilliseconds),
		},
		decidedBy: likely.decidedBy,
		resource: likely.resource,
	};
}

const basisTexts: Readonly<Record<ForecastBasis, string>> = {
	'earlier runs': 'Reckoned from what earlier runs took, and from how often each repository changes.',
	'other repositories': 'Reckoned mostly from what other repositories of the workspace took.',
	'nothing known': 'Little was measured yet, so that the range is wide. The next runs make it narrower.',
};

/** A forecast as lines for people. */
export function forecastLines(forecast: PlanForecast): readonly string[] {
	const {plan, organization, repositories, hasSeenAll, basis, requests} = forecast;
	if (repositories === undefined) {
		return [
			`No run has seen a repository of ${organization} yet: how many there are is not known.`,
			'The first backup of one takes about so many requests:',
			'',
			...requestLines(requests),
			'',
			`More is known once they are listed: bucket-brigade run ${plan} --dry-run`,
		];
	}

	return [
		`The next run of ${plan}, if it began now: ${countOf(repositories, 'repository', 'repositories')} of ${organization}${hasSeenAll ? '' : ', as far as they were seen; no run of it has come to its end yet'}.`,
		'',
		...requestLines(requests),
		'',
		...outlookLines(forecast),
		'',
		basisTexts[basis],
	];
}

function requestLines(requests: Demand): readonly string[] {
	const number = (count: number): string => formatNumber(count);
	return tableLines([
		['requests', 'likely', 'at least', 'at most'],
		...resources.flatMap(resource => {
			const range = requests[resource];
			return range === undefined
				? []
				: [[resource, number(range.likely), number(range.low), number(range.high)]];
		}),
	]);
}

function outlookLines({organization, now, oneMore, oneFewer}: PlanForecast): readonly string[] {
	if (now === undefined) {
		return [
			`None of its credentials signs in. Check them with: bucket-brigade credential check ${organization}`,
		];
	}

	return tableLines([
		['accounts', 'time', 'at best', 'at worst', 'decided by'],
		...[now, oneMore, oneFewer].flatMap(outlook => (outlook === undefined ? [] : [outlookRow(outlook)])),
	]);
}

function outlookRow({accounts, forecast: {soonest, likely, latest}}: Outlook): readonly string[] {
	return [
		String(accounts),
		formatSpan(likely.inMilliseconds),
		formatSpan(soonest.inMilliseconds),
		formatSpan(latest.inMilliseconds),
		likely.decidedBy === 'quota' ? `the quota of ${likely.resource}` : 'the pace of the work',
	];
}
