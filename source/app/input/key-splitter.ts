import {isKnownSequence, type Key, pasteEnd, pasteStart, splitKeys} from './keys.ts';

/** What arrives from a terminal, in whatever pieces, as the keys that were pressed. It knows no time: who feeds it does. */
export type KeySplitter = {
	readonly feed: (text: string) => readonly Key[];
	/** Nothing came for a while: what waits is what it is. */
	readonly endWaiting: () => readonly Key[];
	/** For what the next piece is waited: the end of a key, or what may follow an Escape that was late. */
	readonly waitsFor: () => 'nothing' | 'sequence' | 'remainder';
};

/** A longer paste is taken whole from the terminal, but not kept: no field has room for it. */
const longestPaste = 1_048_576;

/** Ctrl-C, alone in its piece: a person who wants out of a paste whose end was lost. */
const interrupt = '\u0003';

type Paste = {readonly parts: string[]; length: number; lost: number; tail: string};

export function createKeySplitter(): KeySplitter {
	let rest = '';
	let paste: Paste | undefined;
	let isLateEscape = false;

	/** Of a paste, up to its end, which may be cut anywhere. */
	const collect = (open: Paste, text: string): readonly Key[] => {
		const input = open.tail + text;
		const end = input.indexOf(pasteEnd);
		const safe = end < 0 ? input.length - possibleStart(input, pasteEnd) : end;
		const kept = input.slice(0, Math.min(safe, longestPaste - open.length));
		open.parts.push(kept);
		open.length += kept.length;
		open.lost += safe - kept.length;
		if (end < 0) {
			open.tail = input.slice(safe);
			return [];
		}

		paste = undefined;
		const key: Key = {
			kind: 'paste',
			text: open.parts.join(''),
			...(open.lost > 0 ? {lost: open.lost} : {}),
		};
		return [key, ...feed(input.slice(end + pasteEnd.length))];
	};

	const feed = (text: string): readonly Key[] => {
		if (paste !== undefined) {
			if (text === interrupt) {
				paste = undefined;
				return splitKeys(text).keys;
			}

			return collect(paste, text);
		}

		const input = takeRemainder(rest + text);
		if (input === undefined) {
			return [];
		}

		const start = input.indexOf(pasteStart);
		const split = splitKeys(start < 0 ? input : input.slice(0, start));
		rest = split.rest;
		if (start < 0) {
			return split.keys;
		}

		// Whatever was cut off before a paste cannot go on behind it.
		const before = [...split.keys, ...endSequence()];
		isLateEscape = false;
		rest = '';
		paste = {parts: [], length: 0, lost: 0, tail: ''};
		return [...before, ...collect(paste, input.slice(start + pasteStart.length))];
	};

	/** The end of a sequence whose beginning was taken for the Escape key, because the line is slow: nobody typed it. */
	const takeRemainder = (input: string): string | undefined => {
		if (!isLateEscape || input === '') {
			return input;
		}

		const remainder = /^(?:O[A-Z]|\[[0-9;]*[A-Za-z~])/.exec(input)?.[0];
		if (remainder === undefined && /^(?:O|\[[0-9;]{0,16})$/.test(input)) {
			rest = input;
			return undefined;
		}

		isLateEscape = false;
		rest = '';
		if (remainder !== undefined && `\u001b${remainder}` === pasteStart) {
			return `\u001b${input}`;
		}

		const isDropped = remainder !== undefined && (isKnownSequence(remainder) || /\d/.test(remainder));
		return isDropped ? input.slice(remainder.length) : input;
	};

	const endSequence = (): readonly Key[] => {
		const late = rest;
		rest = '';
		if (late === '' || isLateEscape || !late.startsWith('\u001b')) {
			isLateEscape = false;
			// Each character is what it is: nothing of it is lost.
			return [...late].flatMap(character => splitKeys(character).keys);
		}

		isLateEscape = true;
		rest = late.slice(1);
		return [{kind: 'key', name: 'escape', raw: late.slice(0, 1)}];
	};

	return {
		feed,
		endWaiting: endSequence,
		waitsFor: () => (isLateEscape ? 'remainder' : rest === '' ? 'nothing' : 'sequence'),
	};
}

/** How much of the end of a text may be the beginning of a mark. */
function possibleStart(text: string, mark: string): number {
	for (let length = Math.min(mark.length - 1, text.length); length > 0; length -= 1) {
		if (mark.startsWith(text.slice(-length))) {
			return length;
		}
	}

	return 0;
}
