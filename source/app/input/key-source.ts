import {PassThrough} from 'node:stream';
import {StringDecoder} from 'node:string_decoder';
import {sanitize} from '../../system/sanitize.ts';
import {createKeySplitter} from './key-splitter.ts';
import type {Key} from './keys.ts';

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
/** How long after a lonely Escape the end of a sequence may still come that it was the beginning of, in milliseconds. */
const remainderPatience = 400;

export function createKeySource(input: TerminalInput): KeySource {
	const decoder = new StringDecoder('utf8');
	const inkInput = asTerminal(new PassThrough());
	const queue: Key[] = [];
	let handler: KeyHandler = () => false;
	const splitter = createKeySplitter();
	let timer: NodeJS.Timeout | undefined;
	let check: NodeJS.Immediate | undefined;
	let isWorking = false;

	const work = (): void => {
		const key = queue.shift();
		if (key === undefined) {
			isWorking = false;
			return;
		}

		if (!handler(key)) {
			inkInput.push(textForField(key));
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

	const onData = (chunk: Buffer | string): void => {
		enqueue(splitter.feed(typeof chunk === 'string' ? chunk : decoder.write(chunk)));
		waitForMore();
	};

	const stopWaiting = (): void => {
		clearTimeout(timer);
		clearImmediate(check);
	};

	/** A key that is not at its end is one after a while all the same: Escape is the beginning of most others. */
	const waitForMore = (): void => {
		stopWaiting();
		const wanted = splitter.waitsFor();
		if (wanted !== 'nothing') {
			timer = setTimeout(
				() => {
					// A busy machine may have kept us from what has arrived meanwhile: that is read first.
					check = setImmediate(() => {
						enqueue(splitter.endWaiting());
						waitForMore();
					});
				},
				wanted === 'sequence' ? escapePatience : remainderPatience,
			);
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
			stopWaiting();
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

/** Ink asks its input to be a terminal; raw mode is ours to set, once, on the real one. */
function asTerminal(stream: PassThrough): NodeJS.ReadStream {
	return Object.assign(stream, {
		isTTY: true,
		setRawMode: () => stream,
		ref: () => stream,
		unref: () => stream,
	}) as unknown as NodeJS.ReadStream;
}

/** A pasted text as the one line that a field holds: a token that was copied over two lines is one token. */
export function pastedLine(text: string): string {
	return sanitize(text.replaceAll(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, ''));
}

/** What a text field is given of a key: never a control character, of a paste its one line of text. */
export function textForField(key: Key): string {
	if (key.kind === 'paste') {
		return pastedLine(key.text);
	}

	const isEditing = ['backspace', 'left', 'right', 'delete'].includes(key.name);
	const isCharacter = [...key.name].length === 1 && !/[\u202a-\u202e\u2066-\u2069]/.test(key.name);
	return isEditing || isCharacter || key.name === 'space' ? key.raw : '';
}
