import * as z from 'zod';
import {elementsIn} from './list-file.ts';
import type {PullRequest} from './pull-request-list.ts';

/**
What the number of tasks tells that the list gives with each pull request. Bitbucket's description says that it counts the open
ones: then one that is said to have none may have had many, and all of them are done. Whether it is so shows where some are
done and some are not, or where there are tasks in spite of it.
*/
export type TaskCounter = {
	/** Whether a pull request that is said to have no tasks has to be asked all the same. */
	readonly mayHideSome: (pullRequest: PullRequest) => boolean;
	/** @param tasks The file of its tasks. */
	readonly learn: (pullRequest: PullRequest, tasks: Buffer) => void;
};

/** After so many closed pull requests that really had none, those of this repository are believed to have none. */
const askedInVainAtMost = 10;

const closedStates: ReadonlySet<string | undefined> = new Set(['MERGED', 'DECLINED', 'SUPERSEDED']);

const TaskSchema = z.looseObject({state: z.string()});

/** Of one repository, for the time of a backup. */
export function createTaskCounter(): TaskCounter {
	let counts: 'open' | 'all' | 'unknown' = 'unknown';
	let askedInVain = 0;
	return {
		mayHideSome: ({state}) => {
			if (counts !== 'unknown') {
				return counts === 'open';
			}

			// An open one is asked when it is closed: that is news of it.
			return closedStates.has(state) && askedInVain < askedInVainAtMost;
		},
		learn: ({tasks: said}, file) => {
			const tasks = elementsIn(file);
			const done = tasks.filter(({value}) => TaskSchema.safeParse(value).data?.state === 'RESOLVED').length;
			if (said === 0 && tasks.length > 0) {
				counts = 'open';
			} else if (said === 0) {
				askedInVain += 1;
			} else if (done > 0 && counts === 'unknown') {
				counts = tasks.length === said ? 'all' : tasks.length - done === said ? 'open' : 'unknown';
			}
		},
	};
}
