import {isAbsolute, resolve} from 'node:path';
import {type Notifications, NotificationsSchema, type NotifyWhen} from '../../model/notifications.ts';
import {findProgram, isProgram} from '../../system/program-path.ts';
import {UserError} from '../../system/user-error.ts';
import {validated} from '../validated.ts';
import type {Workplace} from '../workplace.ts';
import {type Told, tell} from './tell.ts';

export type {Notifications, NotifyWhen} from '../../model/notifications.ts';
export type {Told} from './tell.ts';

/** What is run at the end of runs; undefined where nobody is told. */
export async function showNotifications({
	store,
}: Pick<Workplace, 'store'>): Promise<Notifications | undefined> {
	return (await store.read()).settings.notifications;
}

/**
Has a command run at the end of runs from now on, in the place of the one before.

@throws UserError (wrong usage) where it is none, or there is no such program.
*/
export async function setNotifications(
	{store, environment}: Pick<Workplace, 'store' | 'environment'>,
	draft: {readonly when: NotifyWhen; readonly command: readonly string[]},
): Promise<Notifications> {
	const [program = '', ...words] = draft.command;
	const command = [placed(program), ...words];
	const notifications = validated(NotificationsSchema, {...draft, command}, 'the notification command');
	if (!isThere(notifications.command[0], environment)) {
		throw new UserError(
			`There is no program "${program}": give its name as it is found on the PATH, or its whole path. A line for the shell is given as: sh -c 'LINE'`,
			{exitCode: 2},
		);
	}

	await store.update(contents => ({...contents, settings: {...contents.settings, notifications}}));
	return notifications;
}

/** Tells nobody any more. @returns whether somebody was told before. */
export async function forgetNotifications({store}: Pick<Workplace, 'store'>): Promise<boolean> {
	let wasThere = false;
	await store.update(contents => {
		const {notifications, ...settings} = contents.settings;
		wasThere = notifications !== undefined;
		return {...contents, settings};
	});
	return wasThere;
}

/** Runs the notification command as a run would at its end. @throws UserError where there is none. */
export async function testNotifications(workplace: Workplace): Promise<Told> {
	const notifications = await showNotifications(workplace);
	if (notifications === undefined) {
		throw new UserError(
			'Nobody is told of runs yet. Set a command with: bucket-brigade notifications set -- COMMAND',
		);
	}

	return tell(workplace, notifications, {
		lines: [
			'Bucket Brigade: a test of notifications',
			'',
			'This is how you are told of runs: a few lines like these, the first one as the subject.',
		],
		run: 'test',
		plan: 'test',
		status: 'test',
	});
}

/** Whether the program of a command can be started. */
export function isThere(program: string, environment: NodeJS.ProcessEnv): boolean {
	return isAbsolute(program)
		? isProgram(program)
		: findProgram(program, environment['PATH'] ?? '') !== undefined;
}

/** A program in a folder is the same one wherever a run is started. */
function placed(program: string): string {
	return program.includes('/') ? resolve(program) : program;
}
