import type {Clock} from '../../system/clock.ts';

/** How much of a run's time goes into verification. */
export type VerifyBudget = {
	/** Does a verification, unless so much was done already that the rest has to wait for a later run; then undefined. */
	readonly spend: <Result>(work: () => Promise<Result>) => Promise<Result | undefined>;
};

/** Verifications of all mirrors, added up: this much in any run, and this part of the time that it takes otherwise. */
const freeMilliseconds = 15 * 60_000;
const share = 0.25;

/**
One that is begun is brought to its end, however large the mirror is: it comes once in a cycle. What has to wait stays due, so
that after a pause, or where a plan's cycle is made shorter, runs catch up by and by.

@param clock Read when the run begins.
*/
export function createVerifyBudget(clock: Pick<Clock, 'elapsed'>): VerifyBudget {
	const begun = clock.elapsed();
	const underWay = new Set<{readonly since: number}>();
	let spent = 0;
	return {
		spend: async work => {
			const now = clock.elapsed();
			const going = [...underWay].reduce((sum, {since}) => sum + now - since, 0);
			if (spent + going > freeMilliseconds + share * (now - begun)) {
				return undefined;
			}

			const mine = {since: now};
			underWay.add(mine);
			try {
				return await work();
			} finally {
				underWay.delete(mine);
				spent += clock.elapsed() - mine.since;
			}
		},
	};
}
