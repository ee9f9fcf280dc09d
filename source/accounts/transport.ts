import type {BodyTarget} from '../bitbucket/body-target.ts';
import type {HttpAnswer, HttpClient} from '../bitbucket/http-client.ts';
import {parseRetryAfter, toldLimit} from '../bitbucket/rate-limit-headers.ts';
import type {Resource} from '../model/quota-limit.ts';
import type {Account} from './account.ts';
import type {Ledger, LedgerEntry} from './ledger.ts';
import type {Pause} from './pause.ts';
import type {QuotaGate} from './quota-gate.ts';
import type {QuotaReporter} from './quota-reporter.ts';
import type {RequestCounts} from './request-counts.ts';
import type {Session} from './session.ts';

/** What is to be charged, and to whom it may be. */
export type Loan = {
	readonly resource: Resource;
	readonly requests: number;
	readonly repository: string | undefined;
	/** Who could send it, asked anew while it waits; throws when nobody is left. None means that it has to wait. */
	readonly accounts: () => readonly Account[];
	/** Told who sends it, in the same step in which that was asked last. */
	readonly onChosen?: (account: Account) => void;
	/** Told that the one who was chosen does not send it: another is chosen later. */
	readonly onReleased?: () => void;
};

/** A charged account at work. */
export type Lease = {readonly account: Account; readonly session: Session; readonly entry: LedgerEntry};

/** One HTTP request to send through whichever account has most headroom. */
export type Errand = Omit<Loan, 'requests'> & {
	readonly url: string;
	readonly accept: string | undefined;
	readonly maximumBytes: number;
	readonly target?: BodyTarget | undefined;
};

export type Delivery = Lease & {
	readonly answer: HttpAnswer;
	/** The Authorization header that it was sent with. */
	readonly proof: string;
};

/** A request that was charged but not answered; `cause` says what happened on the way. */
export class DeliveryFailed extends Error {
	readonly account: Account;

	constructor(account: Account, cause: unknown) {
		super('the request was not answered', {cause});
		this.name = 'DeliveryFailed';
		this.account = account;
	}
}

/** Charges, smooths, signs in, sends, settles and counts: exactly one HTTP request a call of `send`. */
export type Transport = {
	/** @throws DeliveryFailed; whatever `accounts` throws; the abort reason. */
	readonly send: (errand: Errand) => Promise<Delivery>;
	/** Charges an account for requests that somebody else sends (git), and settles when they are done. */
	readonly lend: <Result>(loan: Loan, use: (lease: Lease) => Promise<Result>) => Promise<Result>;
	/** Lets those that wait look again at who could send for them. */
	readonly wake: () => void;
	/** Says, before a lease ends, that it was answered 429. */
	readonly throttled: (lease: Lease, retryAfterMilliseconds?: number) => void;
};

export function createTransport(options: {
	readonly http: HttpClient;
	readonly ledger: Ledger;
	readonly gate: QuotaGate;
	readonly counts: RequestCounts;
	readonly reporter: QuotaReporter;
	/** From 0 to 1; decides jitter. */
	readonly random: () => number;
	readonly pause: Pick<Pause, 'isPaused'>;
	readonly signal: AbortSignal;
}): Transport {
	const {http, ledger, gate, counts, reporter, random, pause, signal} = options;

	const throttled: Transport['throttled'] = ({account, entry}, retryAfterMilliseconds) => {
		counts.throttled(account.id);
		ledger.throttled(entry, retryAfterMilliseconds, random());
	};

	/** Before the request is settled: what goes next must know of it. */
	const learn = (lease: Lease, answer: HttpAnswer): void => {
		const told = toldLimit(answer.headers);
		lease.account.learn(told.resource ?? lease.entry.resource, told);
		if (answer.status === 429) {
			throttled(lease, parseRetryAfter(answer.headers['retry-after']));
		} else {
			ledger.succeeded(lease.entry, told);
		}
	};

	/** Undefined where the account failed, or the run was paused, between the charge and its start: the charge is taken back. */
	const start = async (entry: LedgerEntry, loan: Loan): Promise<Lease | undefined> => {
		try {
			const account = loan.accounts().find(candidate => candidate.id === entry.account);
			if (account !== undefined) {
				loan.onChosen?.(account);
			}

			await account?.smooth();
			signal.throwIfAborted();
			const session = account?.session();
			if (account !== undefined && session !== undefined && !pause.isPaused()) {
				return {account, session, entry};
			}
		} catch (error) {
			ledger.refund(entry);
			gate.wake();
			throw error;
		}

		ledger.refund(entry);
		loan.onReleased?.();
		gate.wake();
		return undefined;
	};

	const lend: Transport['lend'] = async (loan, use) => {
		const {resource, requests, repository} = loan;
		let lease: Lease | undefined;
		while (lease === undefined) {
			const entry = await gate.acquire({
				resource,
				requests,
				queue: repository ?? '',
				candidates: () => loan.accounts().map(account => account.candidate(resource)),
			});
			lease = await start(entry, loan);
		}

		reporter.watch(lease.account, resource);
		counts.sent(lease.account.id, resource, repository, requests);
		try {
			return await use(lease);
		} finally {
			ledger.settle(lease.entry);
			if (lease.entry.isProbe) {
				gate.wake();
			}
		}
	};

	return {
		lend,
		wake: gate.wake,
		throttled,
		send: async errand =>
			lend({...errand, requests: 1}, async lease => {
				try {
					const proof = await lease.session.authorization();
					const answer = await http.attempt(errand.url, {
						authorization: proof,
						...(errand.accept === undefined ? {} : {accept: errand.accept}),
						maximumBytes: errand.maximumBytes,
						target: errand.target,
						signal,
					});
					learn(lease, answer);
					if (answer.status !== 401) {
						lease.session.accepted(proof);
					}

					return {...lease, answer, proof};
				} catch (error) {
					signal.throwIfAborted();
					throw new DeliveryFailed(lease.account, error);
				}
			}),
	};
}
