import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import type {RepositoryStatus} from '../../source/model/repository-status.ts';
import {emptyGrowingList, type GrowingList} from '../../source/runs/growing-list.ts';
import {createOrderFilter} from '../../source/runs/order-filter.ts';
import {emptyRepositoryOrder, type RepositoryOrder} from '../../source/runs/repository-order.ts';
import {initialRunState, reduceRun} from '../../source/runs/run-state.ts';
import {repositoryFinished, repositoryStarted, run, started} from './events.ts';

test('growing list: holds what an array would hold, and no version changes another', () => {
	fc.assert(
		fc.property(
			fc.array(fc.tuple(fc.nat({max: 20}), fc.array(fc.integer(), {maxLength: 4})), {maxLength: 40}),
			steps => {
				const versions: Array<{list: GrowingList<number>; expected: readonly number[]}> = [
					{list: emptyGrowingList(), expected: []},
				];
				for (const [from, items] of steps) {
					// Any version may grow, also one that others grew from already.
					const {list, expected} = versions[from % versions.length] ?? {
						list: emptyGrowingList<number>(),
						expected: [],
					};
					versions.push({list: list.with(...items), expected: [...expected, ...items]});
				}

				for (const {list, expected} of versions) {
					assert.equal(list.length, expected.length);
					assert.deepEqual(
						Array.from({length: expected.length + 1}, (_, index) => list.at(index)),
						[...expected, undefined],
					);
					assert.equal(list.at(-1), undefined);
				}
			},
		),
	);
});

type Step =
	| {readonly kind: 'listed'; readonly names: readonly string[]}
	| {readonly kind: 'begun'; readonly name: string}
	| {readonly kind: 'finished'; readonly name: string; readonly status: RepositoryStatus};

const name = fc.integer({min: 0, max: 15}).map(String);
const step: fc.Arbitrary<Step> = fc.oneof(
	fc.record({kind: fc.constant('listed' as const), names: fc.array(name, {maxLength: 8})}),
	fc.record({kind: fc.constant('begun' as const), name}),
	fc.record({
		kind: fc.constant('finished' as const),
		name,
		status: fc.constantFrom<RepositoryStatus>('failed', 'partial', 'backed-up', 'unchanged'),
	}),
);

function after(order: RepositoryOrder, step: Step): RepositoryOrder {
	switch (step.kind) {
		case 'listed':
			return order.listed(step.names);
		case 'begun':
			return order.begun(step.name);
		case 'finished':
			return order.finished(step.name, step.status);
	}
}

/** The same, sorted anew each time. */
function model(steps: readonly Step[]): readonly string[] {
	const waiting: string[] = [];
	const atWork: string[] = [];
	const ended: Record<'failed' | 'partial' | 'done', string[]> = {failed: [], partial: [], done: []};
	const hasEnded = (one: string): boolean => Object.values(ended).some(group => group.includes(one));
	const take = (list: string[], one: string): void => {
		if (list.includes(one)) {
			list.splice(list.indexOf(one), 1);
		}
	};

	for (const one of steps) {
		if (one.kind === 'listed') {
			const fresh = one.names.filter(
				(each, index) => one.names.indexOf(each) === index && !hasEnded(each) && !atWork.includes(each),
			);
			waiting.push(...fresh.filter(each => !waiting.includes(each)));
		} else if (!hasEnded(one.name)) {
			take(waiting, one.name);
			if (one.kind === 'finished') {
				take(atWork, one.name);
				const group = one.status === 'failed' || one.status === 'partial' ? one.status : 'done';
				ended[group].unshift(one.name);
			} else if (!atWork.includes(one.name)) {
				atWork.push(one.name);
			}
		}
	}

	return [...ended.failed, ...ended.partial, ...atWork, ...ended.done, ...waiting];
}

test('order: failed, partial, at work, finished, waiting; each found at its place, after any events in any order', () => {
	fc.assert(
		fc.property(fc.array(step, {maxLength: 60}), steps => {
			let order = emptyRepositoryOrder();
			const versions: Array<readonly [RepositoryOrder, readonly string[]]> = [];
			for (const [index, one] of steps.entries()) {
				order = after(order, one);
				versions.push([order, model(steps.slice(0, index + 1))]);
			}

			for (const [version, expected] of versions) {
				assert.deepEqual(
					Array.from({length: version.length}, (_, place) => version.at(place)),
					expected,
				);
				assert.equal(version.at(version.length), undefined);
				for (const [place, each] of expected.entries()) {
					assert.equal(version.placeOf(each), place);
				}

				assert.equal(version.placeOf('never heard of'), undefined);
			}
		}),
	);
});

test('order filter: holds those whose names it takes, in the same order, after any events, and looks at each name once', () => {
	fc.assert(
		fc.property(fc.array(step, {maxLength: 60}), fc.uniqueArray(name), (steps, wanted) => {
			const looks = new Map<string, number>();
			let order = emptyRepositoryOrder();
			const filter = createOrderFilter(one => {
				looks.set(one, (looks.get(one) ?? 0) + 1);
				return wanted.includes(one);
			});
			let atWork = 0;
			for (const [index, one] of steps.entries()) {
				order = after(order, one);
				atWork += order.groups.atWork.length;
				const shown = filter(order);
				const expected = model(steps.slice(0, index + 1)).filter(each => wanted.includes(each));
				assert.deepEqual(
					Array.from({length: shown.length}, (_, place) => shown.at(place)),
					expected,
				);
				assert.equal(shown.at(shown.length), undefined);
				for (const [place, each] of expected.entries()) {
					assert.equal(shown.placeOf(each), place);
				}

				assert.equal(
					shown.firstAtWork === undefined ? undefined : shown.at(shown.firstAtWork),
					order.groups.atWork.find(each => wanted.includes(each)),
				);
			}

			// Once where it was listed and once where it ended; those at work are few, and looked at anew.
			const most = 2 * looks.size + atWork;
			assert.ok([...looks.values()].reduce((sum, count) => sum + count, 0) <= most);
		}),
	);
});

test('order: the first at work is the one that has been at it for the longest time', () => {
	let order = emptyRepositoryOrder().listed(['a', 'b', 'c', 'd']);
	assert.equal(order.firstAtWork, undefined);
	order = order.begun('b').begun('a').finished('d', 'failed');
	assert.equal(order.firstAtWork, 1);
	assert.equal(order.at(1), 'b');
	order = order.finished('b', 'unchanged');
	assert.equal(order.at(order.firstAtWork ?? -1), 'a');
});

/** How many entries are put into maps while something is done: what the state of a run costs. */
function countMapSets(work: () => void): number {
	const original = Map.prototype.set;
	let count = 0;
	// The copies that a changed state makes of maps go through it too.
	Map.prototype.set = function (this: Map<unknown, unknown>, key, value) {
		count += 1;
		return Reflect.apply(original, this, [key, value]);
	};
	try {
		work();
	} finally {
		Map.prototype.set = original;
	}

	return count;
}

test('ten thousand repositories: an event costs some tens of steps, as the square root of their number', () => {
	const cost = (repositories: number): number => {
		const names = Array.from({length: repositories}, (_, index) => `repository-${index}`);
		const events = [
			started({repositories}),
			...Array.from({length: Math.ceil(repositories / 200)}, (_, part) => ({
				type: 'repositories-listed' as const,
				at: '2026-11-22T13:15:00.000Z',
				run,
				repositories: names.slice(part * 200, part * 200 + 200),
			})),
			...names.flatMap(each => [repositoryStarted(each), repositoryFinished(each)]),
		];
		let state = initialRunState(run);
		const sets = countMapSets(() => {
			for (const event of events) {
				state = reduceRun(state, event);
			}
		});
		assert.equal(state.order.length, repositories);
		assert.equal(state.counts.backedUp, repositories);
		return sets / events.length;
	};

	const small = cost(100);
	const large = cost(10_000);
	assert.ok(large < 10 * Math.max(small, 16), `${large} for ten thousand, ${small} for a hundred`);
	assert.ok(large < 600, `${large}`);
});
