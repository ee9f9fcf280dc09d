import {useMemo} from 'react';
import type {Command} from './input/commands.ts';
import type {TextLine} from './text-lines.ts';
import {findHits, hitBeside} from './text-search.ts';
import {type Filter, useFilter} from './use-filter.ts';
import {useRemembered} from './use-remembered.ts';
import {useScroll} from './use-scroll.ts';
import {numberText} from './words.ts';

/** A long text that is read, of which as much is shown as fits, and what is searched for in it. */
export type ReadText = {
	readonly lines: readonly TextLine[];
	/** Place of the first line that is shown. */
	readonly first: number;
	/** Lines that are shown. */
	readonly height: number;
	readonly search: Filter;
	/** Place of the line in which what is searched for was found last. */
	readonly hit: number | undefined;
	/** Which one it is of how many: `3 of 12`. */
	readonly found: string;
	/** What a screen is to know of it: its status, and what Escape closes. */
	readonly screen: {
		readonly status: string;
		readonly isTyping: boolean;
		readonly inner: Filter['inner'];
	};
	/** The keys that move through it, with the screen's own in between. */
	readonly commandsWith: (own: readonly Command[]) => readonly Command[];
};

/** Reads a text as less does: `/` searches from what is in sight on, `n` and `N` go to the next place and the one before. */
export function useText(name: string, lines: readonly TextLine[], height: number): ReadText {
	const search = useFilter(`${name} search`);
	const room = Math.max(1, height - (search.isShown ? 1 : 0));
	const scroll = useScroll(name, lines.length, room);
	/** Where it was searched from, and where it was found last. */
	const [from, setFrom] = useRemembered(`${name} searched from`, 0);
	const [hit, setHit] = useRemembered<number | undefined>(`${name} hit`, undefined);
	const hits = useMemo(() => findHits(lines, search.text), [lines, search.text]);
	const shownHit = hit !== undefined && hits.includes(hit) ? hit : undefined;

	const goTo = (line: number | undefined): void => {
		setHit(line);
		if (line !== undefined && (line < scroll.first || line >= scroll.first + room)) {
			scroll.show(line);
		}
	};

	const change = (text: string): void => {
		search.change(text);
		goTo(hitBeside(findHits(lines, text), from - 1, 1));
	};

	const beginSearch: Command = {
		id: 'search',
		run: () => {
			setFrom(shownHit ?? scroll.first);
			search.begin();
		},
	};
	const nextCommands: readonly Command[] =
		search.text === ''
			? []
			: [
					{id: 'nextHit', run: () => goTo(hitBeside(hits, shownHit ?? scroll.first - 1, 1))},
					{id: 'previousHit', run: () => goTo(hitBeside(hits, shownHit ?? scroll.first, -1))},
				];
	return {
		lines,
		first: scroll.first,
		height: room,
		search: {...search, change},
		hit: shownHit,
		found:
			search.text === ''
				? ''
				: hits.length === 0
					? 'not found'
					: `${numberText(shownHit === undefined ? 0 : hits.indexOf(shownHit) + 1)} of ${numberText(hits.length)}`,
		screen: {status: scroll.position, isTyping: search.isTyped, inner: search.inner},
		commandsWith: own =>
			search.isTyped
				? search.withCommands([])
				: [...scroll.commands, ...nextCommands, ...own, ...(lines.length > 0 ? [beginSearch] : [])],
	};
}
