import {countOf} from '../runs/amounts.ts';

export {countOf as plural, formatNumber as numberText} from '../runs/amounts.ts';

import type {Expiry} from '../model/expiry.ts';

/** How long something takes, in at most two units: `3 min 12 s`, `2 h 5 min`, `12 s`. */
export function durationText(milliseconds: number): string {
	const seconds = Math.max(0, Math.round(milliseconds / 1000));
	if (seconds < 60) {
		return `${seconds} s`;
	}

	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) {
		return `${minutes} min ${seconds % 60} s`;
	}

	const hours = Math.floor(minutes / 60);
	return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}

/** Time left until a moment, short: `12 s`, `2:10`, `41 min`, `3 h`. */
export function untilText(moment: number, now: number): string {
	const seconds = Math.max(0, Math.ceil((moment - now) / 1000));
	if (seconds < 60) {
		return `${seconds} s`;
	}

	if (seconds < 600) {
		return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
	}

	return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** Bytes in decimal units with three digits at most: `1.2 GB`, `310 MB`, `84 B`. */
export function bytesText(bytes: number): string {
	const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
	let value = bytes;
	let unit = 0;
	while (value >= 999.5 && unit < units.length - 1) {
		value /= 1000;
		unit += 1;
	}

	const digits = unit === 0 || value >= 99.5 ? 0 : value >= 9.95 ? 0 : 1;
	return `${value.toFixed(digits)} ${units[unit] ?? 'B'}`;
}

/** A moment as people here write it: `02:14 today`, `21 Nov 02:14`, `2026-03-02`. */
export function momentText(iso: string, now: number): string {
	const moment = new Date(iso);
	if (Number.isNaN(moment.getTime())) {
		return '–';
	}

	const today = new Date(now);
	const time = `${pad(moment.getHours())}:${pad(moment.getMinutes())}`;
	if (moment.toDateString() === today.toDateString()) {
		return `${time} today`;
	}

	return moment.getFullYear() === today.getFullYear()
		? `${moment.getDate()} ${months[moment.getMonth()] ?? ''} ${time}`
		: `${moment.getFullYear()}-${pad(moment.getMonth() + 1)}-${pad(moment.getDate())}`;
}

/** A moment that stays as it is however long one looks at it: `22 Nov 14:02`. */
export function dateTimeText(iso: string): string {
	const moment = new Date(iso);
	return Number.isNaN(moment.getTime())
		? '–'
		: `${moment.getDate()} ${months[moment.getMonth()] ?? ''} ${pad(moment.getHours())}:${pad(moment.getMinutes())}`;
}

/** When a snapshot was made, by its id or its ISO-8601 time, always in the same width: `2026-11-22 14:02`, `2026-11-22 14:02:09`. */
export function snapshotTimeText(idOrTime: string, withSeconds = false): string {
	const moment = new Date(
		idOrTime.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d\.\d{3})Z$/, '$1-$2-$3T$4:$5:$6Z'),
	);
	return Number.isNaN(moment.getTime())
		? idOrTime
		: `${moment.getFullYear()}-${pad(moment.getMonth() + 1)}-${pad(moment.getDate())} ${pad(moment.getHours())}:${pad(moment.getMinutes())}${withSeconds ? `:${pad(moment.getSeconds())}` : ''}`;
}

/** A time of day: `14:31`; the day is not said. */
export function clockText(iso: string): string {
	const moment = new Date(iso);
	return Number.isNaN(moment.getTime()) ? '–' : `${pad(moment.getHours())}:${pad(moment.getMinutes())}`;
}

/** `in 12 days`, `today`, `3 days ago`. */
export function daysText(isoDate: string, now: number): string {
	const days = Math.ceil((Date.parse(isoDate) - now) / 86_400_000);
	if (Number.isNaN(days)) {
		return '–';
	}

	if (days === 0) {
		return 'today';
	}

	return days > 0 ? `in ${countOf(days, 'day')}` : `${countOf(-days, 'day')} ago`;
}

/** When a credential ends, in whole days: `in 12 days`, `tomorrow`, `expired`. */
export function expiryWord({state, days}: Expiry): string {
	return state === 'expired' ? 'expired' : days === 1 ? 'tomorrow' : `in ${countOf(days, 'day')}`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function pad(value: number): string {
	return String(value).padStart(2, '0');
}
