import type {Requests} from '../accounts/demand.ts';

/** What the runs of a plan took of one repository: requests by resource, of the last run of each sort. */
export type RepositoryCosts = {
	/** ISO-8601 time of the last run that is in here. */
	readonly at: string;
	/** Nothing of it was there before. */
	readonly first?: Requests;
	/** It had changed since the last run. */
	readonly changed?: Requests;
	readonly unchanged?: Requests;
	/** It was its turn: all that is read in turns was read, changed or not. */
	readonly turn?: Requests;
	/** It was its turn for a full pass: everything was read and compared. */
	readonly fullPass?: Requests;
	/** How often it had changed when a run came, from 0 to 1; the last runs count most. */
	readonly changedShare?: number;
};

export type LearnedRun = {
	readonly at: string;
	readonly requests: Requests;
	readonly isFirst: boolean;
	readonly isTurn: boolean;
	readonly isFullPass: boolean;
	readonly hasChanged: boolean;
};

/** What one run weighs in the share of runs that found a change. */
const newestWeight = 0.3;

/** Before anything is known a repository is as likely to have changed as not. */
export const unknownShare = 0.5;

/** The costs of a repository after one more run. */
export function learnCosts(before: RepositoryCosts | undefined, run: LearnedRun): RepositoryCosts {
	const {at, requests, isFirst, isTurn, isFullPass, hasChanged} = run;
	if (isFirst) {
		return {...before, at, first: requests};
	}

	const share = before?.changedShare ?? unknownShare;
	return {
		...before,
		at,
		changedShare: share + newestWeight * ((hasChanged ? 1 : 0) - share),
		...(isFullPass
			? {fullPass: requests}
			: isTurn
				? {turn: requests}
				: hasChanged
					? {changed: requests}
					: {unchanged: requests}),
	};
}
