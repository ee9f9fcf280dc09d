import type {Command} from 'commander';
import {credentialCommand} from './credential.ts';
import {demoCommand} from './demo.ts';
import {doctorCommand} from './doctor.ts';
import {forgetCommand} from './forget.ts';
import {notificationsCommand} from './notifications.ts';
import {organizationCommand} from './organization.ts';
import {pauseCommand, resumeCommand} from './pause.ts';
import {planCommand} from './plan.ts';
import {restoreCommand} from './restore.ts';
import {runCommand} from './run.ts';
import {runsCommand} from './runs.ts';
import {sandboxCommand} from './sandbox.ts';
import {schedulerCommand} from './scheduler.ts';
import type {Shell} from './shell.ts';
import {showCommand} from './show.ts';
import {snapshotsCommand} from './snapshots.ts';
import {vaultCommand} from './vault.ts';
import {verifyCommand} from './verify.ts';
import {watchCommand} from './watch.ts';

/** Every command, in the order of the help. */
export const commands: ReadonlyArray<(shell: Shell) => Command> = [
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
	schedulerCommand,
	snapshotsCommand,
	showCommand,
	restoreCommand,
	forgetCommand,
	verifyCommand,
	notificationsCommand,
	vaultCommand,
	doctorCommand,
];
