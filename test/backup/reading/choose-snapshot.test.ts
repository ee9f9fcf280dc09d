import assert from 'node:assert/strict';
import {test} from 'node:test';
import {chooseSnapshot, endOfTime} from '../../../source/backup/reading/choose-snapshot.ts';

const ids = [
	'20261120T020000.000Z',
	'20261121T020000.000Z',
	'20261121T140000.500Z',
	'20261122T131500.123Z',
	'20261123T020000.000Z',
];

const found: ReadonlyArray<readonly [string, string]> = [
	['latest', '20261123T020000.000Z'],
	['20261122T131500.123Z', '20261122T131500.123Z'],
	['20261122', '20261122T131500.123Z'],
	['20261121T1', '20261121T140000.500Z'],
	['2026-11-22', '20261122T131500.123Z'],
	['2026-11-21', '20261121T140000.500Z'],
	['2026-11', '20261123T020000.000Z'],
	['2030-01', '20261123T020000.000Z'],
	['2026-11-22 13', '20261122T131500.123Z'],
	['2026-11-22 12', '20261121T140000.500Z'],
	['2026-11-22T13:15', '20261122T131500.123Z'],
	['2026-11-22T13:14', '20261121T140000.500Z'],
	['2026-11-22T13:15:00', '20261122T131500.123Z'],
	['2026-11-22T13:15:00.122Z', '20261121T140000.500Z'],
	['2026-11-22T13:15:00.123Z', '20261122T131500.123Z'],
	['2026-11-22T14:15+01:00', '20261122T131500.123Z'],
	['2026-11-22T13:15+01:00', '20261121T140000.500Z'],
	[' 2026-11-22 ', '20261122T131500.123Z'],
];

for (const [wanted, id] of found) {
	test(`"${wanted}" means ${id}`, () => {
		assert.equal(chooseSnapshot(ids, wanted, 'web'), id);
	});
}

const refused: ReadonlyArray<readonly [string, RegExp]> = [
	[
		'20261121',
		/^"20261121" fits 2 snapshots of web; say more of the one that you mean: 20261121T020000\.000Z, 20261121T140000\.500Z\.$/,
	],
	[
		'20261124T000000.000Z',
		/^There is no snapshot "20261124T000000\.000Z" of web; the nearest is 20261123T020000\.000Z\.$/,
	],
	['20261122T131500.124Z', /the nearest are 20261122T131500\.123Z and 20261123T020000\.000Z\.$/],
	['20261119', /the nearest is 20261120T020000\.000Z\.$/],
	['yesterday', /^There is no snapshot "yesterday" of web; the nearest is 20261123T020000\.000Z\.$/],
	['', /^There is no snapshot "" of web/],
	['2026-02-30', /^There is no snapshot "2026-02-30" of web/],
	[
		'2026-11-19',
		/^There is no snapshot of web at or before 2026-11-19; the oldest is 20261120T020000\.000Z\.$/,
	],
];

for (const [wanted, message] of refused) {
	test(`"${wanted}" is refused with what is nearest`, () => {
		assert.throws(() => chooseSnapshot(ids, wanted, 'web'), {name: 'UserError', exitCode: 2, message});
	});
}

test('where there is no snapshot, it is said so', () => {
	assert.throws(() => chooseSnapshot([], 'latest', 'web'), {
		exitCode: 2,
		message: 'There is no snapshot of web yet: no backup of it has come to its end.',
	});
});

test('many that fit are not all named', () => {
	const many = Array.from(
		{length: 60},
		(_, second) => `20261122T1315${String(second).padStart(2, '0')}.000Z`,
	);
	assert.throws(() => chooseSnapshot(many, '20261122', 'web'), {
		message: /fits 60 snapshots of web; .*: …, 20261122T131555.*20261122T131559\.000Z\.$/,
	});
});

test('the end of a time is its last millisecond', () => {
	for (const [text, end] of [
		['2026-12', '2026-12-31T23:59:59.999Z'],
		['2024-02', '2024-02-29T23:59:59.999Z'],
		['2026-12-31', '2026-12-31T23:59:59.999Z'],
		['2026-12-31 23', '2026-12-31T23:59:59.999Z'],
		['2026-12-31T23:59', '2026-12-31T23:59:59.999Z'],
		['2026-12-31T23:59:59', '2026-12-31T23:59:59.999Z'],
		['2026-12-31T23:59:59.5', '2026-12-31T23:59:59.500Z'],
	] as const) {
		assert.equal(new Date(endOfTime(text) ?? 0).toISOString(), end, text);
	}

	for (const text of [
		'2026',
		'2026-13',
		'2026-11-31',
		'2026-11-22T24',
		'11/22/2026',
		'latest',
		'20261122T131500.123Z',
	]) {
		assert.equal(endOfTime(text), undefined, text);
	}
});
