import {render} from 'ink';
import {App} from './app.tsx';
import {asciiOutput, spokenOutput} from './ascii-output.ts';
import {decideDisplay} from './display.ts';
import type {LoadedKeys} from './input/key-map-file.ts';
import {noOverrides} from './input/key-overrides.ts';
import {createKeySource, type TerminalInput} from './input/key-source.ts';
import type {Place} from './navigation.ts';
import type {AppServices} from './services.ts';
import {asciiSigns, chooseLooks, spokenSigns, unicodeSigns} from './theme.ts';

export type RunAppOptions = {
	/** Hides everything that changes something. */
	readonly readOnly?: boolean;
	/** Draws with ASCII alone; by default where the locale is not UTF-8. */
	readonly ascii?: boolean | undefined;
	readonly startAt?: Place | undefined;
	/** Stands in the title line: `demo`. */
	readonly banner?: string | undefined;
	readonly stdin?: TerminalInput;
	readonly stdout?: NodeJS.WriteStream;
	/** Most frames a second, for slow lines. */
	readonly framesPerSecond?: number;
	/** The keys, with the user's own among them. */
	readonly keys?: LoadedKeys;
	/** What the environment says of the terminal; that of the process by default. */
	readonly environment?: NodeJS.ProcessEnv;
};

/** What moves by itself is drawn three times a second at the most, in milliseconds. */
const leastUpdate = 333;
/** What is read aloud is read from its beginning each time: it must have time for that. */
const spokenUpdate = 10_000;

const bracketedPasteOn = '\u001b[?2004h';
const bracketedPasteOff = '\u001b[?2004l';
const endSignals = ['SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGINT'] as const;

/**
Shows the full-screen app until its user quits, and leaves the terminal as it was, however the app ends.

@throws What was thrown while drawing or handling a key, after the terminal was restored.
*/
export async function runApp(services: AppServices, options: RunAppOptions = {}): Promise<void> {
	const input = options.stdin ?? process.stdin;
	const keys = createKeySource(input);
	const display = decideDisplay(options, options.environment ?? process.env);
	const terminal = options.stdout ?? process.stdout;
	const lettered = display.isAscii ? asciiOutput(terminal) : terminal;
	const output = display.isScreenReader ? spokenOutput(lettered) : lettered;
	chooseLooks(display.background);

	keys.start();
	output.write(bracketedPasteOn);
	const app = render(
		<App
			services={services}
			keys={keys}
			signs={display.isScreenReader ? spokenSigns : display.isAscii ? asciiSigns : unicodeSigns}
			display={display}
			loadedKeys={options.keys ?? {...noOverrides, path: 'keys.json'}}
			isReadOnly={options.readOnly ?? false}
			updateMilliseconds={
				display.isScreenReader ? spokenUpdate : Math.max(leastUpdate, 1000 / display.framesPerSecond)
			}
			banner={options.banner}
			startAt={options.startAt}
			onSuspend={async () => {
				keys.stop();
				output.write(bracketedPasteOff);
				await untilContinued();
				keys.start();
				output.write(bracketedPasteOn);
			}}
		/>,
		{
			stdin: keys.inkInput,
			stdout: output,
			// What is read aloud is written in one piece each time, and stays in the scrollback.
			alternateScreen: !display.isScreenReader,
			incrementalRendering: !display.isScreenReader,
			isScreenReaderEnabled: display.isScreenReader,
			maxFps: display.framesPerSecond,
			exitOnCtrlC: false,
			patchConsole: true,
			interactive: true,
		},
	);

	const end = (): void => {
		app.unmount();
	};

	let failure: {readonly error: unknown} | undefined;
	const fail = (error: unknown): void => {
		failure ??= {error};
		app.unmount();
	};

	for (const signal of endSignals) {
		process.on(signal, end);
	}

	process.on('uncaughtException', fail);
	process.on('unhandledRejection', fail);
	try {
		await app.waitUntilExit();
	} finally {
		for (const signal of endSignals) {
			process.off(signal, end);
		}

		process.off('uncaughtException', fail);
		process.off('unhandledRejection', fail);
		keys.stop();
		output.write(bracketedPasteOff);
	}

	if (failure !== undefined) {
		throw failure.error;
	}
}

/** Stops the process as Ctrl-Z does in other programs; resolves when the shell's `fg` continues it. */
async function untilContinued(): Promise<void> {
	await new Promise<void>(resolve => {
		// Without a timer nothing would keep the process alive until the signal is seen.
		const alive = setInterval(() => undefined, 1000);
		process.once('SIGCONT', () => {
			clearInterval(alive);
			resolve();
		});
		process.kill(0, 'SIGTSTP');
	});
}
