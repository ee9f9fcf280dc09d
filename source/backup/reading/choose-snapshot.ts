import {UserError} from '../../system/user-error.ts';
import {snapshotTime} from '../snapshot-id.ts';

/** So many snapshots are named at most where several fit. */
const shownSnapshots = 5;

/**
The snapshot that a person means: its id, the beginning of one, `latest`, or a date or time, which is the newest one at or
before its end.

@param ids Oldest first.
@param wanted As it was typed: `20261122T131500.123Z`, `20261122T13`, `latest`, `2026-11-22`, `2026-11-22 13:15`. UTC, where it
names no other offset.
@param of Whose snapshots they are, for the sentence.
@throws UserError (wrong usage) that names the nearest ones.
*/
export function chooseSnapshot(ids: readonly string[], wanted: string, of: string): string {
	const newest = ids.at(-1);
	if (newest === undefined) {
		throw wrong(`There is no snapshot of ${of} yet: no backup of it has come to its end.`);
	}

	if (wanted === 'latest') {
		return newest;
	}

	if (ids.includes(wanted)) {
		return wanted;
	}

	const end = endOfTime(wanted);
	return end === undefined ? byBeginning(ids, wanted, of) : newestUntil(ids, end, wanted, of);
}

function byBeginning(ids: readonly string[], wanted: string, of: string): string {
	const fitting = wanted === '' ? [] : ids.filter(id => id.startsWith(wanted));
	const [first] = fitting;
	if (first !== undefined && fitting.length === 1) {
		return first;
	}

	if (first !== undefined) {
		const shown = fitting.slice(-shownSnapshots).join(', ');
		throw wrong(
			`"${wanted}" fits ${fitting.length} snapshots of ${of}; say more of the one that you mean: ${fitting.length > shownSnapshots ? '…, ' : ''}${shown}.`,
		);
	}

	// Ids sort by time, so what is beside it by name is what is nearest in time.
	const before = ids.findLast(id => id < wanted);
	const after = ids.find(id => id > wanted);
	const nearest = [before, after].filter(id => id !== undefined).join(' and ');
	throw wrong(
		`There is no snapshot "${wanted}" of ${of}; ${before === undefined || after === undefined ? 'the nearest is' : 'the nearest are'} ${nearest}.`,
	);
}

function newestUntil(ids: readonly string[], end: number, wanted: string, of: string): string {
	const found = ids.findLast(id => snapshotTime(id) <= end);
	if (found === undefined) {
		throw wrong(`There is no snapshot of ${of} at or before ${wanted}; the oldest is ${ids[0]}.`);
	}

	return found;
}

/**
The last millisecond of what a written date or time names: a month, a day, an hour, a minute or a second.

@returns undefined where the text is none.
*/
export function endOfTime(text: string): number | undefined {
	const parts =
		/^(\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?)?)?)?(Z|[+-]\d\d:?\d\d)?$/.exec(
			text.trim(),
		);
	if (parts === null) {
		return undefined;
	}

	const [, year, month, day, hour, minute, second, fraction, zone] = parts;
	const given = [year, month, day, hour, minute, second].flatMap(part =>
		part === undefined ? [] : [Number(part)],
	);
	const start = utc(given);
	if (start === undefined) {
		return undefined;
	}

	if (fraction !== undefined) {
		return start + Number(fraction.padEnd(3, '0')) - offsetOf(zone);
	}

	// One more of the smallest part that is given, less a millisecond.
	return Date.UTC(...fields(given.with(-1, (given.at(-1) ?? 0) + 1))) - 1 - offsetOf(zone);
}

/** @returns undefined for a day that there is not, as 30 February. */
function utc(given: readonly number[]): number | undefined {
	const start = Date.UTC(...fields(given));
	const date = new Date(start);
	const found = [
		date.getUTCFullYear(),
		date.getUTCMonth() + 1,
		date.getUTCDate(),
		date.getUTCHours(),
		date.getUTCMinutes(),
		date.getUTCSeconds(),
	];
	return given.every((part, index) => part === found[index]) ? start : undefined;
}

function fields([year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0]: readonly number[]) {
	return [year, month - 1, day, hour, minute, second] as const;
}

function offsetOf(zone: string | undefined): number {
	const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone ?? '') ?? [];
	return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
}

function wrong(message: string): UserError {
	return new UserError(message, {exitCode: 2});
}
