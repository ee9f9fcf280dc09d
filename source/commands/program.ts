import {Command} from 'commander';
import packageDescription from '../../package.json' with {type: 'json'};
import {addApp} from './app.ts';
import type {Shell} from './shell.ts';

const exitCodes = `
Exit codes: 0 all well; 1 failed; 2 wrong usage; 3 finished, but something is missing; 130 cancelled.
Settings lie in $BUCKET_BRIGADE_HOME, else in the usual folders of your system; keys.json there holds your own keys.
For the app: NO_COLOR=1, BUCKET_BRIGADE_BACKGROUND=light or dark, INK_SCREEN_READER=true for a plain layout.`;

/** What the app is called with, and nothing else. */
const appOptions = new Set(['--no-color', '--read-only', '--ascii', '--slow']);

/**
The program for one command line. Nothing in it ends the process: errors are thrown.

@param commandLine What was asked for: the commands are loaded only for whoever names one, or asks for help, so that the app opens
at once.
*/
export async function createProgram(shell: Shell, commandLine: readonly string[]): Promise<Command> {
	const program = new Command('bucket-brigade')
		.description(`${packageDescription.description}. Without a command: the full-screen app.`)
		.version(packageDescription.version)
		.option('--no-color', 'no colours (also: NO_COLOR)')
		.addHelpText('after', exitCodes);
	for (const create of await commandsFor(commandLine)) {
		program.addCommand(create(shell));
	}

	addApp(program, shell);
	tame(program, shell);
	return program;
}

async function commandsFor(
	commandLine: readonly string[],
): Promise<ReadonlyArray<(shell: Shell) => Command>> {
	const isAppAlone = commandLine.every(argument => appOptions.has(argument));
	return isAppAlone ? [] : (await import('./commands.ts')).commands;
}

/** Every command throws instead of ending the process, and its errors are printed in one place, as one sentence. */
function tame(command: Command, shell: Shell): void {
	command.exitOverride().configureOutput({
		writeOut: text => {
			shell.line(text.replace(/\n$/, ''));
		},
		writeErr: text => {
			shell.note(text.replace(/\n$/, ''));
		},
		outputError: () => undefined,
	});
	for (const child of command.commands) {
		tame(child, shell);
	}
}
