import type {ReactNode} from 'react';
import {FilterLine, filterRows} from './components/filter-line.tsx';
import type {ScreenProps} from './components/screen-props.ts';
import type {Command} from './input/commands.ts';
import {useFilter} from './use-filter.ts';
import {type List, useList} from './use-list.ts';

export type FilteredListOptions<Item> = {
	readonly items: readonly Item[];
	/** What an entry is found by. */
	readonly textOf: (item: Item) => string;
	/** Lines of the screen for the entries and the filter above them. */
	readonly rows: number;
	/** How many entries stand in so many lines; one in each by default. */
	readonly entriesIn?: (rows: number) => number;
};

export type FilteredList<Item> = Omit<List<Item>, 'commands'> & {
	/** How many entries the filter leaves. */
	readonly left: number;
	/** Stands above the entries; null while nothing is filtered. */
	readonly filterLine: ReactNode;
	/** Lines that it takes. */
	readonly filterRows: number;
	/** What the screen needs for the keys of the list and of its filter, with the screen's own commands between them. */
	readonly keysWith: (
		commands: readonly Command[],
	) => Required<Pick<ScreenProps, 'isTyping' | 'inner' | 'commands'>>;
};

/** A list with a filter over it, as most screens are: what the filter takes has a cursor, and as much of it is drawn as fits. */
export function useFilteredList<Item>(
	name: string,
	{items, textOf, rows, entriesIn = lines => lines}: FilteredListOptions<Item>,
): FilteredList<Item> {
	const filter = useFilter(name);
	// A list may be long: without a filter no text of it is made.
	const left = filter.text === '' ? items : items.filter(item => filter.takes(textOf(item)));
	const {commands: moves, ...list} = useList(name, left, entriesIn(rows - filterRows(filter)));
	return {
		...list,
		left: left.length,
		filterLine: <FilterLine filter={filter} left={left.length} />,
		filterRows: filterRows(filter),
		keysWith: commands => ({
			isTyping: filter.isTyped,
			inner: filter.inner,
			commands: filter.withCommands([...moves, ...commands]),
		}),
	};
}
