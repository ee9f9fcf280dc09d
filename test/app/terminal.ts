import {EventEmitter} from 'node:events';
import {PassThrough, Writable} from 'node:stream';
import {setTimeout as delay} from 'node:timers/promises';
import xterm from '@xterm/headless';

/** A terminal without a window: what a program writes is drawn in a model, what a test types is read by the program. */
export type TestTerminal = {
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WriteStream;
	readonly model: xterm.Terminal;
	/** The rows as they stand there, without blanks at their ends. */
	readonly rows: () => readonly string[];
	readonly text: () => string;
	/** Types what a keyboard would send, in one piece. */
	readonly type: (input: string) => void;
	/** Types it byte by byte, as over the worst of lines. */
	readonly typeBytewise: (input: string) => Promise<void>;
	/** Takes the keyboard away, as a lost connection does. */
	readonly hangUp: () => void;
	readonly resize: (columns: number, rows: number) => void;
	/** Resolves once the screen shows it. Rejects with the screen when it does not come. */
	readonly waitFor: (expected: string | RegExp) => Promise<void>;
	/** Resolves once the screen has stood still for longer than a key and its frame take. */
	readonly settled: () => Promise<void>;
	readonly bytesWritten: () => number;
};

export const keys = {
	enter: '\r',
	escape: '\u001b',
	tab: '\t',
	shiftTab: '\u001b[Z',
	up: '\u001b[A',
	down: '\u001b[B',
	right: '\u001b[C',
	left: '\u001b[D',
	pageDown: '\u001b[6~',
	backspace: '\u007f',
	save: '\u0013',
	interrupt: '\u0003',
} as const;

const patienceMilliseconds = 15_000;

export function createTestTerminal(columns = 100, rows = 30): TestTerminal {
	const model = new xterm.Terminal({
		cols: columns,
		rows,
		allowProposedApi: true,
		scrollback: 0,
		convertEol: true,
	});
	const drawn = new EventEmitter().setMaxListeners(0);
	let bytes = 0;
	let pending = 0;
	let isEscapeLast = false;

	const stdout = Object.assign(
		new Writable({
			write: (chunk: Buffer, _encoding, done) => {
				bytes += chunk.length;
				pending += 1;
				model.write(chunk, () => {
					pending -= 1;
					drawn.emit('drawn');
				});
				done();
			},
		}),
		{isTTY: true, columns, rows},
	) as unknown as NodeJS.WriteStream;

	const stdin = Object.assign(new PassThrough(), {
		isTTY: true,
		setRawMode: () => stdin,
		ref: () => stdin,
		unref: () => stdin,
	}) as unknown as NodeJS.ReadStream & PassThrough;

	const readRows = (): readonly string[] =>
		Array.from(
			{length: model.rows},
			(_, row) => model.buffer.active.getLine(row)?.translateToString(true) ?? '',
		);

	const shows = (expected: string | RegExp): boolean => {
		const text = readRows().join('\n');
		return typeof expected === 'string' ? text.includes(expected) : expected.test(text);
	};

	return {
		stdin,
		stdout,
		model,
		rows: readRows,
		text: () => readRows().join('\n'),
		type: input => {
			isEscapeLast = input.endsWith(keys.escape);
			stdin.write(input);
		},
		typeBytewise: async input => {
			for (const byte of Buffer.from(input)) {
				stdin.write(Buffer.from([byte]));
				await new Promise(resolve => {
					setImmediate(resolve);
				});
			}
		},
		hangUp: () => {
			stdin.end();
		},
		resize: (nextColumns, nextRows) => {
			model.resize(nextColumns, nextRows);
			Object.assign(stdout, {columns: nextColumns, rows: nextRows});
			stdout.emit('resize');
		},
		waitFor: async expected => {
			const deadline = Date.now() + patienceMilliseconds;
			while (!shows(expected)) {
				if (Date.now() > deadline) {
					throw new Error(`The screen never showed ${String(expected)}; it shows:\n${readRows().join('\n')}`);
				}

				await Promise.race([
					new Promise(resolve => {
						drawn.once('drawn', resolve);
					}),
					delay(50),
				]);
			}
		},
		settled: async () => {
			// Each round is longer than a frame takes at the rate of tests, and the app's timers and these are kept by the same loop: where it is
			// busy, both are late. Escape waits a round for what may follow it.
			const rounds = isEscapeLast ? 4 : 2;
			for (let quiet = 0; quiet < rounds; ) {
				const before = bytes;
				await delay(40);
				quiet = before === bytes && pending === 0 ? quiet + 1 : 0;
			}
		},
		bytesWritten: () => bytes,
	};
}
