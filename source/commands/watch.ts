import {Command} from 'commander';
import {findRun, followRun} from '../actions/runs.ts';
import type {RunState} from '../runs/run-state-types.ts';
import {printRun} from './print-run.ts';
import type {Shell} from './shell.ts';
import {listenForStop} from './signals.ts';
import {withWorkplace} from './with-workplace.ts';

const exitCodes: Readonly<Record<RunState['status'], number>> = {
	starting: 1,
	running: 1,
	succeeded: 0,
	partial: 3,
	failed: 1,
	cancelled: 130,
	interrupted: 1,
};

export function watchCommand(shell: Shell): Command {
	return new Command('watch')
		.description(
			'follow a run from its beginning to its end; ends with its exit code, Ctrl-C leaves it running',
		)
		.argument('[run]', 'id of a run, or a plan (default: the newest run)')
		.option('--json', 'print the journal: one event a line')
		.action(async (name: string | undefined, {json}: {json?: boolean}) => {
			await withWorkplace(shell, async workplace => {
				const {run} = await findRun(workplace, name);
				const stop = listenForStop();
				try {
					const signal = AbortSignal.any([stop.signal, shell.outputClosed]);
					const state = await printRun(shell, run, followRun(workplace, run, signal), json ?? false);
					if (signal.aborted) {
						return shell.outputClosed.aborted ? 0 : 130;
					}

					if (state.finishedAt === undefined) {
						shell.note(
							`The run ${run} was interrupted: its process is gone. Run the plan again, it goes on from there.`,
						);
					}

					return exitCodes[state.status];
				} finally {
					stop.release();
				}
			});
		});
}
