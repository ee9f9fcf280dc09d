import type {RepositoryStatus} from '../model/repository-status.ts';
import {emptyGrowingList, type GrowingList} from './growing-list.ts';
import {emptyLayeredMap, type LayeredMap} from './layered-map.ts';

/**
The repositories of a run as a list shows them: the failed and the partial ones first, then those at work, then the
finished, the latest first of each, then those that wait, in the order in which they are begun.

Kept up with each event and never sorted, so that ten thousand cost no more than ten: any place is looked up in a few
steps.
*/
export type RepositoryOrder = {
	readonly length: number;
	/** Slug of the repository at a place. */
	readonly at: (place: number) => string | undefined;
	readonly placeOf: (name: string) => number | undefined;
	/** Place of the one that has been at work for the longest time; undefined where none is. */
	readonly firstAtWork: number | undefined;
	/** More that wait, after those that wait already. */
	readonly listed: (names: readonly string[]) => RepositoryOrder;
	readonly begun: (name: string) => RepositoryOrder;
	readonly finished: (name: string, status: RepositoryStatus) => RepositoryOrder;
	/** What it is made of, for who looks through all of it: lists that grow at their ends alone. */
	readonly groups: RepositoryGroups;
};

export type RepositoryGroups = {
	/** In the order in which they ended; a list shows the latest first. */
	readonly ended: EndedGroups;
	/** In the order in which they were begun. */
	readonly atWork: readonly string[];
	/** All that were listed, of which those wait no more that are before an index, or that are gone besides, ascending. */
	readonly listed: GrowingList<string>;
	readonly firstWaiting: number;
	readonly gone: readonly number[];
};

export const endedGroups = ['failed', 'partial', 'done'] as const;
type Group = (typeof endedGroups)[number];

type EndedGroups = Readonly<Record<Group, GrowingList<string>>>;

/** Where one that is finished stands in its group, from the group's beginning. */
type Ending = {readonly group: Group; readonly index: number};

type Parts = {
	readonly groups: EndedGroups;
	readonly endings: LayeredMap<Ending>;
	/** In the order in which they were begun. */
	readonly atWork: readonly string[];
	readonly waiting: Waiting;
};

export function emptyRepositoryOrder(): RepositoryOrder {
	return order({
		groups: {failed: emptyGrowingList(), partial: emptyGrowingList(), done: emptyGrowingList()},
		endings: emptyLayeredMap(),
		atWork: [],
		waiting: noneWaiting,
	});
}

function order(parts: Parts): RepositoryOrder {
	const {groups, endings, atWork, waiting} = parts;
	const {failed, partial, done} = groups;
	const starts = {
		failed: 0,
		partial: failed.length,
		atWork: failed.length + partial.length,
		done: failed.length + partial.length + atWork.length,
		waiting: failed.length + partial.length + atWork.length + done.length,
	};
	const latestFirst = (group: GrowingList<string>, place: number): string | undefined =>
		group.at(group.length - 1 - place);

	return {
		groups: {
			ended: groups,
			atWork,
			listed: waiting.names,
			firstWaiting: waiting.first,
			gone: waiting.gone,
		},
		length: starts.waiting + waiting.length,
		firstAtWork: atWork.length > 0 ? starts.atWork : undefined,
		at: place => {
			if (place < starts.partial) {
				return latestFirst(failed, place);
			}

			if (place < starts.atWork) {
				return latestFirst(partial, place - starts.partial);
			}

			if (place < starts.done) {
				return atWork[place - starts.atWork];
			}

			return place < starts.waiting
				? latestFirst(done, place - starts.done)
				: waiting.at(place - starts.waiting);
		},
		placeOf: name => {
			const ending = endings.get(name);
			if (ending !== undefined) {
				return starts[ending.group] + groups[ending.group].length - 1 - ending.index;
			}

			const index = atWork.indexOf(name);
			if (index >= 0) {
				return starts.atWork + index;
			}

			const place = waiting.placeOf(name);
			return place === undefined ? undefined : starts.waiting + place;
		},
		listed: names =>
			order({
				...parts,
				waiting: waiting.with(names.filter(name => !endings.has(name) && !atWork.includes(name))),
			}),
		begun: name =>
			endings.has(name) || atWork.includes(name)
				? order(parts)
				: order({...parts, atWork: [...atWork, name], waiting: waiting.without(name)}),
		finished: (name, status) => {
			// The journal says it once; a second word changes nothing.
			if (endings.has(name)) {
				return order(parts);
			}

			const group = groupOf(status);
			return order({
				groups: {...groups, [group]: groups[group].with(name)},
				endings: endings.with(name, {group, index: groups[group].length}),
				atWork: atWork.filter(other => other !== name),
				waiting: waiting.without(name),
			});
		},
	};
}

function groupOf(status: RepositoryStatus): Group {
	return status === 'failed' || status === 'partial' ? status : 'done';
}

/** Those that wait. They are begun in their order, or nearly so: what is gone is a beginning, with few gaps behind it. */
type Waiting = {
	readonly names: GrowingList<string>;
	readonly first: number;
	readonly gone: readonly number[];
	readonly length: number;
	readonly at: (place: number) => string | undefined;
	readonly placeOf: (name: string) => number | undefined;
	readonly with: (names: readonly string[]) => Waiting;
	readonly without: (name: string) => Waiting;
};

const noneWaiting = waitingOf(emptyGrowingList(), emptyLayeredMap(), 0, []);

/**
@param names All that were listed.
@param indexes Where each stands in them.
@param first All before this index are gone.
@param gone The others that are gone, ascending.
*/
function waitingOf(
	names: GrowingList<string>,
	indexes: LayeredMap<number>,
	first: number,
	gone: readonly number[],
): Waiting {
	const goneBefore = (index: number): number => gone.filter(other => other < index).length;
	return {
		names,
		first,
		gone,
		length: names.length - first - gone.length,
		at: place => {
			let index = first + place;
			for (const other of gone) {
				index += other <= index ? 1 : 0;
			}

			return names.at(index);
		},
		placeOf: name => {
			const index = indexes.get(name);
			return index === undefined || index < first || gone.includes(index)
				? undefined
				: index - first - goneBefore(index);
		},
		with: more => {
			const fresh = [...new Set(more)].filter(name => !indexes.has(name));
			const from = names.length;
			return waitingOf(
				names.with(...fresh),
				fresh.reduce((all, name, index) => all.with(name, from + index), indexes),
				first,
				gone,
			);
		},
		without: name => {
			const index = indexes.get(name);
			if (index === undefined || index < first || gone.includes(index)) {
				return waitingOf(names, indexes, first, gone);
			}

			let next = first;
			const left = new Set([...gone, index]);
			while (left.delete(next)) {
				next += 1;
			}

			return waitingOf(
				names,
				indexes,
				next,
				[...left].sort((one, other) => one - other),
			);
		},
	};
}
