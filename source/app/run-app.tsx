import {render} from 'ink';
import {UserError} from '../system/user-error.ts';
import {App} from './app.tsx';
import {asciiOutput} from './ascii-output.ts';
import {createKeySource, type TerminalInput} from './input/key-source.ts';
import type {Place} from './navigation.ts';
import {messageOf} from './screens/messages.ts';
import type {AppServices} from './services.ts';
import {asciiSigns, unicodeSigns} from './theme.ts';

export type RunAppOptions = {
	/** Hides everything that changes something. */
	readonly readOnly?: boolean;
	/** Draws with ASCII alone; by default where the locale is not UTF-8. */
	readonly ascii?: boolean;
	readonly startAt?: Place | undefined;
	/** Stands in the title line: `demo`. */
	readonly banner?: string | undefined;
	readonly stdin?: TerminalInput;
	readonly stdout?: NodeJS.WriteStream;
	/** Most frames a second, for slow lines. */
	readonly framesPerSecond?: number;
};

/** What moves by itself is drawn three times a second at the most, in milliseconds. */
const leastUpdate = 333;

const defaultFrames = 15;

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
	const isAscii = options.ascii ?? !isUtf8Locale(process.env);
	const terminal = options.stdout ?? process.stdout;
	const output = isAscii ? asciiOutput(terminal) : terminal;
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
				signs={isAscii ? asciiSigns : unicodeSigns}
				isReadOnly={options.readOnly ?? false}
				updateMilliseconds={Math.max(leastUpdate, 1000 / (options.framesPerSecond ?? defaultFrames))}
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
				alternateScreen: true,
				incrementalRendering: true,
				maxFps: options.framesPerSecond ?? defaultFrames,
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

/** Whether the locale says that the terminal shows Unicode; where nothing is said, it is believed to. */
export function isUtf8Locale(environment: NodeJS.ProcessEnv): boolean {
	const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
	return locale === '' || /utf-?8/i.test(locale);
}
