import {constants} from 'node:os';
import type {Command} from 'commander';
import type {Workplace} from '../actions/workplace.ts';
import type {Place} from '../app/navigation.ts';
import type {Shell} from './shell.ts';
import {outlastTerminal} from './signals.ts';
import {withWorkplace} from './with-workplace.ts';

export type AppOptions = {readonly readOnly?: boolean; readonly ascii?: boolean; readonly slow?: boolean};

/** One frame in two seconds is enough for a very slow line. */
const slowFramesPerSecond = 0.5;

/** What the app does when the program is called without a command. */
export function addApp(program: Command, shell: Shell): Command {
	return addAppOptions(program)
		.allowExcessArguments()
		.action(async (options: AppOptions, command: Command) => {
			const [unknown] = command.args;
			if (unknown !== undefined) {
				command.error(`error: unknown command '${unknown}'`, {code: 'commander.unknownCommand', exitCode: 2});
			}

			await withWorkplace(shell, async workplace => {
				if (shell.isTerminal) {
					return openApp(workplace, options);
				}

				const {overviewLines} = await import('./overview.ts');
				(await overviewLines(workplace)).forEach(shell.line);
				return 0;
			});
		});
}

export function addAppOptions(command: Command): Command {
	return command
		.option('--read-only', 'the app only shows: everything that changes something is hidden')
		.option('--ascii', 'the app draws with ASCII alone (by default where the locale is not UTF-8)')
		.option('--slow', 'the app draws once in two seconds at the most, for very slow lines');
}

/**
Shows the full-screen app until its user quits.

@returns its exit code: what shells give a program that a signal ended, else 0.
*/
export async function openApp(
	workplace: Workplace,
	options: AppOptions,
	more: {readonly startAt?: Place; readonly banner?: string} = {},
): Promise<number> {
	// Loaded for whoever opens it alone: other commands start faster without.
	const {createAppServices} = await import('../app/create-services.ts');
	const {loadKeys} = await import('../app/input/key-map-file.ts');
	const {runApp} = await import('../app/run-app.tsx');
	const services = createAppServices(workplace);
	// From now on the screen belongs to the app: it asks by itself.
	workplace.unlocking.passphrases.stopAsking();
	const lockedPlace = (await workplace.isLocked()) ? {startAt: {screen: 'passphrase'} as const} : {};
	const release = outlastTerminal();
	try {
		const {signal} = await runApp(services, {
			readOnly: options.readOnly ?? false,
			keys: await loadKeys(workplace.home.keyMap),
			...(options.ascii === undefined ? {} : {ascii: options.ascii}),
			...(options.slow === true ? {framesPerSecond: slowFramesPerSecond} : {}),
			...more,
			...lockedPlace,
		});
		return signal === undefined ? 0 : 128 + constants.signals[signal];
	} finally {
		// A restore that was under way leaves nothing half done behind.
		await services.settled();
		release();
	}
}
