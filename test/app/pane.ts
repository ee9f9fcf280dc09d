import {execFileSync, spawnSync} from 'node:child_process';
import {randomUUID} from 'node:crypto';
import type {TestContext} from 'node:test';
import {setTimeout as delay} from 'node:timers/promises';

/** What can be known of a terminal beside its text. */
export type PaneModes = {
	/** A program draws on the screen that is thrown away. */
	readonly isAlternate: boolean;
	readonly isCursorShown: boolean;
	/** The process in the foreground. */
	readonly command: string;
};

/** A real terminal, kept by tmux, with an interactive shell in it. */
export type Pane = {
	readonly text: () => string;
	readonly modes: () => PaneModes;
	/** The device of the terminal. */
	readonly terminal: () => string;
	/** Types a command line and Enter. */
	readonly enter: (commandLine: string) => void;
	/** Presses keys by tmux's names: `Escape`, `C-c`. */
	readonly press: (...keys: readonly string[]) => void;
	/** Writes all of it to the terminal at once. */
	readonly burst: (input: string) => void;
	/** Writes parts of it one after the other, each on its own. */
	readonly trickle: (parts: readonly Uint8Array[]) => void;
	/** Pastes as terminals do: between marks where the program has asked for them. */
	readonly paste: (text: string) => void;
	/** Writes past the program that draws, as other people's messages do. */
	readonly writePast: (text: string) => void;
	readonly resize: (columns: number, rows: number) => void;
	/** Resolves once the terminal shows it. Rejects with what it shows instead. */
	readonly waitFor: (expected: string | RegExp) => Promise<void>;
	/** Resolves once something else holds that is seen from outside. */
	readonly until: (what: string, holds: () => boolean) => Promise<void>;
	/** Takes the terminal away, as a lost connection does. */
	readonly hangUp: () => void;
};

const patienceMilliseconds = 30_000;

/** Between two writes: enough for each to arrive on its own, less than a program waits for the rest of a key. */
const pauseSeconds = '0.002';

/** Whether there is a tmux to judge; where there is none, the test says so and is skipped. */
export function hasTmux(context: TestContext): boolean {
	const isThere = spawnSync('tmux', ['-V']).error === undefined;
	if (!isThere) {
		context.skip('tmux is not installed');
	}

	return isThere;
}

export function openPane(
	context: TestContext,
	options: {
		readonly columns?: number;
		readonly rows?: number;
		readonly environment?: Readonly<Record<string, string>>;
		/** Runs in the place of the shell. */
		readonly command?: string;
	} = {},
): Pane {
	const {columns = 80, rows = 24, environment = {}, command} = options;
	const socket = `bucket-brigade-${randomUUID()}`;
	const tmux = (words: readonly string[], input = ''): string =>
		execFileSync('tmux', ['-L', socket, '-f', '/dev/null', ...words], {
			encoding: 'utf8',
			input,
			stdio: ['pipe', 'pipe', 'ignore'],
			env: {PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', ...environment},
		});
	context.after(() => {
		spawnSync('tmux', ['-L', socket, 'kill-server']);
	});
	tmux(['new-session', '-d', '-x', String(columns), '-y', String(rows), command ?? 'exec sh -i']);
	if (command === undefined) {
		// As a person would set it: for root some shells have a prompt of their own.
		tmux(['send-keys', "PS1='shell> '; clear", 'Enter']);
	}

	const text = (): string => tmux(['capture-pane', '-p']);
	const shows = (expected: string | RegExp): boolean =>
		typeof expected === 'string' ? text().includes(expected) : expected.test(text());
	const until: Pane['until'] = async (what, holds) => {
		const deadline = Date.now() + patienceMilliseconds;
		while (!holds()) {
			if (Date.now() > deadline) {
				throw new Error(`It never came to this: ${what}; the terminal shows:\n${text()}`);
			}

			await delay(30);
		}
	};

	const terminal = (): string => tmux(['display-message', '-p', '#{pane_tty}']).trim();
	const hexadecimal = (bytes: Uint8Array): string[] => [...bytes].map(byte => byte.toString(16));
	return {
		text,
		modes: () => {
			const [alternate, cursor, inFront = ''] = tmux([
				'display-message',
				'-p',
				'#{alternate_on} #{cursor_flag} #{pane_current_command}',
			])
				.trim()
				.split(' ');
			return {isAlternate: alternate === '1', isCursorShown: cursor === '1', command: inFront};
		},
		terminal,
		enter: commandLine => {
			tmux(['send-keys', '-l', commandLine]);
			tmux(['send-keys', 'Enter']);
		},
		press: (...keys) => {
			tmux(['send-keys', ...keys]);
		},
		burst: input => {
			tmux(['load-buffer', '-'], input);
			tmux(['paste-buffer', '-d', '-r']);
		},
		trickle: parts => {
			// One call of tmux for some of them: what it waits in between is its own, and short.
			for (let first = 0; first < parts.length; first += 200) {
				tmux(
					parts
						.slice(first, first + 200)
						.flatMap(part => [
							...['send-keys', '-H', ...hexadecimal(part), ';'],
							...['run-shell', '-d', pauseSeconds, ';'],
						])
						.slice(0, -1),
				);
			}
		},
		paste: pasted => {
			tmux(['load-buffer', '-'], pasted);
			tmux(['paste-buffer', '-d', '-p', '-r']);
		},
		writePast: written => {
			execFileSync('tee', [terminal()], {input: written, stdio: ['pipe', 'ignore', 'inherit']});
		},
		resize: (nextColumns, nextRows) => {
			tmux(['resize-window', '-x', String(nextColumns), '-y', String(nextRows)]);
		},
		waitFor: async expected => until(`it shows ${String(expected)}`, () => shows(expected)),
		until,
		hangUp: () => {
			tmux(['kill-pane']);
		},
	};
}
