import type {GrowingList} from './growing-list.ts';
import {endedGroups, type RepositoryOrder} from './repository-order.ts';

/** A part of a run's repositories, in the same order. */
export type FilteredOrder = Pick<RepositoryOrder, 'length' | 'at' | 'placeOf' | 'firstAtWork'>;

/**
Keeps those repositories of a run whose names are taken.

Each name is looked at once, however often the run changes: what comes after a change is filtered from where the filter
stood before, so that ten thousand repositories cost a drawing no more than ten. So it is asked about one run alone, as it
goes on.
*/
export function createOrderFilter(
	takes: (name: string) => boolean,
): (order: RepositoryOrder) => FilteredOrder {
	const ended = endedGroups.map(group => ({group, taken: createTakenNames(takes)}));
	const listed = createTakenNames(takes);
	return ({groups}) => {
		const [failed, partial, done] = ended.map(({group, taken}) =>
			latestFirst(taken(groups.ended[group])),
		) as [Part, Part, Part];
		const work = groups.atWork.filter(takes);
		const atWork: Part = {
			length: work.length,
			at: place => work[place],
			placeOf: name => placeIn(work, name),
		};
		const waiting = waitingOf(listed(groups.listed), groups.firstWaiting, groups.gone);
		const start = failed.length + partial.length;
		return {
			...joined([failed, partial, atWork, done, waiting]),
			firstAtWork: work.length > 0 ? start : undefined,
		};
	};
}

type Part = Pick<RepositoryOrder, 'length' | 'at' | 'placeOf'>;

/** Those of a list that are taken, in its order. */
type TakenNames = {
	/** Where each stands in the list, ascending. */
	readonly indexes: readonly number[];
	/** Where each stands among those that are taken. */
	readonly places: ReadonlyMap<string, number>;
	readonly nameAt: (place: number) => string | undefined;
};

/** Looks at what a list has grown by since the last time. */
function createTakenNames(takes: (name: string) => boolean): (list: GrowingList<string>) => TakenNames {
	const indexes: number[] = [];
	const names: string[] = [];
	const places = new Map<string, number>();
	let seen = 0;
	return list => {
		for (; seen < list.length; seen += 1) {
			const name = list.at(seen);
			if (name !== undefined && takes(name)) {
				places.set(name, names.length);
				names.push(name);
				indexes.push(seen);
			}
		}

		return {indexes, places, nameAt: place => names[place]};
	};
}

function latestFirst({indexes, places, nameAt}: TakenNames): Part {
	const {length} = indexes;
	return {
		length,
		at: place => nameAt(length - 1 - place),
		placeOf: name => {
			const place = places.get(name);
			return place === undefined ? undefined : length - 1 - place;
		},
	};
}

/** @param gone Indexes of the list that wait no more though they come after the first that does; there are few. */
function waitingOf({indexes, places, nameAt}: TakenNames, first: number, gone: readonly number[]): Part {
	const start = firstAtLeast(indexes, first);
	const missing = gone
		.map(index => ({index, place: firstAtLeast(indexes, index)}))
		.filter(({index, place}) => indexes[place] === index)
		.map(({place}) => place);
	return {
		length: indexes.length - start - missing.length,
		at: at => {
			let place = start + at;
			for (const other of missing) {
				place += other <= place ? 1 : 0;
			}

			return nameAt(place);
		},
		placeOf: name => {
			const place = places.get(name);
			return place === undefined || place < start || missing.includes(place)
				? undefined
				: place - start - missing.filter(other => other < place).length;
		},
	};
}

/** Place of the first number that is not below another one, in ascending numbers. */
function firstAtLeast(numbers: readonly number[], least: number): number {
	let low = 0;
	let high = numbers.length;
	while (low < high) {
		const middle = Math.floor((low + high) / 2);
		if ((numbers[middle] ?? least) < least) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}

	return low;
}

function placeIn(names: readonly string[], name: string): number | undefined {
	const place = names.indexOf(name);
	return place < 0 ? undefined : place;
}

/** Parts one after the other. */
function joined(parts: readonly Part[]): Part {
	const starts = parts.map((_, index) => parts.slice(0, index).reduce((sum, {length}) => sum + length, 0));
	return {
		length: parts.reduce((sum, {length}) => sum + length, 0),
		at: place => {
			const index = parts.findIndex(({length}, part) => place < (starts[part] ?? 0) + length);
			return parts[index]?.at(place - (starts[index] ?? 0));
		},
		placeOf: name => {
			for (const [index, part] of parts.entries()) {
				const place = part.placeOf(name);
				if (place !== undefined) {
					return (starts[index] ?? 0) + place;
				}
			}

			return undefined;
		},
	};
}
