import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import fc from 'fast-check';
import {
	decideRetention,
	type RetainedSnapshot,
	type RetentionDecision,
} from '../../../source/backup/retention/decide-retention.ts';
import {snapshotId} from '../../../source/backup/snapshot-id.ts';
import {type KeepRules, keepCounts, keepSpans} from '../../../source/model/plan.ts';

const day = 86_400_000;
const hour = 3_600_000;

const at = (text: string): number => Date.parse(text.includes('T') ? `${text}Z` : `${text}T11:00:00Z`);

function snapshotsAt(times: readonly (number | string)[], good = true): RetainedSnapshot[] {
	return times
		.map(time => (typeof time === 'number' ? time : at(time)))
		.map(time => ({id: snapshotId(time), at: time, isGood: good}));
}

const farFuture = at('2200-01-01');

function decide(
	snapshots: readonly RetainedSnapshot[],
	rules: KeepRules,
	now: number = farFuture,
): RetentionDecision {
	return decideRetention(snapshots, [{plan: 'nightly', rules}], now);
}

const idsOf = ({keep}: RetentionDecision): string[] => keep.map(({id}) => id);

/** Kept snapshots as `2019-11-17`. */
const daysOf = (decision: RetentionDecision): string[] =>
	idsOf(decision).map(id => `${id.slice(0, 4)}-${id.slice(4, 6)}-${id.slice(6, 8)}`);

/** One snapshot each Sunday for twelve weeks: the example of restic's manual. */
const sundays = [
	...['2019-09-01', '2019-09-08', '2019-09-15', '2019-09-22', '2019-09-29', '2019-10-06'],
	...['2019-10-13', '2019-10-20', '2019-10-27', '2019-11-03', '2019-11-10', '2019-11-17'],
];

describe('rules keep what they keep in restic', () => {
	const cases: ReadonlyArray<{
		readonly what: string;
		readonly times: readonly string[];
		readonly rules: KeepRules;
		readonly kept: readonly string[];
	}> = [
		{
			what: 'days without a snapshot do not count',
			times: sundays,
			rules: {daily: 4},
			kept: ['2019-10-27', '2019-11-03', '2019-11-10', '2019-11-17'],
		},
		{
			what: 'the newest one of each month',
			times: sundays,
			rules: {monthly: 2},
			kept: ['2019-10-27', '2019-11-17'],
		},
		{
			what: 'the oldest one too, where there are fewer months than asked for',
			times: sundays,
			rules: {monthly: 4},
			kept: ['2019-09-01', '2019-09-29', '2019-10-27', '2019-11-17'],
		},
		{
			what: 'but not where there are just as many',
			times: sundays,
			rules: {monthly: 3},
			kept: ['2019-09-29', '2019-10-27', '2019-11-17'],
		},
		{
			what: 'one snapshot may serve several rules',
			times: sundays,
			rules: {last: 1, weekly: 2, monthly: 2},
			kept: ['2019-10-27', '2019-11-10', '2019-11-17'],
		},
		{
			what: 'weeks begin on Monday, also over the turn of the year',
			times: ['2019-12-29', '2019-12-30', '2020-01-01', '2020-01-05', '2020-01-06'],
			rules: {weekly: 3},
			kept: ['2019-12-29', '2020-01-05', '2020-01-06'],
		},
		{
			what: 'without end',
			times: ['2017-03-01', '2017-05-01', '2018-01-01', '2019-01-01', '2019-06-01'],
			rules: {yearly: 'unlimited'},
			kept: ['2017-03-01', '2017-05-01', '2018-01-01', '2019-06-01'],
		},
		{what: 'all', times: sundays, rules: {last: 'unlimited'}, kept: sundays},
		{what: 'without a rule, everything', times: sundays, rules: {}, kept: sundays},
		{
			what: 'a rule that cannot be read keeps everything',
			times: sundays,
			rules: {last: 1, within: 'soon'},
			kept: sundays,
		},
		{
			what: 'a span counts from the newest one; what was current when it began belongs to it',
			times: sundays,
			rules: {within: '15d'},
			kept: ['2019-10-27', '2019-11-03', '2019-11-10', '2019-11-17'],
		},
		{
			what: 'a span that begins at a snapshot begins with it',
			times: sundays,
			rules: {within: '14d'},
			kept: ['2019-11-03', '2019-11-10', '2019-11-17'],
		},
		{
			what: 'months of a span are those of the calendar',
			times: ['2021-01-31', '2021-02-28', '2021-03-02', '2021-03-04', '2021-03-31'],
			rules: {within: '1m'},
			kept: ['2021-03-02', '2021-03-04', '2021-03-31'],
		},
		{
			what: 'one a month within a span',
			times: sundays,
			rules: {withinMonthly: '2m'},
			kept: ['2019-09-29', '2019-10-27', '2019-11-17'],
		},
	];
	for (const {what, times, rules, kept} of cases) {
		test(what, () => {
			assert.deepEqual(daysOf(decide(snapshotsAt(times), rules)), kept);
		});
	}

	test('hours are those of UTC', () => {
		const times = [
			'2019-11-17T10:59:59.999',
			'2019-11-17T11:00:00',
			'2019-11-17T11:59:59',
			'2019-11-17T12:00:00',
		];
		const {keep} = decide(snapshotsAt(times), {hourly: 2});
		assert.deepEqual(
			keep.map(({id}) => id),
			['20191117T115959.000Z', '20191117T120000.000Z'],
		);
	});

	test('daily snapshots of a hundred years: the example of restic’s manual', () => {
		const first = at('1920-01-01');
		const times = Array.from({length: 36_525}, (_, index) => first + index * day);
		const rules = {daily: 7, weekly: 5, monthly: 12, yearly: 75};
		const {keep} = decide(snapshotsAt(times), rules);
		const having = (reason: string): number => keep.filter(({reasons}) => reasons.includes(reason)).length;
		assert.deepEqual(
			['daily snapshot', 'weekly snapshot', 'monthly snapshot', 'yearly snapshot'].map(having),
			[7, 5, 12, 75],
		);
		assert.ok(keep.length < 7 + 5 + 12 + 75);
		assert.equal(keep[0]?.id, '19451231T110000.000Z');
	});
});

test('reasons say which rule keeps a snapshot, and of which plan where there are several', () => {
	const snapshots = snapshotsAt(['2019-11-01', '2019-11-16', '2019-11-17']);
	assert.deepEqual(decide(snapshots, {daily: 1, monthly: 3, within: '1d'}).keep, [
		{id: '20191101T110000.000Z', reasons: ['oldest monthly snapshot']},
		{id: '20191116T110000.000Z', reasons: ['within 1d']},
		{
			id: '20191117T110000.000Z',
			reasons: [
				'daily snapshot',
				'monthly snapshot',
				'within 1d',
				'newest snapshot',
				'last that lacks nothing',
			],
		},
	]);
	const two = [
		{plan: 'nightly', rules: {last: 1}},
		{plan: 'weekly', rules: {last: 2}},
	];
	assert.deepEqual(decideRetention(snapshots, two, farFuture).keep[0], {
		id: '20191116T110000.000Z',
		reasons: ['weekly: last snapshot'],
	});
});

describe('whatever the rules say', () => {
	test('the last snapshot that lacks nothing stays', () => {
		const [good, ...others] = snapshotsAt(sundays);
		assert.ok(good);
		const snapshots = [good, ...others.map(snapshot => ({...snapshot, isGood: false}))];
		assert.deepEqual(daysOf(decide(snapshots, {last: 1})), ['2019-09-01', '2019-11-17']);
	});

	test('one that is not ours to judge stays, and counts for no rule', () => {
		const snapshots = snapshotsAt(sundays).map(snapshot =>
			snapshot.id.startsWith('20191110') ? {...snapshot, untouchable: 'it is a stranger’s'} : snapshot,
		);
		const {keep} = decide(snapshots, {last: 2});
		assert.deepEqual(
			keep.map(({id, reasons}) => [id.slice(0, 8), reasons[0]]),
			[
				['20191103', 'last snapshot'],
				['20191110', 'it is a stranger’s'],
				['20191117', 'last snapshot'],
			],
		);
	});

	test('one of a time that has not come stays, and does not push out the others', () => {
		const snapshots = snapshotsAt([...sundays, '2031-01-01']);
		assert.deepEqual(daysOf(decide(snapshots, {within: '8d'}, at('2019-11-18'))), [
			'2019-11-03',
			'2019-11-10',
			'2019-11-17',
			'2031-01-01',
		]);
	});

	test('a plan that keeps everything keeps everything, though another one does not', () => {
		const policies = [
			{plan: 'nightly', rules: {last: 1}},
			{plan: 'archive', rules: {}},
		];
		const decision = decideRetention(snapshotsAt(sundays), policies, farFuture);
		assert.deepEqual(decision.remove, []);
		assert.deepEqual(decision.keep[0]?.reasons, ['archive: everything is kept']);
	});

	test('nobody’s rules let nothing go', () => {
		assert.deepEqual(decideRetention(snapshotsAt(sundays), [], farFuture).remove, []);
	});
});

/** Random histories of changes: some within minutes of one another, some after long silence. */
const history = fc
	.array(fc.tuple(fc.integer({min: 1, max: 400}), fc.constantFrom(60_000, hour, day), fc.boolean()), {
		minLength: 1,
		maxLength: 40,
	})
	.map(steps => {
		let time = at('2024-02-20');
		return steps.map(([count, unit, isGood]): RetainedSnapshot => {
			time += count * unit;
			return {id: snapshotId(time), at: time, isGood};
		});
	});

const span = fc
	.tuple(fc.integer({min: 1, max: 90}), fc.constantFrom('h', 'd', 'm'))
	.map(([count, unit]) => `${count}${unit}`);
const rules: fc.Arbitrary<KeepRules> = fc.record(
	{
		...Object.fromEntries(keepCounts.map(name => [name, fc.integer({min: 1, max: 9})])),
		...Object.fromEntries(keepSpans.map(name => [name, span])),
	},
	{requiredKeys: []},
);

describe('for all histories and rules', () => {
	test('every snapshot is kept for a reason or goes; the newest and the last good one stay', () => {
		fc.assert(
			fc.property(history, rules, (snapshots, keep) => {
				const decision = decide(snapshots, keep);
				assert.deepEqual(
					[...idsOf(decision), ...decision.remove].sort(),
					snapshots.map(({id}) => id),
				);
				assert.ok(decision.keep.every(({reasons}) => reasons.length > 0));
				const kept = new Set(idsOf(decision));
				assert.ok(kept.has(snapshots.at(-1)?.id ?? ''));
				const good = snapshots.findLast(({isGood}) => isGood);
				assert.ok(good === undefined || kept.has(good.id));
			}),
		);
	});

	test('what was thinned out once is not thinned out further', () => {
		fc.assert(
			fc.property(history, rules, (snapshots, keep) => {
				const kept = new Set(idsOf(decide(snapshots, keep)));
				const again = decide(
					snapshots.filter(({id}) => kept.has(id)),
					keep,
				);
				assert.deepEqual(again.remove, []);
			}),
		);
	});

	test('stricter rules never keep more', () => {
		const stricter = rules.chain(keep => {
			const names = keepCounts.filter(name => typeof keep[name] === 'number');
			const spans = keepSpans.filter(name => keep[name] !== undefined);
			return fc.tuple(
				fc.constant(keep),
				fc.record({
					...Object.fromEntries(names.map(name => [name, fc.integer({min: 1, max: Number(keep[name])})])),
					...Object.fromEntries(
						spans.map(name => {
							const [, count, unit] = /^(\d+)(.)$/.exec(keep[name] ?? '') ?? [];
							return [name, fc.integer({min: 1, max: Number(count)}).map(less => `${less}${unit}`)];
						}),
					),
				}),
			);
		});
		fc.assert(
			fc.property(history, stricter, (snapshots, [loose, strict]) => {
				const kept = new Set(idsOf(decide(snapshots, loose)));
				assert.ok(idsOf(decide(snapshots, strict as KeepRules)).every(id => kept.has(id)));
			}),
		);
	});

	test('the state at the end of each of the last so many hours or days is kept, also where nothing was changed in them', () => {
		const units = {hourly: hour, daily: day, withinHourly: hour, withinDaily: day} as const;
		fc.assert(
			fc.property(
				history,
				fc.constantFrom('hourly', 'daily', 'withinHourly', 'withinDaily'),
				fc.integer({min: 1, max: 30}),
				(snapshots, name, count) => {
					const unit = units[name];
					const isSpan = name.startsWith('within');
					const keep = isSpan ? {[name]: `${count}${unit === day ? 'd' : 'h'}`} : {[name]: count};
					const kept = new Set(idsOf(decide(snapshots, keep)));
					const newest = snapshots.at(-1)?.at ?? 0;
					for (let back = 0; back < count; back += 1) {
						const end = (Math.floor(newest / unit) + 1 - back) * unit;
						const current = snapshots.findLast(snapshot => snapshot.at < end);
						assert.ok(current === undefined || kept.has(current.id), `${back} before the last`);
					}
				},
			),
		);
	});

	test('whatever was current at any moment of a span is kept', () => {
		fc.assert(
			fc.property(
				history,
				fc.integer({min: 1, max: 300}),
				fc.double({min: 0, max: 1, noNaN: true}),
				(snapshots, days, part) => {
					const kept = new Set(idsOf(decide(snapshots, {within: `${days}d`})));
					const moment = (snapshots.at(-1)?.at ?? 0) - Math.floor(part * days * day);
					const current = snapshots.findLast(snapshot => snapshot.at <= moment);
					assert.ok(current === undefined || kept.has(current.id));
				},
			),
		);
	});
});
