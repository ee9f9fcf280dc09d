import {Command} from 'commander';
import {
	type Examination,
	examineConnections,
	examineMachine,
	examineVault,
	exitCodeOf,
} from '../actions/doctor/doctor.ts';
import {examineNotifications} from '../actions/doctor/notification-examination.ts';
import {examineSchedules} from '../actions/doctor/schedule-examination.ts';
import {isThere} from '../actions/notifications/notifications.ts';
import {scheduleState} from '../actions/schedule/schedule-state.ts';
import {openWorkplace} from '../actions/workplace.ts';
import {resolveHome} from '../store/home.ts';
import {unlockingAt} from './ask-passphrase.ts';
import type {Shell} from './shell.ts';
import {tableLines} from './table.ts';

const signs: Readonly<Record<Examination['state'], string>> = {good: 'ok', attention: '!', bad: 'BAD'};

export function doctorCommand(shell: Shell): Command {
	return new Command('doctor')
		.description(
			'look at everything that backups need: git, folders, vault, room, notifications, schedules, clock, credentials (exit code 3: something should be known; 1: backups fail, or will)',
		)
		.option('--offline', 'ask Bitbucket nothing')
		.option('--json', 'print JSON')
		.action(async ({offline, json}: {offline?: boolean; json?: boolean}) => {
			const examinations = await examine(shell, offline ?? false);
			if (json) {
				shell.json(examinations);
			} else {
				tableLines(examinations.map(({about, state, text}) => [signs[state], about, text])).forEach(
					shell.line,
				);
			}

			shell.setExitCode(exitCodeOf(examinations));
		});
}

/** Also where the home cannot be opened, what else can be looked at is. */
async function examine(shell: Shell, isOffline: boolean): Promise<readonly Examination[]> {
	const {environment} = shell;
	const home = resolveHome(environment);
	const workplace = await openWorkplace(environment, undefined, unlockingAt(shell)).catch(
		(error: unknown) => error as Error,
	);
	if (workplace instanceof Error) {
		const machine = await examineMachine(home, environment, undefined);
		return [...machine, {about: 'store', state: 'bad', text: workplace.message.replace(/\.$/, '')}];
	}

	try {
		const contents = await workplace.store.read();
		const found = [
			...(await examineMachine(home, environment, contents)),
			...workplace.store
				.notices()
				.map(text => ({about: 'store', state: 'attention', text: text.replace(/\.$/, '')}) as const),
			await examineVault(workplace),
			examineNotifications(contents.settings.notifications, program => isThere(program, environment)),
			examineSchedules(await scheduleState(workplace)),
			...(isOffline ? [] : await examineConnections(workplace, contents)),
		];
		return found.map(each => ({...each, text: workplace.redactor.redact(each.text)}));
	} finally {
		workplace.close();
	}
}
