/** One thing that a person did at the keyboard. */
export type Key =
	/** A key by its name (`enter`, `up`, `ctrl-s`, `j`), with the bytes that the terminal sent for it. */
	| {readonly kind: 'key'; readonly name: string; readonly raw: string}
	| {
			readonly kind: 'paste';
			readonly text: string /** Characters that were too many to be kept. */;
			readonly lost?: number;
	  };

const escapeByte = '\u001b';
/** What terminals put around a text that is pasted. */
export const pasteStart = '\u001b[200~';
export const pasteEnd = '\u001b[201~';

/** What terminals send for the keys that have no character: xterm's, rxvt's and the Linux console's ways. */
const sequences: Readonly<Record<string, string>> = {
	'[A': 'up',
	'[B': 'down',
	'[C': 'right',
	'[D': 'left',
	OA: 'up',
	OB: 'down',
	OC: 'right',
	OD: 'left',
	'[H': 'home',
	'[F': 'end',
	OH: 'home',
	OF: 'end',
	// The keypad's.
	OM: 'enter',
	'[1~': 'home',
	'[4~': 'end',
	'[7~': 'home',
	'[8~': 'end',
	'[3~': 'delete',
	'[5~': 'page-up',
	'[6~': 'page-down',
	'[Z': 'shift-tab',
	OP: 'f1',
	'[11~': 'f1',
	'[[A': 'f1',
};

/** Whether a text is what follows the escape byte of a known key. */
export function isKnownSequence(text: string): boolean {
	return Object.hasOwn(sequences, text);
}

const controls: Readonly<Record<string, string>> = {
	'\r': 'enter',
	'\n': 'enter',
	'\t': 'tab',
	'\u007f': 'backspace',
	'\b': 'backspace',
	[escapeByte]: 'escape',
};

export type SplitKeys = {
	readonly keys: readonly Key[];
	/** The beginning of a sequence whose end has not arrived. */
	readonly rest: string;
};

/**
Splits what arrived from a terminal into keys. Over a slow line keys arrive together, and one key may arrive in parts: a
part is handed back, to be put before what comes next.
*/
export function splitKeys(input: string): SplitKeys {
	const keys: Key[] = [];
	let index = 0;
	while (index < input.length) {
		const part = nextKey(input, index);
		if (part === undefined) {
			return {keys, rest: input.slice(index)};
		}

		keys.push(part.key);
		index = part.end;
	}

	return {keys, rest: ''};
}

type FoundKey = {readonly key: Key; readonly end: number};

function nextKey(input: string, start: number): FoundKey | undefined {
	if (input.startsWith(pasteStart, start)) {
		const end = input.indexOf(pasteEnd, start);
		return end < 0
			? undefined
			: {
					key: {kind: 'paste', text: input.slice(start + pasteStart.length, end)},
					end: end + pasteEnd.length,
				};
	}

	if (input[start] === escapeByte) {
		return escapeSequence(input, start);
	}

	const character = String.fromCodePoint(input.codePointAt(start) ?? 0);
	if (start + 1 === input.length && /[\ud800-\udbff]/.test(character)) {
		return undefined;
	}

	return {
		key: {kind: 'key', name: nameOf(character), raw: character},
		end: start + character.length,
	};
}

/** Function keys of the Linux console, of other terminals, and then any key that has no character. */
const keySequence = /^(?:\[\[[A-E]|O[A-Za-z]|\[[0-?]{0,64}[ -/]{0,16}[@-Z\\-~])/;
/** What may still become one; longer than this nothing is waited for. */
const keySequenceStart = /^(?:\[\[?|O|\[[0-?]{1,64}|\[[0-?]{0,64}[ -/]{1,16})$/;

/** What a terminal answers about itself (its colours, its name): to the string terminator. It is no key. */
const answer = /^(?:\]\d|P[01]?[$+>!|]|_G)[^\u0007\u001b]{0,512}(?:\u0007|\u001b\\)/;
/** What may still become one. `]` or `P` alone is a key that was pressed after Escape. */
const answerStart = /^(?:\]|P[01]?|_|(?:\]\d|P[01]?[$+>!|]|_G)[^\u0007\u001b]{0,512}\u001b?)$/;

function escapeSequence(input: string, start: number): FoundKey | undefined {
	const rest = input.slice(start + 1, start + 600);
	const sequence = (keySequence.exec(rest) ?? answer.exec(rest))?.[0];
	if (sequence !== undefined) {
		const raw = escapeByte + sequence;
		return {key: {kind: 'key', name: sequences[sequence] ?? 'unknown', raw}, end: start + raw.length};
	}

	if (rest === '' || keySequenceStart.test(rest) || answerStart.test(rest)) {
		return undefined;
	}

	// Any other character after an escape is a key of its own: the two were pressed one after the other.
	return {key: {kind: 'key', name: 'escape', raw: escapeByte}, end: start + 1};
}

function nameOf(character: string): string {
	const control = controls[character];
	if (control !== undefined) {
		return control;
	}

	const code = character.codePointAt(0) ?? 0;
	if (code >= 1 && code <= 26) {
		return `ctrl-${String.fromCharCode(code + 96)}`;
	}

	if (code < 32) {
		return 'unknown';
	}

	return character === ' ' ? 'space' : character;
}
