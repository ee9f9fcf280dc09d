import {Command} from 'commander';
import {failureSentence} from '../actions/failure-sentence.ts';
import {programCommand} from '../actions/program.ts';
import {nextStartOf} from '../actions/schedule/schedule-state.ts';
import {serviceUnit} from '../actions/schedule/service-unit.ts';
import {type DueStart, startDueRuns} from '../actions/schedule/start-due-runs.ts';
import type {Workplace} from '../actions/workplace.ts';
import {sanitize} from '../system/sanitize.ts';
import {localMinute} from './plan-texts.ts';
import type {Shell} from './shell.ts';
import {listenForStop} from './signals.ts';
import {withWorkplace} from './with-workplace.ts';

const details = `
It looks once a minute, and starts what is due in a process of its own, as run --detach does. A start that was missed, because
the machine was off, is made up for once. Ending the scheduler ends no run.

With systemd, for a user:

  bucket-brigade scheduler unit > ~/.config/systemd/user/bucket-brigade.service
  systemctl --user daemon-reload
  systemctl --user enable --now bucket-brigade
  loginctl enable-linger

Or with cron, which then looks itself:

  * * * * * bucket-brigade scheduler --once`;

const minute = 60_000;

export function schedulerCommand(shell: Shell): Command {
	const command = new Command('scheduler')
		.description('start plans when their schedules say so, until it is ended')
		.option('--once', 'start what is due now, and end (exit code 3: something due was not started)')
		.addHelpText('after', details)
		.action(async ({once}: {readonly once?: boolean}) => {
			await withWorkplace(shell, async workplace => {
				if (once) {
					return lookOnce(shell, workplace);
				}

				if (await workplace.isLocked()) {
					// The passphrase is asked for while somebody is there, and not at two in the morning.
					await workplace.vault();
				}

				return lookForEver(shell, workplace);
			});
		});

	command
		.command('unit')
		.description('print a unit with which systemd keeps the scheduler running')
		.action(() => {
			serviceUnit(programCommand(), shell.environment).forEach(shell.line);
		});

	return command;
}

async function lookOnce(shell: Shell, workplace: Workplace): Promise<number> {
	const starts = await startDueRuns(workplace);
	tell(shell, starts);
	return starts.some(start => 'problem' in start) ? 3 : 0;
}

/** What fails is told, and looked at again a minute later: a full disk is not full for ever. */
async function lookForEver(shell: Shell, workplace: Workplace): Promise<number> {
	const stop = listenForStop();
	const {clock} = workplace;
	let lastProblem: string | undefined;
	try {
		await tellPlans(shell, workplace);
		while (!stop.signal.aborted) {
			try {
				tell(shell, await startDueRuns(workplace));
				lastProblem = undefined;
			} catch (error) {
				const problem = failureSentence(error, workplace.redactor);
				if (problem !== lastProblem) {
					shell.note(problem);
				}

				lastProblem = problem;
			}

			await clock.wait(minute - (clock.now() % minute), stop.signal).catch(() => undefined);
		}

		return 0;
	} finally {
		stop.release();
	}
}

async function tellPlans(shell: Shell, {store, clock}: Workplace): Promise<void> {
	const {plans} = await store.read();
	const scheduled = plans.filter(({schedule}) => schedule !== undefined);
	if (scheduled.length === 0) {
		shell.line(
			'No plan has a schedule yet. Give it one with: bucket-brigade plan edit PLAN --schedule "0 2 * * *"',
		);
	}

	for (const plan of scheduled) {
		const next = nextStartOf(plan, clock.now());
		if (next === undefined) {
			shell.note(
				sanitize(`The schedule of ${plan.name} cannot be read: "${plan.schedule}". Nothing starts it.`),
			);
		} else {
			shell.line(`${plan.name}: next ${localMinute(next)}`);
		}
	}
}

function tell(shell: Shell, starts: readonly DueStart[]): void {
	for (const start of starts) {
		const due = `due ${localMinute(new Date(start.dueAt).toISOString())}`;
		if ('run' in start) {
			shell.line(`${start.plan}, ${due}: started ${start.run}`);
		} else {
			shell.note(`${start.plan}, ${due}, was not started: ${start.problem}`);
		}
	}
}
