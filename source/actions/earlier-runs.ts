import type {EarlierRuns} from '../backup/runner.ts';
import {listRuns} from '../runs/run-list.ts';
import type {Workplace} from './workplace.ts';

/** So many of the last runs are looked at; what a plan takes changes as its workspace does. */
const newestRuns = 10;
const newestBelieved = 5;

export type LastRuns = EarlierRuns & {
	/** ISO-8601: when the last run began that came to its own end. */
	readonly lastBegunAt?: string;
};

/** What the last runs of a plan measured, from their journals. */
export async function findEarlierRuns({home}: Pick<Workplace, 'home'>, plan: string): Promise<LastRuns> {
	const runs = await listRuns(home.runs, {plan, newest: newestRuns, isAlive: () => false});
	const complete = runs.filter(({status}) => status === 'succeeded' || status === 'partial');
	const [last] = complete;
	return {
		paces: runs.flatMap(({pace}) => pace ?? []).slice(0, newestBelieved),
		beside: complete.flatMap(({beside}) => beside ?? []).slice(0, newestBelieved),
		...(last === undefined ? {} : {lastBegunAt: last.startedAt}),
	};
}
