import type {RunState} from '../../../runs/run-state-types.ts';

/** Before so many repositories are finished nothing can be said of the others. */
const leastFinished = 2;

/**
When a run will end, in epoch milliseconds, if the repositories that are left take as long as those before.

@returns undefined while too little is known.
*/
export function estimateEnd(state: RunState, now: number): number | undefined {
	const {backedUp, unchanged, partial, failed} = state.counts;
	const finished = backedUp + unchanged + partial + failed;
	if (state.startedAt === undefined || finished < leastFinished || state.total <= finished) {
		return undefined;
	}

	const each = (now - Date.parse(state.startedAt)) / finished;
	return now + each * (state.total - finished);
}
