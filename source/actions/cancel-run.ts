import {UserError} from '../system/user-error.ts';
import {runningProcess} from './plan-lock.ts';
import type {Workplace} from './workplace.ts';

/**
Asks the process of a run to cancel it. Its journal tells when it has.

The process is the one that holds the plan's lock, so that a process id given to a stranger since then is never signalled.

@throws UserError where the run is not running.
*/
export async function cancelRun(workplace: Workplace, run: string): Promise<void> {
	const pid = runningProcess(workplace.home, run);
	if (pid === undefined) {
		throw new UserError(`The run ${run} is not running.`);
	}

	process.kill(pid, 'SIGTERM');
}
