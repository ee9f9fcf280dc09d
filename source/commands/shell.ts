import {closeSync, openSync} from 'node:fs';
import type {Readable, Writable} from 'node:stream';
import {ReadStream} from 'node:tty';
import {safeJson} from '../system/safe-json.ts';

/** What commands see of the world outside: where they print, what they read, how they end. */
export type Shell = {
	readonly environment: NodeJS.ProcessEnv;
	readonly input: NodeJS.ReadStream;
	/** Prints one line on standard output. */
	readonly line: (text: string) => void;
	/** Prints a value as one line of JSON on standard output. */
	readonly json: (value: unknown) => void;
	/** Prints one line for people on standard error. */
	readonly note: (text: string) => void;
	/** Whether a person sits at a terminal that can show the full-screen app. */
	readonly isTerminal: boolean;
	/** Where a person at the terminal types, wherever standard input comes from and standard output goes; undefined where nobody can be asked. */
	readonly keyboard: (() => Keyboard) | undefined;
	/** Aborted when nobody reads standard output any more. */
	readonly outputClosed: AbortSignal;
	readonly setExitCode: (code: number) => void;
	readonly exitCode: () => number;
	/** Returns once everything printed has left. */
	readonly flush: () => Promise<void>;
};

/** A terminal to read from. */
export type Keyboard = {
	readonly input: NodeJS.ReadStream;
	/** Whoever has read, closes it. */
	readonly close: () => void;
};

type ShellProcess = {
	readonly env: NodeJS.ProcessEnv;
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WriteStream;
	readonly stderr: NodeJS.WriteStream;
};

/** The shell of this process. A reader that goes away (`| head`) is no error. */
export function createShell({env, stdin, stdout, stderr}: ShellProcess): Shell {
	const closed = new AbortController();
	let code = 0;
	stdout.on('error', () => {
		closed.abort();
	});
	// Without a place for errors there is nothing left to say.
	stderr.on('error', () => undefined);

	const print = (stream: Writable, text: string): void => {
		if (!(stream === stdout && closed.signal.aborted)) {
			stream.write(`${text}\n`);
		}
	};

	return {
		environment: env,
		input: stdin,
		line: text => {
			print(stdout, text);
		},
		json: value => {
			print(stdout, safeJson(value));
		},
		note: text => {
			print(stderr, text);
		},
		isTerminal: Boolean(stdin.isTTY && stdout.isTTY) && env['TERM'] !== 'dumb',
		keyboard: stderr.isTTY ? keyboardOf(stdin) : undefined,
		outputClosed: closed.signal,
		setExitCode: next => {
			code = next;
		},
		exitCode: () => code,
		flush: async () => {
			await Promise.all([stdout, stderr].map(drained));
		},
	};
}

/** The terminal of the process, by the name that it has for every process. */
const ownTerminal = '/dev/tty';

function keyboardOf(stdin: NodeJS.ReadStream): (() => Keyboard) | undefined {
	if (stdin.isTTY) {
		return () => ({input: stdin, close: () => undefined});
	}

	try {
		closeSync(openSync(ownTerminal, 'r'));
	} catch {
		return undefined;
	}

	return () => {
		const input = new ReadStream(openSync(ownTerminal, 'r'));
		return {input, close: () => input.destroy()};
	};
}

async function drained(stream: Writable): Promise<void> {
	await new Promise<void>(resolve => {
		if (stream.destroyed || !stream.writable) {
			resolve();
			return;
		}

		stream.once('error', () => {
			resolve();
		});
		stream.write('', () => {
			resolve();
		});
	});
}

/** All of a stream as text. @throws Error past the cap. */
export async function readText(stream: Readable, maximumBytes: number): Promise<string> {
	const parts: Buffer[] = [];
	let length = 0;
	for await (const part of stream) {
		const bytes = Buffer.from(part as Uint8Array | string);
		length += bytes.length;
		if (length > maximumBytes) {
			throw new Error(`it holds more than ${maximumBytes} bytes`);
		}

		parts.push(bytes);
	}

	return Buffer.concat(parts).toString('utf8');
}
