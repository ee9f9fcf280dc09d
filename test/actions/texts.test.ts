import assert from 'node:assert/strict';
import test from 'node:test';
import {formatKeep, parseKeep} from '../../source/actions/keep-text.ts';
import {secretFromText} from '../../source/actions/secret-text.ts';
import type {KeepRules} from '../../source/model/plan.ts';
import {UserError} from '../../source/system/user-error.ts';

const isWrongUsage = (error: unknown): boolean => error instanceof UserError && error.exitCode === 2;

test('rules for keeping snapshots are read and written', () => {
	const cases: ReadonlyArray<readonly [string, KeepRules, string]> = [
		[
			'last=7,daily=7,weekly=8,within=30d',
			{last: 7, daily: 7, weekly: 8, within: '30d'},
			'last=7,daily=7,weekly=8,within=30d',
		],
		[' within = 12h , yearly = 2 ', {within: '12h', yearly: 2}, 'yearly=2,within=12h'],
		['hourly=24,monthly=12', {hourly: 24, monthly: 12}, 'hourly=24,monthly=12'],
		[
			'within=1y5m7d2h,within-daily=30d,within-hourly=2d',
			{within: '1y5m7d2h', withinDaily: '30d', withinHourly: '2d'},
			'within=1y5m7d2h,within-hourly=2d,within-daily=30d',
		],
		['daily=7,yearly=unlimited', {daily: 7, yearly: 'unlimited'}, 'daily=7,yearly=unlimited'],
		['last=-1', {last: 'unlimited'}, 'last=unlimited'],
		['', {}, ''],
	];
	for (const [text, rules, written] of cases) {
		assert.deepEqual(parseKeep(text), rules, text);
		assert.equal(formatKeep(rules), written);
	}
});

test('what is no rule for keeping snapshots is refused', () => {
	for (const text of [
		'last',
		'last=',
		'last=0',
		'last=-2',
		'last=1.5',
		'often=7',
		'within=30',
		'within=7w',
		'within=10s',
		'within=0d',
		'within=1d1d',
		'within=-7d',
		'within=unlimited',
		'within-last=7d',
		'last=1=2',
		'last=9999999',
	]) {
		assert.throws(() => parseKeep(text), isWrongUsage, text);
	}
});

test('a secret loses one line end, and nothing else', () => {
	const cases: ReadonlyArray<readonly [string, string]> = [
		['ATATT3x-secret\n', 'ATATT3x-secret'],
		['ATATT3x-secret\r\n', 'ATATT3x-secret'],
		['ATATT3x-secret', 'ATATT3x-secret'],
		[' with spaces ', ' with spaces '],
	];
	for (const [text, secret] of cases) {
		assert.equal(secretFromText(text), secret);
	}
});

test('what cannot be a secret is refused, without showing it', () => {
	for (const text of ['', '\n', 'hidden-one\nhidden-two', 'hidden\n\n', 'hidden\u0000', 'hidden\u001b[2J']) {
		assert.throws(
			() => secretFromText(text),
			(error: unknown) => isWrongUsage(error) && !(error as Error).message.includes('hidden'),
			JSON.stringify(text),
		);
	}
});
