import {parseCalendarSpan} from '../model/calendar-span.ts';
import {type KeepRules, keepCounts, keepSpans} from '../model/plan.ts';
import {UserError} from '../system/user-error.ts';

/** How people write the names of the rules about spans of time. */
const spanTexts = {
	within: 'within',
	withinHourly: 'within-hourly',
	withinDaily: 'within-daily',
	withinWeekly: 'within-weekly',
	withinMonthly: 'within-monthly',
	withinYearly: 'within-yearly',
} as const;

type KnownKeepRules = {[Rule in (typeof keepCounts)[number]]?: number | 'unlimited'} & {
	[Rule in (typeof keepSpans)[number]]?: string;
};

/**
Retention as people write it: `last=7,daily=7,weekly=8,within=1y6m`. An empty text keeps everything for ever; so does
`unlimited` (or restic's -1) as a rule's number.

@throws UserError (wrong usage)
*/
export function parseKeep(text: string): KnownKeepRules {
	const rules: KnownKeepRules = {};
	for (const part of text.split(',').filter(one => one.trim() !== '')) {
		const [name = '', value = '', ...rest] = part.split('=').map(one => one.trim());
		const count = keepCounts.find(one => one === name);
		const span = keepSpans.find(one => spanTexts[one] === name);
		const number = parseCount(value);
		if (count !== undefined && rest.length === 0 && number !== undefined) {
			rules[count] = number;
		} else if (span !== undefined && rest.length === 0 && parseCalendarSpan(value) !== undefined) {
			rules[span] = value;
		} else {
			throw new UserError(
				`"${part.trim()}" is no rule for keeping snapshots: write ${keepCounts.join('=N, ')}=N, within=30d or within-daily=1y6m (y, m, d, h: years, months, days, hours), separated by commas.`,
				{exitCode: 2},
			);
		}
	}

	return rules;
}

function parseCount(text: string): number | 'unlimited' | undefined {
	if (text === 'unlimited' || text === '-1') {
		return 'unlimited';
	}

	return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined;
}

/** The rules in the form that `parseKeep` reads; empty where everything is kept. */
export function formatKeep(rules: KeepRules): string {
	return [
		...keepCounts.map(name => [name, rules[name]] as const),
		...keepSpans.map(name => [spanTexts[name], rules[name]] as const),
	]
		.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
		.join(',');
}
