import {render} from 'ink';
import {UserError} from '../system/user-error.ts';
import {App} from './app.tsx';
import {asciiOutput, spokenOutput} from './ascii-output.ts';
import {decideDisplay} from './display.ts';
import type {LoadedKeys} from './input/key-map-file.ts';
import {noOverrides} from './input/key-overrides.ts';
import {createKeySource, type TerminalInput} from './input/key-source.ts';
import {messageOf} from './message-of.ts';
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

/** How the app ended without an error: by its user, or by a signal. A terminal that is gone counts as SIGHUP. */
export type AppEnd = {readonly signal?: NodeJS.Signals};

/**
Shows the full-screen app until its user quits or a signal ends it, and leaves the terminal as it was, however the app ends.

@throws UserError that says in a sentence what was thrown while drawing, handling a key or working, after the terminal was restored.
*/
export async function runApp(services: AppServices, options: RunAppOptions = {}): Promise<AppEnd> {
	const input = options.stdin ?? process.stdin;
	const keys = createKeySource(input);
	const display = decideDisplay(options, options.environment ?? process.env);
	const terminal = options.stdout ?? process.stdout;
	const lettered = display.isAscii ? asciiOutput(terminal) : terminal;
	const output = display.isScreenReader ? spokenOutput(lettered) : lettered;
	chooseLooks(display.background);
	let unmount = (): void => undefined;
	let end: AppEnd = {};
	let failure: {readonly error: unknown} | undefined;

	const endBy = (signal: NodeJS.Signals): void => {
		end = {signal};
		unmount();
	};
	const loseTerminal = (): void => endBy('SIGHUP');
	const fail = (error: unknown): void => {
		failure ??= {error};
		unmount();
	};

	for (const signal of endSignals) {
		process.on(signal, endBy);
	}

	process.on('uncaughtException', fail);
	process.on('unhandledRejection', fail);
	input.on('error', loseTerminal);
	input.on('end', loseTerminal);
	keys.start();
	output.write(bracketedPasteOn);
	try {
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
		unmount = app.unmount;
		await app.waitUntilExit();
	} catch (error) {
		failure ??= {error};
	} finally {
		keys.stop();
		output.write(bracketedPasteOff);
		// Its errors stay listened to: a terminal that is gone may say so late.
		input.off('end', loseTerminal);
		process.off('unhandledRejection', fail);
		process.off('uncaughtException', fail);
		for (const signal of endSignals) {
			process.off(signal, endBy);
		}
	}

	if (failure !== undefined) {
		throw failureOf(failure.error);
	}

	return end;
}

/** What was not foreseen, as a sentence that says what goes on all the same. */
function failureOf(error: unknown): UserError {
	if (error instanceof UserError) {
		return error;
	}

	const reason = messageOf(error).trim().replace(/[.!]$/, '');
	return new UserError(
		`The app met an error in itself and had to end${reason === '' ? '' : `: ${reason}`}. Runs go on by themselves; start it again to watch them.`,
		{cause: error},
	);
}

/** Where nothing can stop a process, it goes on after this. */
const notStoppedMilliseconds = 500;

/** Stops the process as Ctrl-Z does in other programs; resolves when the shell's `fg` continues it. */
async function untilContinued(): Promise<void> {
	await new Promise<void>(resolve => {
		/*
		The timer keeps the process alive until the signal is seen. It runs out without one where there is no shell to go back to,
		as when a terminal was opened for the program alone: there the system lets nobody stop it.
		*/
		const timer = setTimeout(resolve, notStoppedMilliseconds);
		process.once('SIGCONT', () => {
			clearTimeout(timer);
			resolve();
		});
		process.kill(0, 'SIGTSTP');
	});
}
