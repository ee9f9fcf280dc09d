import type {Plan} from '../../model/plan.ts';
import type {Workplace} from '../workplace.ts';
import {nextStart} from './schedule.ts';

/** The scheduler looks once a minute: one that has not for so long, in milliseconds, is gone. */
const silence = 3 * 60_000;

/** What is known of the schedules of plans. */
export type ScheduleState = {
	/** Names of the plans that have a schedule. */
	readonly plans: readonly string[];
	/** Whether a scheduler looks at them. */
	readonly isHeeded: boolean;
	/** Those of them whose schedule cannot be read, or never comes: somebody has written into the store. */
	readonly unreadable: readonly string[];
};

export async function scheduleState({
	store,
	clock,
	scheduleMarks,
}: Pick<Workplace, 'store' | 'clock' | 'scheduleMarks'>): Promise<ScheduleState> {
	const {plans} = await store.read();
	const now = clock.now();
	const scheduled = plans.filter(({schedule}) => schedule !== undefined);
	const lookedAt = scheduleMarks.lookedAt();
	return {
		plans: scheduled.map(({name}) => name),
		unreadable: scheduled.filter(plan => nextStartOf(plan, now) === undefined).map(({name}) => name),
		// A look in the future is one of a time at which the clock was wrong.
		isHeeded: lookedAt !== undefined && Math.abs(now - lookedAt) < silence,
	};
}

/** When a plan is due next, as ISO-8601; undefined where it has no schedule, or one that cannot be read. */
export function nextStartOf({schedule}: Pick<Plan, 'schedule'>, now: number): string | undefined {
	const next = schedule === undefined ? undefined : nextStart(schedule, now);
	return next === undefined ? undefined : new Date(next).toISOString();
}
