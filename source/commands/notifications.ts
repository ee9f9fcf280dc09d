import {Command, InvalidArgumentError, Option} from 'commander';
import {whenText} from '../actions/notifications/notification-texts.ts';
import {
	forgetNotifications,
	type Notifications,
	type NotifyWhen,
	setNotifications,
	showNotifications,
	testNotifications,
} from '../actions/notifications/notifications.ts';
import {NotifyWhenSchema, notifyWhens} from '../model/notifications.ts';
import {joinWords} from '../system/command-words.ts';
import {sanitize} from '../system/sanitize.ts';
import type {Shell} from './shell.ts';
import {withWorkplace} from './with-workplace.ts';

const details = `
The command is given a few plain lines on its standard input, the first one as a subject, and BUCKET_BRIGADE_RUN, _PLAN and
_STATUS (succeeded, partial, failed, cancelled; or test) in its environment. No shell reads it, unless it is sh -c 'LINE'. After
60 seconds it is ended. What it fails with is told, and changes no exit code. It stands in store.json and in the list of
processes: put no secret into it.

  bucket-brigade notifications set -- mail -s 'Backup of Bitbucket' admin@acme.example
  bucket-brigade notifications set --when always -- sh -c 'curl -sS --data-binary @- https://ntfy.sh/our-backups'`;

export function notificationsCommand(shell: Shell): Command {
	const command = new Command('notifications').description(
		'have a command run at the end of runs, so that somebody is told who does not watch',
	);

	command
		.command('show')
		.description('after which runs somebody is told, and with which command')
		.option('--json', 'print JSON (null: nobody is told)')
		.action(async ({json}: {json?: boolean}) => {
			await withWorkplace(shell, async workplace => {
				const notifications = await showNotifications(workplace);
				if (json) {
					shell.json(notifications ?? null);
				} else {
					notificationLines(notifications).map(sanitize).forEach(shell.line);
				}

				return 0;
			});
		});

	command
		.command('set')
		.description('run this command at the end of runs, in the place of the one before')
		.addOption(
			new Option(
				'--when <when>',
				'problems: after runs that are partial, failed, cancelled or were throttled, and where a credential expires soon; always: after every run',
			)
				.argParser(parseWhen)
				.default('problems'),
		)
		.argument('<command...>', 'the program and its arguments, after --')
		.addHelpText('after', details)
		.action(async (words: readonly string[], {when}: {when: NotifyWhen}) => {
			await withWorkplace(shell, async workplace => {
				const notifications = await setNotifications(workplace, {when, command: words});
				notificationLines(notifications).map(sanitize).forEach(shell.line);
				shell.line('Try it with: bucket-brigade notifications test');
				return 0;
			});
		});

	command
		.command('test')
		.description('run the command as a run would at its end, and say what came of it')
		.action(async () => {
			await withWorkplace(shell, async workplace => {
				const {output, problem} = await testNotifications(workplace);
				if (problem !== undefined) {
					shell.note(problem);
					return 1;
				}

				shell.line(`The command was run, and ended well${output === '' ? '' : `: ${output}`}`);
				return 0;
			});
		});

	command
		.command('off')
		.description('tell nobody any more')
		.action(async () => {
			await withWorkplace(shell, async workplace => {
				const wasThere = await forgetNotifications(workplace);
				shell.line(wasThere ? 'Nobody is told of runs any more.' : 'Nobody was told of runs.');
				return 0;
			});
		});

	return command;
}

function parseWhen(text: string): NotifyWhen {
	const when = NotifyWhenSchema.safeParse(text);
	if (!when.success) {
		throw new InvalidArgumentError(`Expected one of ${notifyWhens.join(', ')}.`);
	}

	return when.data;
}

function notificationLines(notifications: Notifications | undefined): readonly string[] {
	return notifications === undefined
		? [
				'Nobody is told of runs. Set a command with: bucket-brigade notifications set -- COMMAND (see its --help)',
			]
		: [`When     ${whenText(notifications.when)}`, `Command  ${joinWords(notifications.command)}`];
}
