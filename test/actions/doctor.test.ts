import assert from 'node:assert/strict';
import {test} from 'node:test';
import {examineClock, examineCredential} from '../../source/actions/doctor/connection-examination.ts';
import {exitCodeOf} from '../../source/actions/doctor/doctor.ts';
import {examineGit} from '../../source/actions/doctor/git-examination.ts';
import {judgePrivacy, judgeRoom} from '../../source/actions/doctor/place-examination.ts';

for (const [version, state] of [
	[undefined, 'bad'],
	['nonsense', 'bad'],
	['1.9.5', 'bad'],
	['2.35.9', 'bad'],
	['2.36.0', 'attention'],
	['2.39.5', 'attention'],
	['2.43.6', 'attention'],
	['2.43.7', 'good'],
	['2.50.0', 'attention'],
	['2.50.1 (Apple Git-155)', 'good'],
	['2.51.0', 'good'],
	['2.51', 'good'],
	['3.0.0', 'good'],
] as const) {
	test(`git ${version}: ${state}`, () => {
		assert.equal(examineGit(version).state, state);
	});
}

for (const [mode, uid, state] of [
	[0o700, 1000, 'good'],
	[0o755, 1000, 'good'],
	[0o775, 1000, 'bad'],
	[0o707, 1000, 'bad'],
	[0o700, 0, 'bad'],
] as const) {
	test(`a folder with modes ${mode.toString(8)} of user ${uid}: ${state}`, () => {
		assert.equal(judgePrivacy('/home', {mode, uid}, 1000).state, state);
	});
}

const gigabyte = 1024 ** 3;
for (const [free, all, state] of [
	[0, 100, 'bad'],
	[1, 100, 'attention'],
	[1, 10, 'good'],
	[50, 10_000, 'good'],
] as const) {
	test(`${free} of ${all} GB free: ${state}`, () => {
		assert.equal(judgeRoom('/srv', 'backups', {free: free * gigabyte, all: all * gigabyte}).state, state);
	});
}

const now = Date.parse('2026-11-27T12:00:00Z');
for (const [difference, state] of [
	[0, 'good'],
	[299_000, 'good'],
	[-299_000, 'good'],
	[301_000, 'attention'],
	[-86_400_000, 'attention'],
	[undefined, 'attention'],
] as const) {
	test(`a clock that differs by ${difference} ms: ${state}`, () => {
		assert.equal(examineClock(difference === undefined ? undefined : now + difference, now).state, state);
	});
}

const checkedAt = '2026-11-27T11:00:00.000Z';
for (const [state, expiresAt, expected, text] of [
	['ok', undefined, 'good', /^"bot" signs in as Bot$/],
	['ok', '2026-12-01', 'attention', /expires in 4 days/],
	['ok', '2026-11-01', 'bad', /expired on 2026-11-01/],
	[
		'missing-scopes',
		'2026-12-01',
		'attention',
		/without the scopes admin \(branch restrictions\); .* expires in 4 days/,
	],
	['refused', undefined, 'bad', /refuses the credential "bot" \(401\): enter a new secret/],
	['unreachable', undefined, 'bad', /nobody could be asked about "bot": 401/],
] as const) {
	test(`a credential that is ${state} and expires on ${expiresAt}: ${expected}`, () => {
		const found = examineCredential(
			'acme',
			{
				label: 'bot',
				expiresAt,
				check: {
					state,
					checkedAt,
					account: {id: '{b}', name: 'Bot'},
					missingScopes: [{scope: 'admin', costs: 'branch restrictions'}],
					message: '401',
				},
			},
			now,
		);
		assert.equal(found.state, expected);
		assert.match(found.text, text);
	});
}

test('the exit code is that of the worst', () => {
	const of = (...states: Array<'good' | 'attention' | 'bad'>) =>
		exitCodeOf(states.map(state => ({about: '', text: '', state})));
	assert.deepEqual([of(), of('good'), of('good', 'attention'), of('attention', 'bad')], [0, 0, 3, 1]);
});
