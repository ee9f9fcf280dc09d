import {PassThrough} from 'node:stream';
import {StringDecoder} from 'node:string_decoder';
import {type Key, splitKeys} from './keys.ts';

/** A terminal's input, as far as it is needed; `process.stdin` is one. */
export type TerminalInput = NodeJS.ReadableStream & {
	readonly isTTY?: boolean;
	readonly setRawMode?: (mode: boolean) => unknown;
	readonly ref?: () => unknown;
	readonly unref?: () => unknown;
};

/** Takes a key and says whether it was for it; what it does not take goes to the text field in focus. */
export type KeyHandler = (key: Key) => boolean;

/** The terminal's input as exact keys: each one is handled, and drawn, before the next one comes. */
export type KeySource = {
	/** What Ink reads: only what the handler did not take. */
	readonly inkInput: NodeJS.ReadStream;
	readonly onKey: (handler: KeyHandler) => void;
	readonly start: () => void;
	/** Gives the terminal back as it was. */
	readonly stop: () => void;
};

/** How long an escape may be the beginning of a longer sequence, in milliseconds. */
const escapePatience = 40;

export function createKeySource(input: TerminalInput): KeySource {
	const decoder = new StringDecoder('utf8');
	const inkInput = asTerminal(new PassThrough());
	const queue: Key[] = [];
	let handler: KeyHandler = () => false;
	let rest = '';
	let escapeTimer: NodeJS.Timeout | undefined;
	let escapeCheck: NodeJS.Immediate | undefined;
	let isWorking = false;
	let isLateEscape = false;

	const work = (): void => {
		const key = queue.shift();
		if (key === undefined) {
			isWorking = false;
			return;
		}

		if (!handler(key)) {
			inkInput.push(forTextField(key));
		}

		afterDrawing(work);
	};

	const enqueue = (keys: readonly Key[]): void => {
		queue.push(...keys);
		if (!isWorking && queue.length > 0) {
			isWorking = true;
			setImmediate(work);
		}
	};

	const forgetEscape = (): void => {
		clearTimeout(escapeTimer);
		clearImmediate(escapeCheck);
	};

	const onData = (chunk: Buffer | string): void => {
		forgetEscape();
		const text = typeof chunk === 'string' ? chunk : decoder.write(chunk);
		const split = splitKeys(rest + (isLateEscape ? withoutRemainder(text) : text));
		isLateEscape = false;
		rest = split.rest;
		enqueue(split.keys);
		if (rest !== '' && !rest.startsWith('\u001b[200~')) {
			escapeTimer = setTimeout(() => {
				// A busy machine may have kept us from what has arrived meanwhile: that is read first.
				escapeCheck = setImmediate(() => {
					// Nothing followed: it was the Escape key, and perhaps a bracket after it.
					const late = rest;
					rest = '';
					isLateEscape = true;
					enqueue([{kind: 'key', name: 'escape', raw: late.slice(0, 1)}]);
				});
			}, escapePatience);
		}
	};

	return {
		inkInput,
		onKey: next => {
			handler = next;
		},
		start: () => {
			input.setRawMode?.(true);
			input.ref?.();
			input.on('data', onData);
			input.resume();
		},
		stop: () => {
			forgetEscape();
			input.off('data', onData);
			input.setRawMode?.(false);
			input.pause();
			input.unref?.();
		},
	};
}

/**
React's work on one key takes some turns of the event loop: drawing, then the effects that tell a new field where its cursor
stands. The next key comes after them, so that none goes to a field that is no longer, or not yet, in focus.
*/
const turnsOfDrawing = 4;

function afterDrawing(next: () => void, turns = turnsOfDrawing): void {
	setImmediate(() => {
		if (turns > 1) {
			afterDrawing(next, turns - 1);
		} else {
			next();
		}
	});
}

/** The end of a sequence whose beginning was taken for the Escape key, because the line is slow: nobody typed it. */
function withoutRemainder(text: string): string {
	return text.replace(/^(?:O[A-Za-z]|\[[0-9;]*[A-Za-z~])/, '');
}

/** Ink asks its input to be a terminal; raw mode is ours to set, once, on the real one. */
function asTerminal(stream: PassThrough): NodeJS.ReadStream {
	return Object.assign(stream, {
		isTTY: true,
		setRawMode: () => stream,
		ref: () => stream,
		unref: () => stream,
	}) as unknown as NodeJS.ReadStream;
}

/** What a text field is given of a key: never a control character, of a paste its one line of text. */
function forTextField(key: Key): string {
	if (key.kind === 'paste') {
		return key.text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '');
	}

	const isEditing = ['backspace', 'left', 'right', 'delete'].includes(key.name);
	return isEditing || [...key.name].length === 1 || key.name === 'space' ? key.raw : '';
}
