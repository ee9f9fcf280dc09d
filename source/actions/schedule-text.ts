import {UserError} from '../system/user-error.ts';

const field = /^[\d*,/\-A-Za-z?#]+$/;

/**
A cron expression, validated loosely: five fields of the characters that cron knows.

@throws UserError (wrong usage)
*/
export function parseSchedule(text: string): string {
	const fields = text.trim().split(/\s+/);
	if (fields.length !== 5 || !fields.every(one => field.test(one))) {
		throw new UserError(
			`"${text.trim()}" is no schedule: write five cron fields, minute hour day month weekday, for example "0 2 * * *".`,
			{exitCode: 2},
		);
	}

	return fields.join(' ');
}
