import {createContext, useContext} from 'react';
import type {DisplayFacts} from './display.ts';
import type {LoadedKeys} from './input/key-map-file.ts';
import type {KeyHandler} from './input/key-source.ts';
import type {FrameLayout, Size} from './layout.ts';
import type {Navigation, Step, Visit} from './navigation.ts';
import type {AppServices} from './services.ts';
import type {Signs, Tone} from './theme.ts';

/** A line that says what just happened; it goes with the next key. */
export type Flash = {readonly tone: Tone; readonly text: string};

/** A question with a safe answer in focus. */
export type Question = {
	readonly title: string;
	readonly text: string;
	/** What the dangerous answer is called: `Remove`. */
	readonly confirm: string;
	readonly onConfirm: () => void;
};

/**
An overlay (a question, the help) lies over the screen and takes all keys. A field is asked about what the screen leaves to it.
*/
export type KeyLayer = 'screen' | 'overlay' | 'field';

/** What every screen has around it. */
export type Shell = {
	readonly services: AppServices;
	readonly size: Size;
	readonly frame: FrameLayout;
	readonly signs: Signs;
	/** The keys that hold: the usual ones, with the user's own laid over them. */
	readonly keys: LoadedKeys;
	/** How the screens are drawn, and what decided it. */
	readonly display: DisplayFacts;
	readonly isReadOnly: boolean;
	/** Between two updates of what moves by itself: longer on slow lines. */
	readonly updateMilliseconds: number;
	/** Stands in the title line: `demo`. */
	readonly banner: string | undefined;
	readonly navigation: Navigation;
	readonly visit: Visit;
	readonly go: (step: Step) => void;
	readonly flash: Flash | undefined;
	readonly say: (flash: Flash | undefined) => void;
	readonly question: Question | undefined;
	readonly ask: (question: Question | undefined) => void;
	readonly quit: () => void;
	readonly redraw: () => void;
	readonly suspend: () => void;
	/** Registers who takes keys; the handler of the uppermost layer is asked. Returns how to take it back. */
	readonly listen: (layer: KeyLayer, handler: {readonly current: KeyHandler}) => () => void;
	/** Results kept for screens that are opened again, by what was asked. */
	readonly cache: Map<string, unknown>;
};

export const ShellContext = createContext<Shell | undefined>(undefined);

export function useShell(): Shell {
	const shell = useContext(ShellContext);
	if (shell === undefined) {
		throw new Error('A screen was drawn outside of the app.');
	}

	return shell;
}
