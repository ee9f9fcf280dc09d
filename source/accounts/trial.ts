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
			(trial.through === undefined || trial.through === account.id),
	);
	const left = able.filter(({id}) => !trial.refusedBy.has(id));
	const willing = left.filter(({id}) => reach.denial(id, trial.operation, repository) === undefined);
	// What earlier runs learned must not keep a request from being made at all.
	const last =
		willing.length > 0 ? willing : left.filter(({id}) => reach.reconsider(id, trial.operation, repository));
	if (last.length === 0) {
		throw nobodyMay(trial, able, reach);
	}

	return only === 'workspace' ? last.slice(0, 1) : preferred(last, repository);
}

/** While it is being found out which repositories a token sees, others are asked for a repository where there are any. */
function preferred(accounts: readonly Account[], repository: string | undefined): readonly Account[] {
	const known = repository === undefined ? accounts : accounts.filter(account => !account.isFindingReach());
	return known.length > 0 ? known : accounts;
}

/** Takes note of a refusal; of one for a scope at once, so that nobody else asks the same account for the same. */
export function noteRefusal(trial: Trial, account: string, refusal: RequestFailed, reach: Reach): void {
	trial.refusedBy.set(account, refusal);
	const {missingScopes} = refusal;
	if (missingScopes.length > 0) {
		reach.denyOperation(account, trial.operation, trial.request.repository, {missingScopes});
	}
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

/**
Why nobody got it. That a scope is missing is said only where it is missing to everybody who reaches the repository: then it is
the same in all repositories, whoever was asked last.
*/
function nobodyMay(trial: Trial, able: readonly Account[], reach: Reach): RequestFailed {
	const {repository} = trial.request;
	const refusals = [...trial.refusedBy.values()];
	const last = refusals.at(-1);
	if (last !== undefined && refusals.every(({reason}) => reason !== 'forbidden')) {
		return last;
	}

	const denials = able.flatMap(
		({id}) => trial.refusedBy.get(id) ?? reach.denial(id, trial.operation, repository) ?? [],
	);
	const ofOperation = denials.filter(denial => !('isOfRepository' in denial && denial.isOfRepository));
	const isScope = ofOperation.length > 0 && ofOperation.every(({missingScopes}) => missingScopes.length > 0);
	const missingScopes = isScope ? ofOperation.flatMap(denial => denial.missingScopes) : [];
	const message = last?.message ?? `None of the accounts in use may read ${trial.operation}.`;
	return new RequestFailed(message, {
		reason: 'forbidden',
		status: 403,
		url: withoutQuery(trial.url),
		missingScopes: [...new Set(missingScopes)],
	});
}
