import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {widthOf} from '../../source/app/cells.ts';
import {accountLines, chartsOf} from '../../source/app/screens/run/account-lines.ts';
import {type QuotaMoment, quotaText, sentText} from '../../source/app/screens/run/quota-texts.ts';
import {repositoryWindow} from '../../source/app/screens/run/repository-window.ts';
import {paceText, statusText} from '../../source/app/screens/run/run-texts.ts';
import {sparkline} from '../../source/app/screens/run/sparkline.ts';
import {asciiSigns, unicodeSigns} from '../../source/app/theme.ts';
import {clockText} from '../../source/app/words.ts';
import {type RunEvent, RunEventSchema} from '../../source/runs/events.ts';
import {emptyRepositoryOrder} from '../../source/runs/repository-order.ts';
import {initialRunState, interruptRun, type RunState, reduceRun} from '../../source/runs/run-state.ts';
import type {QuotaView} from '../../source/runs/run-state-types.ts';
import {now, quota, runEnd, runEvents} from './fake-services.ts';

const run = '20261122T115500.000Z-nightly';
const stateAfter = (...events: readonly RunEvent[]): RunState =>
	events.reduce(reduceRun, initialRunState(run));
const event = (fields: Record<string, unknown>): RunEvent =>
	RunEventSchema.parse({at: new Date(now - 30_000).toISOString(), run, ...fields});
const iso = (seconds: number): string => new Date(now + seconds * 1000).toISOString();

const sparks: ReadonlyArray<readonly [ReadonlyArray<number | undefined>, number, string]> = [
	[[], 10, ''],
	[[undefined, 0, 1, 100], 100, ' ▁▂█'],
	[[0, 0, 0], 0, '▁▁▁'],
	[[10, 20, 30, 40, 50, 60, 70], 70, '▂▃▄▅▆▇█'],
	// A value that is higher than the highest of all is not known to happen; it stays in its cell.
	[[140], 70, '█'],
];

for (const [values, highest, expected] of sparks) {
	test(`sparkline: ${JSON.stringify(values)} of ${highest}`, () => {
		assert.equal(sparkline(values, highest, unicodeSigns), expected);
	});
}

test('sparkline: a cell for each value, more is never lower, and one request is seen', () => {
	fc.assert(
		fc.property(fc.array(fc.nat({max: 5000}), {minLength: 1, maxLength: 16}), values => {
			const highest = Math.max(...values);
			for (const signs of [unicodeSigns, asciiSigns]) {
				const cells = [...sparkline(values, highest, signs)];
				assert.equal(widthOf(cells.join('')), values.length);
				const heights = cells.map(cell => signs.sparks.indexOf(cell));
				for (const [index, value] of values.entries()) {
					assert.equal((heights[index] ?? 0) > 0, value > 0);
					for (const [other, less] of values.entries()) {
						assert.ok(less > value || (heights[other] ?? 0) <= (heights[index] ?? 0));
					}
				}
			}
		}),
	);
});

const view = (more: Partial<QuotaView> = {}): QuotaView => ({
	limit: 1000,
	windowMs: 3_600_000,
	used: 400,
	remaining: 550,
	reserve: 50,
	resets: iso(2460),
	frozenUntil: null,
	ledgerLost: false,
	others: 0,
	oneByOne: false,
	source: 'estimate',
	perMinute: 10,
	minutes: [],
	at: iso(0),
	...more,
});

const live: QuotaMoment = {state: 'live', now};
const still: QuotaMoment = {state: 'paused', now};
const full = {used: 950, remaining: 0, resets: iso(130)};
const frozen = {frozenUntil: iso(90), remaining: 0};

const quotaTexts: ReadonlyArray<readonly [string, Partial<QuotaView>, QuotaMoment, number, string]> = [
	['room', {}, live, 13, 'in 41 min'],
	['nothing used', {used: 0, resets: null}, live, 13, ''],
	['used up', full, live, 13, 'waits 2:10'],
	['used up, narrow', full, live, 7, '! 2:10'],
	['used up, nobody knows until when', {...full, resets: null}, live, 13, 'waits'],
	['frozen', frozen, live, 13, '! 429 1:30'],
	['frozen, narrow', frozen, live, 7, '✗ 1:30'],
	['the ledger was damaged', {...frozen, ledgerLost: true}, live, 24, 'waits 1:30, ledger lost'],
	['others use it', {others: 212}, live, 13, 'others 212'],
	['others use it, with room', {others: 212, oneByOne: true}, live, 24, 'others 212, one by one'],
	['one by one, with room', {oneByOne: true}, live, 24, 'one by one, in 41 min'],
	['paused: nothing counts down', full, still, 13, `at ${clockText(iso(130))}`],
	['paused, with room', {}, still, 13, `at ${clockText(iso(2460))}`],
];

for (const [name, more, moment, width, expected] of quotaTexts) {
	test(`quota text: ${name}`, () => {
		assert.equal(quotaText(view(more), moment, width, unicodeSigns).text, expected);
	});
}

test('quota text: of a run that is over, what was sent', () => {
	const [primary] = stateAfter(...runEvents, runEnd).accounts;
	const [first, second] = accountLines(primary === undefined ? [] : [primary], 20);
	assert.ok(first !== undefined && second !== undefined);
	assert.equal(sentText(first, 13), '1,240 sent');
	assert.equal(sentText(first, 24), '1,240 sent, 3 × 429');
	assert.equal(sentText(second, 24), '44 sent');
	assert.equal(sentText(first, 7), '1,240');
});

test('account lines: resources of which little is used go first where there is no room, git before all', () => {
	const resources = (room: number): readonly string[] =>
		accountLines(
			stateAfter(
				...runEvents.slice(0, 1),
				event(quota('user:{1}', 'primary', 10)),
				event(quota('user:{1}', 'primary', 10, {resource: 'raw'})),
				event(quota('user:{1}', 'primary', 900, {resource: 'webhooks'})),
				event(quota('user:{1}', 'primary', 10, {resource: 'git', limit: 60_000})),
			).accounts.slice(0, 1),
			room,
		).map(({resource}) => resource ?? 'none');
	assert.deepEqual(resources(4), ['api', 'webhooks', 'raw', 'git']);
	assert.deepEqual(resources(3), ['api', 'webhooks', 'raw']);
	assert.deepEqual(resources(1), ['api', 'webhooks'], 'what is nearly used up is never left out');
});

test('account lines: an account that failed has one, one that was not used too; the first of each carries the label', () => {
	const lines = accountLines(stateAfter(...runEvents).accounts, 20);
	assert.deepEqual(
		lines.map(({account, resource, isFirst}) => [account.label, resource, isFirst]),
		[
			['primary', 'api', true],
			['primary', 'git', false],
			['bot-1', 'api', true],
			['bot-2', 'api', true],
			['ci-token', 'api', true],
			['bot-3', undefined, true],
		],
	);
	const {charts, highest} = chartsOf(lines, Math.floor(now / 60_000), 6);
	assert.deepEqual(charts[0], [22, 31, 52, 70, 38, 38]);
	assert.equal(highest, 71);
});

const paused = event({type: 'paused'});
const outage = event({type: 'outage', since: iso(-120)});
const everyoneWaits = ['user:{1}', 'user:{2}', 'user:{3}', 'token:1'].map(id =>
	event({...quota(id, id, 950, {remaining: 0, resets: iso(130)})}),
);
const clock = (seconds: number): string => clockText(iso(seconds));

const statusTexts: ReadonlyArray<
	readonly [name: string, state: RunState, isNarrow: boolean, status: string, pace: string]
> = [
	[
		'a run of which nothing is heard yet',
		initialRunState(run),
		false,
		'· starting',
		'0 requests a minute · 0 sent',
	],
	[
		'a run at work',
		stateAfter(...runEvents),
		false,
		`running 5 min 0 s · ends about ${clock(840)}`,
		'125 requests a minute · 2,972 sent',
	],
	[
		'a run at work, narrow',
		stateAfter(...runEvents),
		true,
		'running 5 min 0 s',
		'125 requests a minute · 2,972 sent',
	],
	[
		'a paused run',
		stateAfter(...runEvents, paused),
		false,
		`‖ paused since ${clock(-30)}`,
		'nothing new begins until it is resumed, what is under way ends · 2,972 sent',
	],
	[
		'a paused run in an outage, narrow',
		stateAfter(...runEvents, outage, paused),
		true,
		'‖ paused',
		'nothing new begins until it is resumed, what is under way ends · 2,972 sent',
	],
	[
		'an outage',
		stateAfter(...runEvents, outage),
		false,
		'running 5 min 0 s · waits for Bitbucket',
		`no usable answer from Bitbucket since ${clock(-120)} · 125 requests a minute · 2,972 sent`,
	],
	['an outage, narrow', stateAfter(...runEvents, outage), true, 'Bitbucket is down', ''],
	[
		'all accounts wait',
		stateAfter(...runEvents, ...everyoneWaits),
		false,
		`running 5 min 0 s · ends about ${clock(840)}`,
		'all api quota is used up, goes on in 2:10 · 158 requests a minute · 2,194 sent',
	],
	['all accounts wait, narrow', stateAfter(...runEvents, ...everyoneWaits), true, 'waits 2:10', ''],
	[
		'a past run',
		stateAfter(...runEvents, runEnd),
		false,
		'! partial · 4 min 50 s · 3,420 requests',
		'forecast 3,390 api, 84 git in 19 min 0 s; took 3,376 api, 44 git in 4 min 50 s · 3 answered 429',
	],
	[
		'a run that was killed',
		interruptRun(stateAfter(...runEvents, paused)),
		false,
		'✗ interrupted · 4 min 30 s · 64 requests',
		'64 requests',
	],
];

for (const [name, state, isNarrow, status, pace] of statusTexts) {
	test(`run texts: ${name}`, () => {
		assert.equal(statusText(state, now, unicodeSigns, isNarrow), status);
		if (pace !== '') {
			assert.equal(paceText(state, now, 120, unicodeSigns), pace);
		}
	});
}

test('run texts: where there is little room, a past run tells requests without their resources', () => {
	const state = stateAfter(...runEvents, paused, event({type: 'resumed', pausedMs: 20_000}), runEnd);
	assert.equal(
		paceText(state, now, 118, unicodeSigns),
		'forecast 3,390 api, 84 git in 19 min 0 s; took 3,376 api, 44 git in 4 min 50 s · 3 answered 429 · paused for 20 s',
	);
	assert.equal(
		paceText(state, now, 100, unicodeSigns),
		'forecast 3,474 requests in 19 min 0 s; took 3,420 in 4 min 50 s · 3 answered 429 · paused for 20 s',
	);
});

test('run texts: what is paused or over does not move with time', () => {
	for (const state of [stateAfter(...runEvents, paused), stateAfter(...runEvents, runEnd)]) {
		for (const text of [
			(moment: number) => statusText(state, moment, unicodeSigns, false),
			(moment: number) => paceText(state, moment, 120, unicodeSigns),
		]) {
			assert.equal(text(now), text(now + 1_000_000));
		}
	}
});

test('list: the cursor follows what is at work, and without following stays with its repository', () => {
	const before = emptyRepositoryOrder().listed(['a', 'b', 'c', 'd', 'e']).begun('a').begun('b');
	const at = (order: typeof before, name: string | undefined, isFollowing: boolean): string | undefined =>
		repositoryWindow(order, {name, place: 0, first: 0, isFollowing}, 3).selected;
	assert.equal(at(before, undefined, true), 'a');
	const later = before.finished('a', 'unchanged').begun('c').finished('d', 'failed');
	assert.equal(at(later, 'a', true), 'b');
	assert.equal(at(later, 'a', false), 'a');
	assert.equal(at(later, 'e', false), 'e');
	assert.equal(at(later, undefined, false), 'd', 'the first place');
	assert.equal(
		at(later.finished('b', 'failed').finished('c', 'failed'), 'b', true),
		'b',
		'nothing is at work',
	);
});

test('list: of ten thousand repositories only what is shown is looked at', () => {
	const names = Array.from({length: 10_000}, (_, index) => `repository-${index}`);
	let order = emptyRepositoryOrder().listed(names);
	for (const name of names.slice(0, 5000)) {
		order = order.begun(name).finished(name, 'unchanged');
	}

	let looks = 0;
	const counted = {
		length: order.length,
		firstAtWork: order.firstAtWork,
		at: (place: number) => {
			looks += 1;
			return order.at(place);
		},
		placeOf: (name: string) => {
			looks += 1;
			return order.placeOf(name);
		},
	};
	const shown = repositoryWindow(
		counted,
		{name: 'repository-7777', place: 0, first: 0, isFollowing: false},
		20,
	);
	assert.equal(shown.selected, 'repository-7777');
	assert.equal(shown.visible.length, 20);
	assert.ok(looks <= 22, `${looks} looks`);
});

test('run texts: a run that says nothing for a minute is said to be quiet, unless it is known what it waits for', () => {
	const state = stateAfter(...runEvents.filter(({type}) => type !== 'quota'));
	const last = Date.parse(state.lastEventAt);
	const pace = (seconds: number, of = state): string =>
		paceText(of, last + seconds * 1000, 120, unicodeSigns);
	assert.doesNotMatch(pace(59), /nothing new for/);
	assert.match(pace(60), /^nothing new for 1 min 0 s · /);
	assert.match(pace(3700), /^nothing new for 1 h 1 min · /);
	assert.doesNotMatch(pace(3700, stateAfter(...runEvents, paused)), /nothing new for/);
	assert.doesNotMatch(pace(3700, stateAfter(...runEvents, runEnd)), /nothing new for/);
});
