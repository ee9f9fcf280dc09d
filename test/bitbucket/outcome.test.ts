import assert from 'node:assert/strict';
import {test} from 'node:test';
import {errorMessage} from '../../source/bitbucket/error-message.ts';
import {type Outcome, outcomeOf} from '../../source/bitbucket/outcome.ts';
import {parseRetryAfter, toldLimit} from '../../source/bitbucket/rate-limit-headers.ts';

const answer = (status: number, body = '{}', headers: Record<string, string> = {}) => ({
	status,
	headers,
	body: Buffer.from(body),
});

const table: ReadonlyArray<readonly [string, ReturnType<typeof answer>, Outcome]> = [
	['JSON', answer(200), {kind: 'ok'}],
	['a page of HTML with status 200', answer(200, '<!DOCTYPE html>'), {kind: 'malformed'}],
	['JSON that was cut', answer(200, '{"values": [1, 2'), {kind: 'malformed'}],
	['an empty body', answer(200, ''), {kind: 'malformed'}],
	[
		'429 in plain text',
		answer(429, 'Rate limit for this resource has been exceeded'),
		{kind: 'rate-limited', retryAfterMilliseconds: undefined},
	],
	[
		'429 with Retry-After',
		answer(429, '', {'retry-after': '30'}),
		{kind: 'rate-limited', retryAfterMilliseconds: 30_000},
	],
	['a redirect', answer(302, '', {location: '/elsewhere'}), {kind: 'redirect', location: '/elsewhere'}],
	['a redirect to nowhere', answer(302, ''), {kind: 'malformed'}],
	['400', answer(400), {kind: 'bad-request'}],
	['401', answer(401), {kind: 'unauthorized'}],
	['403', answer(403), {kind: 'forbidden'}],
	['404', answer(404), {kind: 'not-found'}],
	['410', answer(410), {kind: 'gone'}],
	['500', answer(500), {kind: 'server'}],
	['503 in HTML', answer(503, '<html>'), {kind: 'server'}],
	["555, Bitbucket's own time-out", answer(555), {kind: 'server'}],
];

for (const [name, given, expected] of table) {
	test(`outcome: ${name} is ${expected.kind}`, () => {
		assert.deepEqual(outcomeOf(given, 'json'), expected);
	});
}

test('outcome: a log or a patch need not be JSON', () => {
	assert.equal(outcomeOf(answer(200, 'diff --git a b'), 'anything').kind, 'ok');
});

const messages: ReadonlyArray<readonly [string, string]> = [
	['{"type":"error","error":{"message":"Token is invalid"}}', 'Token is invalid'],
	['Rate limit for this resource has been exceeded', 'Rate limit for this resource has been exceeded'],
	['<!DOCTYPE html><html>…25 KB…', 'an HTML page instead of an answer'],
	['', 'no explanation'],
	['{"type":"error","error":{"message":"bad\\u001b]52;c;ZXZpbA==\\u0007 thing"}}', 'bad thing'],
];

for (const [body, expected] of messages) {
	test(`error message: ${JSON.stringify(body).slice(0, 50)}`, () => {
		assert.equal(errorMessage(Buffer.from(body)), expected);
	});
}

test('error message: never longer than a line', () => {
	assert.ok(errorMessage(Buffer.from('x'.repeat(30_000))).length <= 201);
});

test('rate limit headers: the leading integer counts, rubbish does not', () => {
	assert.deepEqual(toldLimit({'x-ratelimit-limit': '60, 60;w=3600'}), {requests: 60, nearLimit: false});
	assert.deepEqual(toldLimit({'x-ratelimit-limit': '0', 'x-ratelimit-nearlimit': 'True'}), {nearLimit: true});
	assert.deepEqual(toldLimit({'x-ratelimit-limit': 'many'}), {nearLimit: false});
	assert.deepEqual(toldLimit({}), {nearLimit: false});
	assert.deepEqual(toldLimit({'x-ratelimit-limit': '2500', 'x-ratelimit-resource': 'api'}), {
		requests: 2500,
		resource: 'api',
		nearLimit: false,
	});
	assert.deepEqual(toldLimit({'x-ratelimit-resource': 'something new'}), {nearLimit: false});
	assert.equal(parseRetryAfter('Wed, 21 Oct 2026 07:28:00 GMT'), undefined);
	assert.equal(parseRetryAfter(['12']), 12_000);
});
