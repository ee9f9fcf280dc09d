import type {Command} from './input/commands.ts';
import {useRemembered} from './use-remembered.ts';

export type Filter = {
	readonly text: string;
	/** Letters belong to it. */
	readonly isTyped: boolean;
	readonly change: (text: string) => void;
	/** From now on letters belong to it. */
	readonly begin: () => void;
	/** Whether it is shown: while it is typed, and as long as it keeps something back. */
	readonly isShown: boolean;
	/** What Escape closes; undefined where there is no filter. */
	readonly inner: {readonly close: () => void; readonly closing: string} | undefined;
	/** In the place of the list's own commands while it is typed; else behind them, before those that matter less. */
	readonly withCommands: (commands: readonly Command[], less?: readonly Command[]) => readonly Command[];
	readonly takes: (text: string) => boolean;
};

/** A filter over a list: `/` types it, Enter goes to what is left, Escape clears it. */
export function useFilter(name: string): Filter {
	const [text, setText] = useRemembered(`${name} filter`, '');
	const [isTyped, setTyped] = useRemembered(`${name} filter is typed`, false);
	const isShown = isTyped || text !== '';
	return {
		text,
		isTyped,
		isShown,
		change: setText,
		begin: () => setTyped(true),
		inner: isShown
			? {
					closing: 'clear',
					close: () => {
						setText('');
						setTyped(false);
					},
				}
			: undefined,
		withCommands: (commands, less = []) =>
			isTyped
				? [{id: 'endFilter', run: () => setTyped(false)}]
				: [...commands, {id: 'filter', run: () => setTyped(true)}, ...less],
		takes: candidate => isMatch(candidate, text),
	};
}

/** Whether every word of a filter is somewhere in a text, in whatever case. */
export function isMatch(text: string, filter: string): boolean {
	const searched = text.toLowerCase();
	return filter
		.toLowerCase()
		.split(/\s+/)
		.every(word => searched.includes(word));
}
