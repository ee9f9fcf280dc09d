import {Cron} from 'croner';
import {UserError} from '../../system/user-error.ts';

/**
When a plan is due, as cron writes it: minute, hour, day of the month, month, weekday; or `@daily` and the like. It goes by the
clock on the wall, of the machine's time zone: what would fall into the hour that is skipped in spring comes right after it, and
in the hour that comes twice in autumn nothing with a fixed time happens twice.

@returns it without what is superfluous.
@throws UserError (wrong usage) where it is none, or never comes.
*/
export function parseSchedule(text: string): string {
	const schedule = text.trim().split(/\s+/).join(' ');
	const cron = patternOf(schedule);
	if (typeof cron === 'string') {
		throw new UserError(
			`"${schedule}" is no schedule${cron}: write five cron fields, minute hour day month weekday, for example "0 2 * * *".`,
			{exitCode: 2},
		);
	}

	// From whichever time on: it names no year.
	if (cron.nextRun(new Date(0)) === null) {
		throw new UserError(`"${schedule}" is a schedule that never comes.`, {exitCode: 2});
	}

	return schedule;
}

/**
@param after Milliseconds since the epoch.
@param timeZone Its name, `Europe/Warsaw`; by default the machine's.
@returns milliseconds since the epoch of the first time after that; undefined where the schedule cannot be read or never comes again.
*/
export function nextStart(schedule: string, after: number, timeZone?: string): number | undefined {
	const cron = patternOf(schedule, timeZone);
	return typeof cron === 'string' ? undefined : cron.nextRun(new Date(after))?.getTime();
}

/** @returns why it is none, as a part of a sentence, where it is none. */
function patternOf(schedule: string, timezone?: string): Cron | string {
	try {
		return new Cron(schedule, {paused: true, mode: '5-part', ...(timezone === undefined ? {} : {timezone})});
	} catch (error) {
		const [, what] = /^CronPattern: (Invalid value .+)$/.exec((error as Error).message) ?? [];
		return what === undefined ? '' : ` (${what.toLowerCase()})`;
	}
}
