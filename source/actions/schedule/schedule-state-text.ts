import type {ScheduleState} from './schedule-state.ts';

/** What is to be said where plans have a schedule and nobody looks at it; undefined where all is well. */
export function unheededText({plans, isHeeded}: ScheduleState): string | undefined {
	const [only, ...others] = plans;
	if (only === undefined || isHeeded) {
		return undefined;
	}

	const what =
		others.length === 0 ? `the plan ${only} when it is due` : `${plans.length} plans when they are due`;
	return `Nothing starts ${what}: no scheduler runs. Start one with: bucket-brigade scheduler`;
}

/** How it stands with the schedules where all is well. */
export function heededText({plans}: ScheduleState): string {
	return plans.length === 0
		? 'no plan has a schedule: runs are started by hand'
		: `looks once a minute, and starts ${plans.join(', ')}`;
}
