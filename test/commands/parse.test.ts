import assert from 'node:assert/strict';
import test from 'node:test';
import {InvalidArgumentError} from 'commander';
import {
	parseAdditionalCredentials,
	parseData,
	parseDate,
	parseKind,
	parseLimit,
	parsePercent,
	parseWhole,
} from '../../source/commands/parse.ts';

const good: ReadonlyArray<readonly [string, unknown, unknown]> = [
	['kind', parseKind('api-token'), 'api-token'],
	['whole number', parseWhole(0, 10)('10'), 10],
	['percent', parsePercent('0'), 0],
	['percent with a fraction', parsePercent('2.5'), 2.5],
	['limit', parseLimit('3600/3600s'), '3600/1h'],
	['date', parseDate('2027-03-31'), '2027-03-31'],
	['data', parseData('git, lfs,git'), ['git', 'lfs']],
	['all', parseAdditionalCredentials('all'), 'all'],
	['none', parseAdditionalCredentials('none'), 'none'],
	['labels', parseAdditionalCredentials('bot-1, bot-2'), ['bot-1', 'bot-2']],
];

for (const [what, actual, expected] of good) {
	test(`${what} is read`, () => {
		assert.deepEqual(actual, expected);
	});
}

const bad: ReadonlyArray<readonly [(text: string) => unknown, readonly string[]]> = [
	[parseKind, ['', 'token', 'app-password']],
	[parseWhole(1, 64), ['', '0', '65', '-1', '1.5', 'many', '1e1', '99999999999999999999']],
	[parsePercent, ['', '-1', '91', '100', 'five', '5%']],
	[parseLimit, ['', '1000', '0/1h', '10/0s', 'a/1h', '10/1y', '1/1h/1']],
	[parseDate, ['', 'tomorrow', '2027-13-01', '31.3.2027']],
	[parseData, ['', ',', 'git,wiki']],
	[parseAdditionalCredentials, ['', ' , ']],
];

for (const [parse, texts] of bad) {
	for (const text of texts) {
		test(`${parse.name || 'whole number'} refuses ${JSON.stringify(text)}`, () => {
			assert.throws(() => parse(text), InvalidArgumentError);
		});
	}
}

test('whoever still has an app password is told what took its place', () => {
	assert.throws(() => parseKind('app-password'), /API token/);
});
