import type {Command} from './input/commands.ts';
import {useRemembered} from './use-remembered.ts';
import {numberText} from './words.ts';

export type Scroll = {
	/** Place of the first line that is shown. */
	readonly first: number;
	/** What stands beside a text that goes on: `4–12 of 40`. */
	readonly position: string;
	readonly commands: readonly Command[];
	/** Brings a line into sight, below some of those before it. */
	readonly show: (line: number) => void;
};

/** Lines above one that was gone to, to see what it belongs to. */
const linesAbove = 3;

/** Moves through a text of so many lines, of which as many are shown as fit. */
export function useScroll(name: string, length: number, height: number): Scroll {
	const [wanted, setWanted] = useRemembered(`${name} scroll`, 0);
	const room = Math.max(1, height);
	const last = Math.max(0, length - room);
	const first = Math.min(wanted, last);
	const to = (line: number) => (): void => setWanted(Math.max(0, Math.min(line, last)));
	return {
		first,
		show: line => to(line - Math.min(linesAbove, Math.floor(room / 3)))(),
		position:
			length > room ? `${numberText(first + 1)}–${numberText(first + room)} of ${numberText(length)}` : '',
		commands: [
			{id: 'up', run: to(first - 1)},
			{id: 'down', run: to(first + 1)},
			{id: 'pageUp', run: to(first - room)},
			{id: 'pageDown', run: to(first + room)},
			{id: 'first', run: to(0)},
			{id: 'last', run: to(last)},
		],
	};
}
