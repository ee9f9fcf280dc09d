import type {TestContext} from 'node:test';
import type {LoadedKeys} from '../../source/app/input/key-map-file.ts';
import type {Place} from '../../source/app/navigation.ts';
import {type AppEnd, runApp} from '../../source/app/run-app.tsx';
import type {AppServices} from '../../source/app/services.ts';
import {createTestTerminal, keys, type TestTerminal} from './terminal.ts';

export type OpenApp = TestTerminal & {
	/** Resolves when the app has ended. */
	readonly ended: Promise<AppEnd>;
};

/** The whole app in a terminal without a window; it is quit when the test ends. */
export function openApp(
	context: TestContext,
	services: AppServices,
	options: {
		readonly columns?: number;
		readonly rows?: number;
		readonly startAt?: Place;
		readonly ascii?: boolean;
		readonly readOnly?: boolean;
		readonly keys?: LoadedKeys;
		readonly environment?: NodeJS.ProcessEnv;
		readonly framesPerSecond?: number;
	} = {},
): OpenApp {
	const terminal = createTestTerminal(options.columns, options.rows);
	let hasEnded = false;
	const ended = runApp(services, {
		stdin: terminal.stdin,
		stdout: terminal.stdout,
		// Where a test says something of the terminal, that decides.
		ascii: options.ascii ?? (options.environment === undefined ? false : undefined),
		readOnly: options.readOnly ?? false,
		startAt: options.startAt,
		framesPerSecond: options.framesPerSecond ?? 60,
		// Of no terminal that a test happens to run in.
		environment: options.environment ?? {},
		...(options.keys === undefined ? {} : {keys: options.keys}),
	}).finally(() => {
		hasEnded = true;
	});
	context.after(async () => {
		// Out of overlays, forms and their questions, whichever are open.
		for (let attempt = 0; attempt < 5 && !hasEnded; attempt += 1) {
			terminal.type(
				/Drop the changes\?|Cancel the (restore|verification)\?/.test(terminal.text())
					? keys.right + keys.enter
					: keys.interrupt,
			);
			await Promise.race([ended, terminal.settled()]);
		}

		await ended;
	});
	return {...terminal, ended};
}
