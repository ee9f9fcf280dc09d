import assert from 'node:assert/strict';
import {test} from 'node:test';
import {expiryOf, expiryText} from '../../source/model/expiry.ts';

const now = Date.parse('2026-11-27T23:30:00Z');

for (const [expiresAt, state, days] of [
	['2026-11-26', 'expired', -1],
	['2026-11-27', 'expired', 0],
	['2026-11-28', 'very-soon', 1],
	['2026-12-04', 'very-soon', 7],
	['2026-12-05', 'soon', 8],
	['2026-12-27', 'soon', 30],
	['2026-12-28', 'far', 31],
] as const) {
	test(`a credential that expires on ${expiresAt}: ${state}`, () => {
		assert.deepEqual(expiryOf(expiresAt, now), {state, days});
	});
}

test('one that does not expire, or whose date is none, says nothing', () => {
	assert.equal(expiryOf(undefined, now), undefined);
	assert.equal(expiryOf('soon', now), undefined);
	assert.equal(expiryText({label: 'bot'}, now), undefined);
	assert.equal(expiryText({label: 'bot', expiresAt: '2027-11-27'}, now), undefined);
});

test('what a person is told names the credential, the day, and what to do', () => {
	assert.equal(
		expiryText({label: 'bot', expiresAt: '2026-11-28'}, now),
		'the credential "bot" expires tomorrow, on 2026-11-28: make a new token in time',
	);
	assert.match(expiryText({label: 'bot', expiresAt: '2026-12-20'}, now) ?? '', /expires in 23 days/);
	assert.match(expiryText({label: 'bot', expiresAt: '2026-11-01'}, now) ?? '', /expired on 2026-11-01: make/);
});
