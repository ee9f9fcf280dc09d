import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {decideStart} from '../../../source/actions/schedule/decide-start.ts';
import {nextStart, parseSchedule} from '../../../source/actions/schedule/schedule.ts';
import type {ScheduleMark} from '../../../source/store/schedule-marks.ts';
import {UserError} from '../../../source/system/user-error.ts';

for (const [text, schedule] of [
	[' 0  2 * * * ', '0 2 * * *'],
	['*/15 0-6 1,15 JAN-MAR MON', '*/15 0-6 1,15 JAN-MAR MON'],
	['0 2 L * *', '0 2 L * *'],
	['@daily', '@daily'],
	['0 2 29 2 *', '0 2 29 2 *'],
] as const) {
	test(`schedule: "${text}" is one`, () => {
		assert.equal(parseSchedule(text), schedule);
	});
}

for (const [text, message] of [
	['', /^"" is no schedule: write five cron fields/],
	['daily', /is no schedule/],
	['0 2 * *', /is no schedule/],
	['0 2 * * * *', /is no schedule/],
	['0 2 * * $(reboot)', /is no schedule/],
	['61 2 * * *', /is no schedule \(invalid value for minute: 61\): write/],
	['0 24 * * *', /is no schedule \(invalid value for hour: 24\)/],
	['@reboot', /is no schedule/],
	['0 2 30 2 *', /never comes/],
] as const) {
	test(`schedule: "${text}" is none`, () => {
		assert.throws(
			() => parseSchedule(text),
			(error: unknown) => error instanceof UserError && error.exitCode === 2 && message.test(error.message),
		);
	});
}

/** Times of a schedule after another, as UTC. */
function times(schedule: string, after: string, count: number, zone: string): string[] {
	const found: string[] = [];
	let last = Date.parse(after);
	for (let index = 0; index < count; index += 1) {
		const next = nextStart(schedule, last, zone);
		assert.ok(next !== undefined && next > last);
		found.push(new Date(next).toISOString().slice(5, 16));
		last = next;
	}

	return found;
}

for (const [what, schedule, after, zone, expected] of [
	[
		'by the clock on the wall',
		'0 2 * * *',
		'2026-11-27T00:00Z',
		'Europe/Warsaw',
		['11-27T01:00', '11-28T01:00'],
	],
	[
		'in the hour that is skipped: once, right after it',
		'30 2 * * *',
		'2026-03-28T00:00Z',
		'Europe/Warsaw',
		['03-28T01:30', '03-29T01:00', '03-30T00:30'],
	],
	[
		'in the hour that comes twice: once',
		'30 2 * * *',
		'2026-10-24T00:00Z',
		'Europe/Warsaw',
		['10-24T00:30', '10-25T00:30', '10-26T01:30'],
	],
	[
		'every half hour goes on through the hour that comes twice',
		'*/30 * * * *',
		'2026-10-25T00:00Z',
		'Europe/Warsaw',
		['10-25T00:30', '10-25T01:00', '10-25T01:30'],
	],
	['on the last day of months', '0 2 L * *', '2026-01-30T00:00Z', 'UTC', ['01-31T02:00', '02-28T02:00']],
] as const) {
	test(`schedule: ${what}`, () => {
		assert.deepEqual(times(schedule, after, expected.length, zone), expected);
	});
}

test('schedule: one that cannot be read is never due', () => {
	assert.equal(nextStart('at noon', 0), undefined);
	assert.deepEqual(decideStart('at noon', {schedule: 'at noon', until: 0}, 1e12), {
		dueAt: undefined,
		mark: {schedule: 'at noon', until: 0},
	});
});

const at = (text: string): number => Date.parse(`2026-11-${text}Z`);
const daily = '0 2 * * *';

for (const [what, mark, now, dueAt, until] of [
	['one that is seen for the first time counts from then on', undefined, '27T14:00', undefined, '27T14:00'],
	[
		'another one than before counts from now on',
		{schedule: '0 3 * * *', until: at('20T00:00')},
		'27T14:00',
		undefined,
		'27T14:00',
	],
	[
		'nothing is due before its time',
		{schedule: daily, until: at('27T02:00')},
		'28T01:59',
		undefined,
		'27T02:00',
	],
	['it is due at its time', {schedule: daily, until: at('27T02:00')}, '28T02:00', '28T02:00', '28T02:00'],
	[
		'of many that were missed one is made up for',
		{schedule: daily, until: at('20T02:00')},
		'27T14:00',
		'21T02:00',
		'27T14:00',
	],
	[
		'a clock that is set back a little starts nothing twice',
		{schedule: daily, until: at('27T02:00')},
		'27T01:30',
		undefined,
		'27T02:00',
	],
	[
		'a mark of a time at which the clock was wrong holds nothing up',
		{schedule: daily, until: at('30T02:00')},
		'27T01:30',
		undefined,
		'27T01:30',
	],
] as const) {
	test(`start: ${what}`, () => {
		assert.deepEqual(decideStart(daily, mark, at(now), 'UTC'), {
			dueAt: dueAt === undefined ? undefined : at(dueAt),
			mark: {schedule: daily, until: at(until)},
		});
	});
}

test('start: however often one looks, each time that is due is started once, or made up for with others', () => {
	const schedules = fc.constantFrom(daily, '*/15 * * * *', '30 1 * * 1-5', '0 0 1 * *', '@hourly');
	const zones = fc.constantFrom('UTC', 'Europe/Warsaw', 'America/New_York', 'Australia/Lord_Howe');
	const looks = fc.array(fc.integer({min: 1, max: 40 * 3_600_000}), {minLength: 1, maxLength: 60});
	const begins = fc.integer({min: Date.parse('2026-01-01'), max: Date.parse('2027-01-01')});
	fc.assert(
		fc.property(schedules, zones, begins, looks, (schedule, zone, begin, waits) => {
			let now = begin;
			let {mark}: {mark: ScheduleMark} = decideStart(schedule, undefined, now, zone);
			for (const wait of waits) {
				const before = now;
				now += wait;
				const next = nextStart(schedule, before, zone);
				const decision = decideStart(schedule, mark, now, zone);
				assert.equal(decision.dueAt, next !== undefined && next <= now ? next : undefined);
				({mark} = decision);
				assert.equal(decideStart(schedule, mark, now, zone).dueAt, undefined, 'and not again');
			}
		}),
	);
});
