import {type CalendarSpan, parseCalendarSpan, spanBefore} from '../../model/calendar-span.ts';
import {type KeepPeriod, type KeepRules, keepPeriods, keepSpans} from '../../model/plan.ts';
import {calendarBucket} from './calendar-bucket.ts';

/** A snapshot as the rules see it. */
export type RuledSnapshot = {
	readonly id: string;
	/** Milliseconds since the epoch. From then on, until the next snapshot, it is what there was. */
	readonly at: number;
};

/**
Which snapshots rules keep, and why; restic's `ApplyPolicy`.

A snapshot is made only when something changed, so a day without one is a day on which nothing changed. The rules about numbers of
hours, days and so on count those that have a snapshot, as restic does; the state at the end of each of the last so many days is
then among what they keep, since what was current on a day without a snapshot is the newest one of the last day that has one. The
rules about spans are what would lose it: they also keep the snapshot that was current when the span began.

@param snapshots Newest first.
@returns reasons by id, in restic's words; every snapshot that is not among them may go.
*/
export function keepReasons(
	snapshots: readonly RuledSnapshot[],
	rules: KeepRules,
): ReadonlyMap<string, readonly string[]> {
	const reasons = new Map<string, string[]>();
	const keep = ({id}: RuledSnapshot, reason: string): void => {
		reasons.set(id, [...(reasons.get(id) ?? []), reason]);
	};

	const oldest = snapshots.at(-1)?.id;
	for (const snapshot of snapshots.slice(0, numberOf(rules.last))) {
		keep(snapshot, 'last snapshot');
	}

	for (const period of keepPeriods) {
		const wanted = {period, count: numberOf(rules[period]), oldest, reason: `${period} snapshot`};
		keepNewestOfEach(snapshots, wanted, keep);
	}

	for (const {name, period, span} of spansIn(rules)) {
		const seen = seenWithin(snapshots, span);
		if (period === undefined) {
			for (const snapshot of seen) {
				keep(snapshot, name);
			}
		} else {
			const wanted = {period, count: Number.POSITIVE_INFINITY, oldest, reason: `${period} ${name}`};
			keepNewestOfEach(seen, wanted, keep);
		}
	}

	return reasons;
}

type Keep = (snapshot: RuledSnapshot, reason: string) => void;

function numberOf(count: KeepRules['last']): number {
	return count === 'unlimited' ? Number.POSITIVE_INFINITY : (count ?? 0);
}

/** Keeps the newest one of each of the last so many periods, and where there are fewer the oldest one of all. */
function keepNewestOfEach(
	snapshots: readonly RuledSnapshot[],
	wanted: {
		readonly period: KeepPeriod;
		readonly count: number;
		/** Id of the oldest snapshot of all. */
		readonly oldest: string | undefined;
		readonly reason: string;
	},
	keep: Keep,
): void {
	const {period, oldest, reason} = wanted;
	let left = wanted.count;
	let last: number | undefined;
	for (const snapshot of snapshots) {
		const bucket = calendarBucket(period, snapshot.at);
		if (left > 0 && (bucket !== last || snapshot.id === oldest)) {
			keep(snapshot, bucket === last ? `oldest ${reason}` : reason);
			last = bucket;
			left -= 1;
		}
	}
}

/** The snapshots of a span before the newest one; the one that was current when it began counts as made at that moment. */
function seenWithin(snapshots: readonly RuledSnapshot[], span: CalendarSpan): readonly RuledSnapshot[] {
	const [newest] = snapshots;
	if (newest === undefined) {
		return [];
	}

	const begin = spanBefore(newest.at, span);
	const first = snapshots.findIndex(({at}) => at <= begin);
	return first < 0
		? snapshots
		: snapshots.slice(0, first + 1).map(({id, at}) => ({id, at: Math.max(at, begin)}));
}

const periods: Readonly<Record<(typeof keepSpans)[number], KeepPeriod | undefined>> = {
	within: undefined,
	withinHourly: 'hourly',
	withinDaily: 'daily',
	withinWeekly: 'weekly',
	withinMonthly: 'monthly',
	withinYearly: 'yearly',
};

type SpanRule = {readonly name: string; readonly period?: KeepPeriod; readonly span: CalendarSpan};

function spansIn(rules: KeepRules): readonly SpanRule[] {
	return keepSpans.flatMap(name => {
		const text = rules[name];
		const period = periods[name];
		const span = text === undefined ? undefined : parseCalendarSpan(text);
		return span === undefined
			? []
			: [{name: `within ${text}`, span, ...(period === undefined ? {} : {period})}];
	});
}
