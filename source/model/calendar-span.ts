/** A span of time by the calendar: a month is as long as the month is. */
export type CalendarSpan = {
	readonly years: number;
	readonly months: number;
	readonly days: number;
	readonly hours: number;
};

const units = {y: 'years', m: 'months', d: 'days', h: 'hours'} as const;

/**
Reads a span as restic writes it: numbers of years, months, days and hours, `1y5m7d2h`; `m` is months here, not minutes.

@returns undefined where the text is anything else, or a span of nothing.
*/
export function parseCalendarSpan(text: string): CalendarSpan | undefined {
	const span = {years: 0, months: 0, days: 0, hours: 0};
	const seen = new Set<string>();
	if (!/^(?:\d{1,5}[ymdh])+$/.test(text)) {
		return undefined;
	}

	for (const [, count = '', unit = ''] of text.matchAll(/(\d+)([ymdh])/g)) {
		if (seen.has(unit)) {
			return undefined;
		}

		seen.add(unit);
		span[units[unit as keyof typeof units]] = Number(count);
	}

	return Object.values(span).some(count => count > 0) ? span : undefined;
}

/**
The moment that lies a span before another one, in UTC. A day that a month does not have is taken for the days after its
end: a month before 31 March is 3 March (2 March in a leap year), as in restic.

@param at Milliseconds since the epoch; so is what is returned.
*/
export function spanBefore(at: number, {years, months, days, hours}: CalendarSpan): number {
	const date = new Date(at);
	date.setUTCFullYear(date.getUTCFullYear() - years, date.getUTCMonth() - months, date.getUTCDate() - days);
	return date.getTime() - hours * 3_600_000;
}
