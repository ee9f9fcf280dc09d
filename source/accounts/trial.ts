import {absoluteUrl, isBelowApi, withoutQuery} from '../bitbucket/addresses.ts';
import {RequestFailed} from '../bitbucket/failures.ts';
import {operationOf} from '../bitbucket/resource-of.ts';
import type {Account} from './account.ts';
import type {PoolRequest} from './pool-types.ts';
import type {Reach} from './reach.ts';

/** One request while it is being tried: where it leads now, who refused it, how often it failed on the way. */
export type Trial = {
	readonly request: PoolRequest;
	/** The request's address without names and ids, for what is learned from it. */
	readonly operation: string;
	readonly refusedBy: Map<string, RequestFailed>;
	/** Id of the one account that it is about. */
	readonly through?: string | undefined;
	url: string;
	redirects: number;
	failures: number;
};

export function startTrial(apiUrl: string, request: PoolRequest, through?: string): Trial {
	const url = absoluteUrl(apiUrl, request.url);
	if (!isBelowApi(apiUrl, url)) {
		throw strangerLink(url);
	}

	return {
		request,
		through,
		operation: operationOf(url),
		refusedBy: new Map(),
		url,
		redirects: 0,
		failures: 0,
	};
}

/** The fetching of a repository by git, as a trial; it shares what is known of who reaches what. */
export function startGitTrial(cloneUrl: string, repository: string, only: 'users' | undefined): Trial {
	const request = {url: cloneUrl, repository, ...(only === undefined ? {} : {only})};
	return {request, operation: 'git', refusedBy: new Map(), url: cloneUrl, redirects: 0, failures: 0};
}

/**
The accounts through which a request may be tried now.

@throws RequestFailed: `no-account` when all failed, else the last refusal.
*/
export function eligibleAccounts(
	trial: Trial,
	accounts: readonly Account[],
	reach: Reach,
): readonly Account[] {
	const {only, repository} = trial.request;
	const living = accounts.filter(account => !account.hasFailed());
	if (living.length === 0) {
		throw noAccountLeft(trial.url, accounts);
	}

	const able = living.filter(
		account =>
			(only === 'users' ? account.isUser : true) &&
			(only === 'workspace' ? account.seesWorkspace : true) &&
			(trial.through === undefined || trial.through === account.id) &&
			!trial.refusedBy.has(account.id),
	);
	const isWilling = ({id}: Account): boolean => reach.denial(id, trial.operation, repository) === undefined;
	const willing = able.filter(isWilling);
	// What earlier runs learned must not keep a request from being made at all.
	const last =
		willing.length > 0 ? willing : able.filter(({id}) => reach.reconsider(id, trial.operation, repository));
	if (last.length === 0) {
		throw [...trial.refusedBy.values()].at(-1) ?? nobodyMay(trial, living, reach);
	}

	return only === 'workspace' ? last.slice(0, 1) : preferred(last, repository);
}

/** While it is being found out which repositories a token sees, others are asked for a repository where there are any. */
function preferred(accounts: readonly Account[], repository: string | undefined): readonly Account[] {
	const known = repository === undefined ? accounts : accounts.filter(account => !account.isFindingReach());
	return known.length > 0 ? known : accounts;
}

/** Takes note of who refused, once the trial is over: who was refused what another got, or what a scope would open. */
export function rememberRefusals(trial: Trial, reach: Reach, hasSucceeded: boolean): void {
	const {repository} = trial.request;
	for (const [account, {reason, missingScopes}] of trial.refusedBy) {
		if (reason === 'forbidden') {
			reach.denyOperation(account, trial.operation, repository, {missingScopes});
		} else if (hasSucceeded && repository !== undefined) {
			reach.denyRepository(account, repository);
		}
	}
}

export function noAccountLeft(url: string, accounts: readonly Account[]): RequestFailed {
	const reasons = accounts.map(account => `${account.label}: ${account.state().failed?.reason ?? 'in use'}`);
	return new RequestFailed(`No account is left that can ask Bitbucket (${reasons.join('; ')}).`, {
		reason: 'no-account',
		status: null,
		url: withoutQuery(url),
	});
}

export function strangerLink(url: string): RequestFailed {
	return new RequestFailed(
		`A link leads away from the organization's API, to ${withoutQuery(url)}; it is not followed.`,
		{reason: 'malformed', status: null, url: withoutQuery(url)},
	);
}

function nobodyMay(trial: Trial, living: readonly Account[], reach: Reach): RequestFailed {
	const {repository} = trial.request;
	const missingScopes = living.flatMap(
		account => reach.denial(account.id, trial.operation, repository)?.missingScopes ?? [],
	);
	return new RequestFailed(`None of the accounts in use may read ${trial.operation}.`, {
		reason: 'forbidden',
		status: 403,
		url: withoutQuery(trial.url),
		missingScopes: [...new Set(missingScopes)],
	});
}
