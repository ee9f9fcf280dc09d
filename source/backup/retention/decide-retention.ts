import {parseCalendarSpan} from '../../model/calendar-span.ts';
import {type KeepRules, keepCounts, keepSpans} from '../../model/plan.ts';
import {keepReasons, type RuledSnapshot} from './keep-reasons.ts';

export type RetainedSnapshot = RuledSnapshot & {
	/** Whether its record says that it lacks nothing. */
	readonly isGood: boolean;
	/** Why it is kept whatever the rules say; then it counts for none of them. */
	readonly untouchable?: string;
};

/** What a plan says about how long snapshots are kept. */
export type RetentionPolicy = {
	/** Name of the plan. */
	readonly plan: string;
	/** Without any rule, everything is kept. */
	readonly rules: KeepRules;
};

export type RetentionDecision = {
	/** Oldest first, each with at least one reason. */
	readonly keep: ReadonlyArray<{readonly id: string; readonly reasons: readonly string[]}>;
	/** Ids of those that go, oldest first. */
	readonly remove: readonly string[];
};

/** A clock that is ahead by no more than this, in milliseconds, is nothing to make something of. */
const tolerance = 3_600_000;

/**
Decides which snapshots of a repository are kept. One goes only where every plan that backs the repository up to this
destination lets it go.

Never goes: the newest one, the newest one that lacks nothing, and whatever lies in the future: some clock was wrong then, and
times are all that rules go by.

@param snapshots All of a mirror, oldest first.
@param now Milliseconds since the epoch.
*/
export function decideRetention(
	snapshots: readonly RetainedSnapshot[],
	policies: readonly RetentionPolicy[],
	now: number,
): RetentionDecision {
	const untouchable = (snapshot: RetainedSnapshot): string | undefined =>
		snapshot.untouchable ?? (snapshot.at > now + tolerance ? 'its time has not come yet' : undefined);
	const newest = snapshots.at(-1)?.id;
	const lastGood = snapshots.findLast(({isGood}) => isGood)?.id;
	const ruled = snapshots.filter(snapshot => untouchable(snapshot) === undefined).reverse();
	const byPolicy = policies.map(policy => reasonsOf(policy, ruled, policies.length > 1));

	const keep: Array<RetentionDecision['keep'][number]> = [];
	const remove: string[] = [];
	for (const snapshot of snapshots) {
		const {id} = snapshot;
		const always = untouchable(snapshot);
		const reasons = [
			...(always === undefined ? byPolicy.flatMap(of => of(id)) : [always]),
			...(id === newest ? ['newest snapshot'] : []),
			...(id === lastGood ? ['last that lacks nothing'] : []),
			...(policies.length === 0 ? ['no rule says that it may go'] : []),
		];
		if (reasons.length > 0) {
			keep.push({id, reasons});
		} else {
			remove.push(id);
		}
	}

	return {keep, remove};
}

/** @param isNamed Whether the plan stands before each reason. */
function reasonsOf(
	{plan, rules}: RetentionPolicy,
	newestFirst: readonly RuledSnapshot[],
	isNamed: boolean,
): (id: string) => readonly string[] {
	const name = (reason: string): string => (isNamed ? `${plan}: ${reason}` : reason);
	const all = reasonToKeepAll(rules);
	if (all !== undefined) {
		return () => [name(all)];
	}

	const reasons = keepReasons(newestFirst, rules);
	return id => (reasons.get(id) ?? []).map(name);
}

/** Why rules let nothing go; undefined where they may. What cannot be read keeps everything. */
function reasonToKeepAll(rules: KeepRules): string | undefined {
	const spans = keepSpans.map(name => rules[name]).filter(span => span !== undefined);
	const strange = spans.find(span => parseCalendarSpan(span) === undefined);
	if (strange !== undefined) {
		return `"${strange}" is no span of time, so everything is kept`;
	}

	return hasRules(rules) ? undefined : 'everything is kept';
}

/** Whether there is any rule, so that something may go. */
export function hasRules(rules: KeepRules): boolean {
	return [...keepCounts, ...keepSpans].some(name => rules[name] !== undefined);
}
