import {Command, Option} from 'commander';
import {removeEmptyLog, startDetachedRun, startRun} from '../actions/runs.ts';
import type {Workplace} from '../actions/workplace.ts';
import {followJournal} from '../runs/follow-journal.ts';
import {UserError} from '../system/user-error.ts';
import {printRun} from './print-run.ts';
import {readText, type Shell} from './shell.ts';
import {listenForStop} from './signals.ts';
import {withWorkplace} from './with-workplace.ts';

type RunOptions = {
	readonly json?: boolean;
	readonly dryRun?: boolean;
	readonly fromStart?: boolean;
	readonly detach?: boolean;
	readonly runId?: string;
	readonly keyOnInput?: boolean;
};

/** A key is one short line. */
const mostKeyBytes = 4096;

export function runCommand(shell: Shell): Command {
	return new Command('run')
		.description('run a plan (exit code 3: finished, but something is missing; 130: cancelled)')
		.argument('<plan>')
		.option('--json', 'print the journal: one event a line')
		.option('--dry-run', 'say what would be backed up, and write nothing')
		.option('--from-start', 'also what a run that broke off within the last hour has finished')
		.option('--detach', 'run in the background, and return at once')
		.addOption(new Option('--run-id <id>', 'run in the background under this id').hideHelp())
		.addOption(new Option('--key-on-input', 'the key of the vault comes on standard input').hideHelp())
		.action(async (plan: string, options: RunOptions) => {
			const handedKey = options.keyOnInput ? await readText(shell.input, mostKeyBytes) : undefined;
			const execute = async (workplace: Workplace): Promise<number> => {
				if (options.detach) {
					if (options.fromStart) {
						throw new UserError('A run in the background cannot be told to begin --from-start.', {
							exitCode: 2,
						});
					}

					return detach(shell, workplace, plan, options);
				}

				return options.runId === undefined
					? runInForeground(shell, workplace, plan, options)
					: runInBackground(shell, workplace, plan, options.runId);
			};

			await withWorkplace(shell, execute, {handedKey});
		});
}

async function detach(shell: Shell, workplace: Workplace, plan: string, {json}: RunOptions): Promise<number> {
	const started = await startDetachedRun(workplace, plan);
	if (json) {
		shell.json(started);
	} else {
		shell.line(`Started ${started.run}. Watch it with: bucket-brigade watch ${started.run}`);
	}

	return 0;
}

export async function runInForeground(
	shell: Shell,
	workplace: Workplace,
	plan: string,
	options: RunOptions,
): Promise<number> {
	const stop = listenForStop();
	let printed: Promise<unknown> = Promise.resolve();
	let isRunning = true;
	try {
		const finished = await startRun(workplace, plan, {
			dryRun: options.dryRun,
			fromStart: options.fromStart,
			signal: stop.signal,
			onUntold: shell.note,
			onStart: ({run, journal}) => {
				// A journal that could not be written to its end is not waited for.
				const events = followJournal(journal, {isAlive: () => isRunning});
				printed = printRun(shell, run, events, options.json ?? false);
			},
		}).finally(() => {
			isRunning = false;
		});
		await printed;
		if (finished.problem !== undefined) {
			shell.note(finished.problem);
		}

		return finished.exitCode;
	} finally {
		stop.release();
	}
}

/** What `--detach` starts: it has no one to speak to but the journal, and a file for what is no part of the run. */
async function runInBackground(
	shell: Shell,
	workplace: Workplace,
	plan: string,
	run: string,
): Promise<number> {
	const stop = listenForStop();
	try {
		const {exitCode} = await startRun(workplace, plan, {
			run,
			signal: stop.signal,
			onUntold: shell.note,
		});
		// Not where it threw: what is then said is still to be written there.
		await removeEmptyLog(workplace, run);
		return exitCode;
	} finally {
		stop.release();
	}
}
