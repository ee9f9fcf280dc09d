import {useRef} from 'react';
import type {Command} from './input/commands.ts';
import {listWindow} from './layout.ts';
import {useRemembered} from './use-remembered.ts';
import {numberText} from './words.ts';

export type List<Item> = {
	readonly cursor: number;
	readonly selected: Item | undefined;
	/** The entries that are shown, with their places in the list. */
	readonly visible: ReadonlyArray<{readonly item: Item; readonly index: number}>;
	/** What stands beside the list where it goes on: `4–12 of 40`. */
	readonly position: string;
	readonly select: (index: number) => void;
	readonly commands: readonly Command[];
};

/** A list of any length with a cursor, of which as much is drawn as fits. */
export function useList<Item>(name: string, items: readonly Item[], height: number): List<Item> {
	const [wanted, setWanted] = useRemembered(`${name} cursor`, 0);
	const first = useRef(0);
	const last = Math.max(0, items.length - 1);
	const cursor = Math.min(wanted, last);
	const shown = listWindow({length: items.length, cursor, height, first: first.current});
	first.current = shown.first;

	const select = (index: number): void => {
		setWanted(Math.max(0, Math.min(index, last)));
	};

	return {
		cursor,
		selected: items[cursor],
		visible: items
			.slice(shown.first, shown.first + shown.count)
			.map((item, offset) => ({item, index: shown.first + offset})),
		position:
			items.length > shown.count
				? `${numberText(shown.first + 1)}–${numberText(shown.first + shown.count)} of ${numberText(items.length)}`
				: '',
		select,
		commands: [
			{id: 'up', run: () => select(cursor - 1)},
			{id: 'down', run: () => select(cursor + 1)},
			{id: 'pageUp', run: () => select(cursor - height)},
			{id: 'pageDown', run: () => select(cursor + height)},
			{id: 'first', run: () => select(0)},
			{id: 'last', run: () => select(last)},
		],
	};
}
