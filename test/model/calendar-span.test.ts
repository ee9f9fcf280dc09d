import assert from 'node:assert/strict';
import test from 'node:test';
import {parseCalendarSpan, spanBefore} from '../../source/model/calendar-span.ts';

test('spans of time are read as restic writes them', () => {
	const cases: ReadonlyArray<readonly [string, readonly number[] | undefined]> = [
		['30d', [0, 0, 30, 0]],
		['1y5m7d2h', [1, 5, 7, 2]],
		['2h7d5m1y', [1, 5, 7, 2]],
		['6m', [0, 6, 0, 0]],
		['0y1d', [0, 0, 1, 0]],
		['0d', undefined],
		['', undefined],
		['7', undefined],
		['d', undefined],
		['7w', undefined],
		['10s', undefined],
		['1d1d', undefined],
		['-1d', undefined],
		['1.5d', undefined],
		['1d ', undefined],
		['999999d', undefined],
	];
	for (const [text, counts] of cases) {
		const span = parseCalendarSpan(text);
		assert.deepEqual(span && [span.years, span.months, span.days, span.hours], counts, text);
	}
});

test('a span before a moment goes by the calendar, in UTC', () => {
	const cases: ReadonlyArray<readonly [string, string, string]> = [
		['2024-03-10T12:00:00.000Z', '1m', '2024-02-10T12:00:00.000Z'],
		['2024-03-31T12:00:00.000Z', '1m', '2024-03-02T12:00:00.000Z'],
		['2023-03-31T12:00:00.000Z', '1m', '2023-03-03T12:00:00.000Z'],
		['2024-02-29T12:00:00.000Z', '1y', '2023-03-01T12:00:00.000Z'],
		['2024-01-01T00:30:00.000Z', '1h', '2023-12-31T23:30:00.000Z'],
		['2024-01-15T00:00:00.000Z', '1y2m3d4h', '2022-11-11T20:00:00.000Z'],
		['2024-03-31T12:00:00.000Z', '30d', '2024-03-01T12:00:00.000Z'],
	];
	for (const [moment, text, expected] of cases) {
		const span = parseCalendarSpan(text);
		assert.ok(span !== undefined);
		assert.equal(
			new Date(spanBefore(Date.parse(moment), span)).toISOString(),
			expected,
			`${text} before ${moment}`,
		);
	}
});
