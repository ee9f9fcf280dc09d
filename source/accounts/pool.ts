import {isBelowApi} from '../bitbucket/addresses.ts';
import {errorMessage} from '../bitbucket/error-message.ts';
import type {FailureReason, RequestFailed} from '../bitbucket/failures.ts';
import type {HttpClient} from '../bitbucket/http-client.ts';
import {type Outcome, outcomeOf} from '../bitbucket/outcome.ts';
import {resourceOf} from '../bitbucket/resource-of.ts';
import type {Clock} from '../system/clock.ts';
import type {Account} from './account.ts';
import {attemptsPerRequest, retryMilliseconds} from './backoff.ts';
import {createDownload} from './download.ts';
import {findReach} from './find-reach.ts';
import {createFirstRequests, tellsOfLeave} from './first-requests.ts';
import type {Ledger} from './ledger.ts';
import type {Outage} from './outage.ts';
import {readListPages, readPages} from './pages.ts';
import type {AccountPool, PoolAnswer, PoolRequest} from './pool-types.ts';
import {createReach} from './reach.ts';
import type {ReachMemory} from './reach-memory.ts';
import type {RequestCounts} from './request-counts.ts';
import {answerFailure, connectionFailure} from './request-failures.ts';
import type {SignInGuard} from './sign-in-guard.ts';
import {type Delivery, DeliveryFailed, type Errand, type Transport} from './transport.ts';
import {
	eligibleAccounts,
	noteRefusal,
	rememberRefusals,
	startTrial,
	strangerLink,
	type Trial,
} from './trial.ts';
import {createWithGit} from './with-git.ts';

/** Most bytes of an answer that is held in memory. Pages of 100 elements are some hundred kilobytes. */
const maximumBodyBytes = 64 * 1024 * 1024;

/** Most redirects of one request; Bitbucket needs one (a pull request's patch). */
const maximumRedirects = 5;

export type PoolParts = {
	/** The primary credential's account first. */
	readonly accounts: readonly Account[];
	readonly apiUrl: string;
	readonly gitUrl: string;
	readonly workspace: string;
	readonly http: HttpClient;
	readonly transport: Transport;
	readonly guard: SignInGuard;
	readonly ledger: Ledger;
	readonly counts: RequestCounts;
	readonly outage: Outage;
	readonly memory: ReachMemory;
	readonly clock: Clock;
	/** From 0 to 1. */
	readonly random: () => number;
	readonly signal: AbortSignal;
	readonly onClose: () => void;
};

/** The account pool over its parts: tries each request until it is answered, or until nothing more can be tried. */
export function createPool(parts: PoolParts): AccountPool {
	const {accounts, apiUrl, transport, guard, ledger, counts, outage, memory, clock, random, signal} = parts;
	const reach = createReach(memory);
	const firstRequests = createFirstRequests();

	/** Waits before a request that failed at Bitbucket, or on the way there, is sent again. */
	const waitAfter = async (trial: Trial, failure: RequestFailed): Promise<void> => {
		outage.failed(trial.url);
		if (!outage.isDown()) {
			await tryAgainLater(trial, failure);
		}
	};

	/** @throws the failure when that was tried enough. */
	const tryAgainLater = async (trial: Trial, failure: RequestFailed): Promise<void> => {
		trial.failures += 1;
		if (trial.failures >= attemptsPerRequest) {
			throw failure;
		}

		await clock.wait(retryMilliseconds(trial.failures - 1, random()), signal);
	};

	const followRedirect = (trial: Trial, location: string): void => {
		const target = new URL(location, trial.url).href;
		trial.redirects += 1;
		if (!isBelowApi(apiUrl, target) || trial.redirects > maximumRedirects) {
			throw strangerLink(target);
		}

		trial.url = target;
	};

	/** Acts on an answer. Returns true when it is what was asked for; throws when nothing more can be tried. */
	const judge = async (trial: Trial, delivery: Delivery, outcome: Outcome): Promise<boolean> => {
		const {account, session, answer, proof} = delivery;
		const {repository} = trial.request;
		const failure = (reason: FailureReason): RequestFailed => answerFailure(trial.url, answer, reason);
		if (outcome.kind !== 'server' && outcome.kind !== 'malformed') {
			outage.worked();
		}

		if (tellsOfLeave(outcome)) {
			firstRequests.told(account.id, trial.operation);
		}

		switch (outcome.kind) {
			case 'ok':
				reach.confirm(account.id, repository);
				return true;
			case 'redirect':
				followRedirect(trial, outcome.location);
				return false;
			case 'rate-limited':
				return false;
			case 'unauthorized':
				if ((await guard.refused(account, session, {proof, said: errorMessage(answer.body)})) === 'let-in') {
					trial.refusedBy.set(account.id, failure('forbidden'));
				}

				return false;
			case 'forbidden':
				noteRefusal(trial, account.id, failure('forbidden'), reach);
				return false;
			case 'not-found':
				// Who has read something of the repository before is believed; else one more account is asked.
				if (
					repository === undefined ||
					reach.isConfirmed(account.id, repository) ||
					[...trial.refusedBy.values()].some(refusal => refusal.reason === 'not-found')
				) {
					throw failure('not-found');
				}

				trial.refusedBy.set(account.id, failure('not-found'));
				return false;
			case 'server':
			case 'malformed':
				await waitAfter(trial, failure(outcome.kind));
				return false;
			case 'gone':
			case 'bad-request':
				throw failure(outcome.kind);
		}
	};

	const handleDeliveryFailure = async (trial: Trial, error: unknown): Promise<void> => {
		if (!(error instanceof DeliveryFailed)) {
			throw error;
		}

		const problem = connectionFailure(trial.url, error.cause);
		const session = error.account.session();
		if (problem.reason === 'unauthorized' && session !== undefined) {
			// An OAuth consumer that gets no access token.
			guard.drop(error.account, session, problem.message, problem.status);
		} else if (problem.reason === 'too-large') {
			throw problem;
		} else {
			await waitAfter(trial, problem);
		}
	};

	/** Sends until `finish` takes an answer. */
	const attempt = async <Result>(
		trial: Trial,
		target: Errand['target'],
		finish: (delivery: Delivery) => Promise<Result | undefined>,
	): Promise<Result> => {
		try {
			for (;;) {
				let delivery: Delivery;
				const first = trial.request.firstAlone ? firstRequests.attempt(trial.operation) : undefined;
				const end = (): void => {
					if (first?.end()) {
						transport.wake();
					}
				};
				await outage.enter();
				try {
					delivery = await transport.send({
						url: trial.url,
						resource: trial.request.resource ?? resourceOf(trial.url),
						repository: trial.request.repository,
						accept: trial.request.accept,
						maximumBytes:
							trial.request.maximumBytes ??
							(target === undefined ? maximumBodyBytes : Number.POSITIVE_INFINITY),
						target,
						accounts: () => {
							const eligible = eligibleAccounts(trial, accounts, reach);
							return first === undefined
								? eligible
								: eligible.filter(({id}) => !firstRequests.isTrying(id, trial.operation));
						},
						...(first === undefined ? {} : {onChosen: ({id}) => first.chosen(id), onReleased: first.end}),
					});
				} catch (error) {
					end();
					await handleDeliveryFailure(trial, error);
					continue;
				}

				// What it tells of the account is noted before anything is waited for.
				const finishing = finish(delivery);
				end();
				const result = await finishing;
				if (result !== undefined) {
					rememberRefusals(trial, reach, true);
					return result;
				}
			}
		} catch (error) {
			rememberRefusals(trial, reach, false);
			throw error;
		}
	};

	const get = async (request: PoolRequest, through?: string): Promise<PoolAnswer> => {
		const trial = startTrial(apiUrl, request, through);
		const expected = request.accept === undefined ? 'json' : 'anything';
		return attempt(trial, undefined, async delivery => {
			const isTaken = await judge(trial, delivery, outcomeOf(delivery.answer, expected));
			return isTaken ? poolAnswer(delivery) : undefined;
		});
	};

	const download = createDownload({...parts, attempt, judge, tryAgainLater});

	const withGit = createWithGit({
		...parts,
		eligible: trial => eligibleAccounts(trial, accounts, reach),
		rememberSuccess: trial => rememberRefusals(trial, reach, true),
		waitAfter,
		handleDeliveryFailure,
	});

	for (const account of accounts.filter(({seesWorkspace}) => !seesWorkspace)) {
		const list = (url: string): AsyncIterable<unknown> =>
			readPages(async request => get(request, account.id), apiUrl, {url});
		findReach({account, workspace: parts.workspace, reach, memory, list}).catch(() => undefined);
	}

	return {
		get: async request => get(request),
		pages: request => readPages(get, apiUrl, request),
		listPages: request => readListPages(get, apiUrl, request),
		download,
		withGit,
		accounts: () => accounts.map((account: Account) => account.state()),
		supplies: resource =>
			accounts
				.filter(account => !account.hasFailed())
				.map(account => ({
					label: account.label,
					...ledger.supply(account.candidate(resource), resource),
				})),
		requestsOf: repository => counts.ofRepository(repository),
		totals: () =>
			accounts.map(account => ({account: account.id, label: account.label, ...counts.ofAccount(account.id)})),
		close: parts.onClose,
	};
}

function poolAnswer({account, answer}: Delivery): PoolAnswer {
	return {
		status: answer.status,
		headers: answer.headers,
		body: answer.body,
		json: () => JSON.parse(answer.body.toString('utf8')),
		account: account.id,
	};
}
