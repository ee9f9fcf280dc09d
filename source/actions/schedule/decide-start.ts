import type {ScheduleMark} from '../../store/schedule-marks.ts';
import {nextStart} from './schedule.ts';

export type StartDecision = {
	/** When the start was due, in milliseconds since the epoch; undefined where none is. */
	readonly dueAt: number | undefined;
	/** The mark that stands from now on, once what was due is started. */
	readonly mark: ScheduleMark;
};

/**
So far ahead of now, in milliseconds, may a mark be: the clock was set back a little, and what was started stays started. One further
ahead is of a time at which the clock was wrong.
*/
const furthestAhead = 86_400_000;

/**
Whether a plan is to be started now.

A schedule that is new, or another one than before, counts from now on. Of starts that were missed, because the machine or the
scheduler did not run, one is made up for.

@param mark Until when the plan's schedule was looked at; undefined where it never was.
@param now Milliseconds since the epoch.
*/
export function decideStart(
	schedule: string,
	mark: ScheduleMark | undefined,
	now: number,
	timeZone?: string,
): StartDecision {
	if (mark === undefined || mark.schedule !== schedule || mark.until > now + furthestAhead) {
		return {dueAt: undefined, mark: {schedule, until: now}};
	}

	const next = nextStart(schedule, mark.until, timeZone);
	return next === undefined || next > now
		? {dueAt: undefined, mark}
		: {dueAt: next, mark: {schedule, until: now}};
}
