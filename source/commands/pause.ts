import {Command} from 'commander';
import {findRun, pauseRun, resumeRun} from '../actions/runs.ts';
import type {Shell} from './shell.ts';
import {withWorkplace} from './with-workplace.ts';

const whichRun = 'id of a run, or a plan (default: the run that goes on)';

export function pauseCommand(shell: Shell): Command {
	return new Command('pause')
		.description('pause a run that goes on, in whichever process: what is under way ends, nothing new begins')
		.argument('[run]', whichRun)
		.action(async (name: string | undefined) => {
			await withWorkplace(shell, async workplace => {
				const {run} = await findRun(workplace, name);
				const isNew = await pauseRun(workplace, run);
				shell.line(
					isNew
						? `${run} pauses: what is under way ends, nothing new begins. Let it go on with: bucket-brigade resume ${run}`
						: `${run} is paused already. Let it go on with: bucket-brigade resume ${run}`,
				);
				return 0;
			});
		});
}

export function resumeCommand(shell: Shell): Command {
	return new Command('resume')
		.description('let a paused run go on')
		.argument('[run]', whichRun)
		.action(async (name: string | undefined) => {
			await withWorkplace(shell, async workplace => {
				const {run} = await findRun(workplace, name);
				const wasPaused = await resumeRun(workplace, run);
				shell.line(wasPaused ? `${run} goes on.` : `${run} was not paused.`);
				return 0;
			});
		});
}
