import {type Resource, resources} from '../model/quota-limit.ts';
import type {RunAccount, RunState} from './run-state-types.ts';

/** Why a run that is not at its end begins nothing new, or nothing of one kind. */
export type RunHold =
	| {readonly kind: 'paused'; readonly since: string}
	/** Bitbucket gives no usable answer. */
	| {readonly kind: 'outage'; readonly since: string}
	/** No account may send to the resource now. */
	| {
			readonly kind: 'quota';
			readonly resource: Resource;
			/** ISO-8601 time at which the first of them may again; undefined where that is not known. */
			readonly until: string | undefined;
	  };

/** What a person did goes before what happened to the run; what stops all of it before what stops a part. */
export function runHold(state: RunState): RunHold | undefined {
	const {status, pausedSince, outageSince} = state;
	if (status !== 'starting' && status !== 'running') {
		return undefined;
	}

	if (pausedSince !== undefined) {
		return {kind: 'paused', since: pausedSince};
	}

	if (outageSince !== undefined) {
		return {kind: 'outage', since: outageSince};
	}

	const living = state.accounts.filter(({failed}) => failed === undefined);
	const resource = resources.find(
		one => living.length > 0 && living.every(account => isUsedUp(account, one)),
	);
	return resource === undefined
		? undefined
		: {kind: 'quota', resource, until: soonest(living.map(account => opensAt(account, resource)))};
}

/** An account that a resource was not asked of yet has all of its quota. */
function isUsedUp({quotas}: RunAccount, resource: Resource): boolean {
	const quota = quotas[resource];
	return quota !== undefined && (quota.remaining <= 0 || quota.frozenUntil !== null);
}

function opensAt({quotas}: RunAccount, resource: Resource): string | undefined {
	const quota = quotas[resource];
	return quota?.frozenUntil ?? quota?.resets ?? undefined;
}

function soonest(moments: ReadonlyArray<string | undefined>): string | undefined {
	return moments.filter(moment => moment !== undefined).sort()[0];
}
