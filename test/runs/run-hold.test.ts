import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {RunEvent} from '../../source/runs/events.ts';
import {lastMinutes, minuteOf, rememberedMinutes, withMinute} from '../../source/runs/minute-rates.ts';
import {plainLines} from '../../source/runs/plain-lines.ts';
import {requestsPerMinute, requestsSent} from '../../source/runs/requests-sent.ts';
import {type RunHold, runHold} from '../../source/runs/run-hold.ts';
import {initialRunState, interruptRun, type RunState, reduceRun} from '../../source/runs/run-state.ts';
import {summarize} from '../../source/runs/summary.ts';
import {finished, forecast, foretold, quota, repositoryFinished, run, started} from './events.ts';

const stateAfter = (...events: readonly RunEvent[]): RunState =>
	events.reduce(reduceRun, initialRunState(run));

const at = (time: string): string => `2026-11-22T${time}.000Z`;
const paused = (time = '13:15:10'): RunEvent => ({type: 'paused', at: at(time), run});
const resumed = (pausedMs = 60_000, time = '13:16:10'): RunEvent => ({
	type: 'resumed',
	at: at(time),
	run,
	pausedMs,
});
const outage = (since: string | null): RunEvent => ({type: 'outage', at: at('13:15:20'), run, since});
const failed: RunEvent = {
	type: 'account-failed',
	at: at('13:15:03'),
	run,
	account: '{b}',
	label: 'bot-1',
	reason: 'revoked',
	status: 401,
};
const usedUp = {used: 1000, remaining: 0, resets: at('13:30:00')};
const other = {account: '{b}', label: 'bot-1'};

const holds: ReadonlyArray<{name: string; events: readonly RunEvent[]; hold: RunHold | undefined}> = [
	{name: 'nothing', events: [started(), quota()], hold: undefined},
	{name: 'paused', events: [started(), paused()], hold: {kind: 'paused', since: at('13:15:10')}},
	{name: 'resumed', events: [started(), paused(), resumed()], hold: undefined},
	{
		name: 'paused before it began',
		events: [paused(), started()],
		hold: {kind: 'paused', since: at('13:15:10')},
	},
	{
		name: 'an outage',
		events: [started(), outage(at('13:15:15'))],
		hold: {kind: 'outage', since: at('13:15:15')},
	},
	{
		name: 'an outage that is over',
		events: [started(), outage(at('13:15:15')), outage(null)],
		hold: undefined,
	},
	{
		name: 'paused in an outage, with the quota used up: what a person did',
		events: [started(), quota(usedUp), outage(at('13:15:05')), paused()],
		hold: {kind: 'paused', since: at('13:15:10')},
	},
	{
		name: 'the quota of the only account',
		events: [started(), quota(usedUp)],
		hold: {kind: 'quota', resource: 'api', until: at('13:30:00')},
	},
	{name: 'one of two accounts has room', events: [started(), quota(usedUp), quota(other)], hold: undefined},
	{
		name: 'the other one is frozen, and goes on sooner',
		events: [started(), quota(usedUp), quota({...other, remaining: 500, frozenUntil: at('13:20:00')})],
		hold: {kind: 'quota', resource: 'api', until: at('13:20:00')},
	},
	{
		name: 'the other one has failed',
		events: [started(), quota(usedUp), quota(other), failed],
		hold: {kind: 'quota', resource: 'api', until: at('13:30:00')},
	},
	{
		name: 'another resource alone',
		events: [started(), quota(), quota({...usedUp, resource: 'raw', resets: null})],
		hold: {kind: 'quota', resource: 'raw', until: undefined},
	},
	{
		name: 'a run that is over waits for nothing',
		events: [started(), quota(usedUp), paused(), finished()],
		hold: undefined,
	},
];

for (const {name, events, hold} of holds) {
	test(`what holds a run: ${name}`, () => {
		assert.deepEqual(runHold(stateAfter(...events)), hold);
	});
}

test('a pause is told in plain lines, and counted: in the summary it stands beside what was foretold', () => {
	assert.deepEqual(plainLines(paused()), ['13:15:10  paused: nothing new begins until the run is resumed']);
	assert.deepEqual(plainLines(resumed()), ['13:16:10  resumed after 1 min 0 s']);
	const end = finished({at: at('13:20:00'), status: 'succeeded', forecast: foretold});
	const state = stateAfter(started(), forecast(), paused(), resumed(), paused('13:19:30'), end);
	assert.equal(state.pausedMs, 90_000);
	assert.equal(state.pausedSince, undefined);
	assert.match(summarize(state).forecast ?? '', /in 5 min 0 s, paused for 1 min 30 s of it$/);
	assert.doesNotMatch(summarize(stateAfter(started(), forecast(), end)).forecast ?? '', /paused/);
});

test('a run that was killed while it was paused is interrupted, and no more', () => {
	const state = interruptRun(stateAfter(started(), paused()));
	assert.deepEqual([state.status, state.pausedSince], ['interrupted', undefined]);
});

test('requests sent: what accounts tell, else what is known of finished repositories and forecasts', () => {
	const told = stateAfter(
		started(),
		quota({sent: 40}),
		quota({...other, sent: 7}),
		quota({resource: 'git', sent: 5}),
	);
	assert.equal(requestsSent(told), 52);
	assert.equal(requestsSent(stateAfter(started(), quota(), repositoryFinished('a'))), 11);
	assert.equal(requestsSent(stateAfter(started(), forecast({sent: {api: 30, git: 4}}))), 34);
	assert.equal(requestsSent(stateAfter(started(), quota({sent: 40}), finished())), 33);
	assert.equal(
		requestsPerMinute(stateAfter(quota({perMinute: 12}), quota({resource: 'git', perMinute: 3}))),
		15,
	);
});

test('minutes: the last word of each is kept, so many of them, also of a journal that is read late', () => {
	const start = Date.parse(at('13:00:00'));
	const events = Array.from({length: 3600}, (_, second) =>
		quota({at: new Date(start + second * 1000).toISOString(), perMinute: second % 60 === 59 ? second : 0}),
	);
	const minutes = stateAfter(...events).accounts[0]?.quotas.api?.minutes ?? [];
	assert.equal(minutes.length, rememberedMinutes);
	assert.deepEqual(minutes.at(-1), {minute: minuteOf(start) + 59, requests: 3599});
	assert.deepEqual(minutes.at(-2), {minute: minuteOf(start) + 58, requests: 3539});
});

test('minutes: one of which nothing was said is as the one before it, one before the first word is not known', () => {
	const rates = withMinute(
		withMinute(withMinute([], at('13:10:05'), 4), at('13:10:50'), 8),
		at('13:13:00'),
		2,
	);
	const last = minuteOf(Date.parse(at('13:14:00')));
	assert.deepEqual(lastMinutes(rates, last, 7), [undefined, undefined, 8, 8, 8, 2, 2]);
	assert.deepEqual(lastMinutes([], last, 2), [undefined, undefined]);
});

test('minutes: a clock that is set back begins them anew', () => {
	const rates = withMinute(withMinute([], at('13:10:05'), 4), at('13:02:00'), 9);
	assert.deepEqual(rates, [{minute: minuteOf(Date.parse(at('13:02:00'))), requests: 9}]);
});
