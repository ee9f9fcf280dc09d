import {Command} from 'commander';
import packageDescription from '../../package.json' with {type: 'json'};
import {addApp} from './app.ts';
import {credentialCommand} from './credential.ts';
import {demoCommand} from './demo.ts';
import {doctorCommand} from './doctor.ts';
import {forgetCommand} from './forget.ts';
import {organizationCommand} from './organization.ts';
import {pauseCommand, resumeCommand} from './pause.ts';
import {planCommand} from './plan.ts';
import {restoreCommand} from './restore.ts';
import {runCommand} from './run.ts';
import {runsCommand} from './runs.ts';
import {sandboxCommand} from './sandbox.ts';
import type {Shell} from './shell.ts';
import {showCommand} from './show.ts';
import {snapshotsCommand} from './snapshots.ts';
import {vaultCommand} from './vault.ts';
import {verifyCommand} from './verify.ts';
import {watchCommand} from './watch.ts';

const exitCodes = `
Exit codes: 0 all well; 1 failed; 2 wrong usage; 3 finished, but something is missing; 130 cancelled.
Settings lie in $BUCKET_BRIGADE_HOME, else in the usual folders of your system; keys.json there holds your own keys.
For the app: NO_COLOR=1, BUCKET_BRIGADE_BACKGROUND=light or dark, INK_SCREEN_READER=true for a plain layout.`;

/** The whole command line. Nothing in it ends the process: errors are thrown. */
export function createProgram(shell: Shell): Command {
	const program = new Command('bucket-brigade')
		.description(`${packageDescription.description}. Without a command: the full-screen app.`)
		.version(packageDescription.version)
		.option('--no-color', 'no colours (also: NO_COLOR)')
		.addHelpText('after', exitCodes);
	const commands = [
		demoCommand,
		sandboxCommand,
		organizationCommand,
		credentialCommand,
		planCommand,
		runCommand,
		watchCommand,
		pauseCommand,
		resumeCommand,
		runsCommand,
		snapshotsCommand,
		showCommand,
		restoreCommand,
		forgetCommand,
		verifyCommand,
		vaultCommand,
		doctorCommand,
	];
	for (const create of commands) {
		program.addCommand(create(shell));
	}

	addApp(program, shell);
	tame(program, shell);
	return program;
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
