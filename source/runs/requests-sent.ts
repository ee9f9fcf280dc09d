import {sumOfRequests} from './requests-text.ts';
import type {RunState} from './run-state-types.ts';

/** HTTP requests that a run has sent, as far as it has told: exact once it is over, a second old at most before. */
export function requestsSent(state: RunState): number {
	if (state.finishedAt !== undefined) {
		return state.requests;
	}

	const told = state.accounts.flatMap(({quotas}) => Object.values(quotas).map(({sent}) => sent ?? 0));
	const sum = told.reduce((all, sent) => all + sent, 0);
	// Old journals tell it of finished repositories and in forecasts alone.
	return Math.max(sum, state.requests, sumOfRequests(state.forecast?.sent ?? {}));
}

/** Requests that all accounts started in the last minute. */
export function requestsPerMinute({accounts}: RunState): number {
	return accounts
		.flatMap(({quotas}) => Object.values(quotas).map(({perMinute}) => perMinute))
		.reduce((sum, rate) => sum + rate, 0);
}
