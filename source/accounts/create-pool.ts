import {createHttpClient, type HttpClient} from '../bitbucket/http-client.ts';
import type {OpenedCredential} from '../model/credential.ts';
import type {Organization} from '../model/organization.ts';
import type {Clock} from '../system/clock.ts';
import type {Redactor} from '../system/redactor.ts';
import {UserError} from '../system/user-error.ts';
import {type Account, createAccount, type LimitSettings} from './account.ts';
import type {AccountIdentity} from './identify.ts';
import type {Ledger} from './ledger.ts';
import {limitOverrides} from './limits.ts';
import {createOutage} from './outage.ts';
import {createPause, type Pause} from './pause.ts';
import {createPool} from './pool.ts';
import type {AccountPool, PoolChange} from './pool-types.ts';
import {createQuotaGate} from './quota-gate.ts';
import {createQuotaReporter} from './quota-reporter.ts';
import {noReachMemory, type ReachMemory} from './reach-memory.ts';
import {createRequestCounts} from './request-counts.ts';
import {groupByAccount, signIn} from './sign-in.ts';
import {createSignInGuard} from './sign-in-guard.ts';
import {createTransport} from './transport.ts';
import {userAgent} from './user-agent.ts';

export type PoolOptions = {
	readonly organization: Organization;
	/** The primary credential first. */
	readonly credentials: readonly OpenedCredential[];
	/** By credential id, whom an earlier check found it to be: spares the question. */
	readonly knownAccounts?: ReadonlyMap<string, AccountIdentity>;
	readonly ledger: Ledger;
	/** What earlier runs learned of who reaches what in the workspace. */
	readonly reachMemory?: ReachMemory;
	readonly clock: Clock;
	readonly redactor: Redactor;
	readonly reservePercent: number;
	readonly requestsPerSecond: number;
	readonly signal?: AbortSignal;
	/** While it is set, no new request begins. */
	readonly pause?: Pause | undefined;
	/** From 0 to 1; decides jitter. */
	readonly random?: () => number;
	readonly http?: HttpClient;
	/** Told when a quota changed (at most once a second for each account) and when an account is out. */
	readonly onChange: (change: PoolChange) => void;
};

/**
Signs in, makes accounts of credentials (by whom Bitbucket counts), and puts the pool together.

@throws UserError when no credential signs in, or Bitbucket cannot be reached.
*/
export async function createAccountPool(options: PoolOptions): Promise<AccountPool> {
	const {organization, ledger, clock, onChange} = options;
	const pause = options.pause ?? createPause(clock);
	const end = new AbortController();
	const signal = options.signal === undefined ? end.signal : AbortSignal.any([options.signal, end.signal]);
	const http = options.http ?? createHttpClient({userAgent});
	const settings = limitSettings(options);
	const apiUrl = organization.apiUrl.replace(/\/$/, '');
	const gitUrl = organization.gitUrl.replace(/\/$/, '');

	const {members, refusals} = await signIn({...options, apiUrl, gitUrl, http, signal});
	const accounts = groupByAccount(members).map(({id, sessions}) =>
		createAccount({id, sessions, settings, ledger, signal}),
	);
	if (accounts.length === 0) {
		throw new UserError(
			`No credential of "${organization.workspace}" signs in. ${refusals.map(({reason}) => reason).join(' ')} Check them with: bucket-brigade credential check ${organization.workspace}`,
		);
	}

	for (const {credential, reason, status} of refusals) {
		onChange({type: 'account-failed', account: credential.id, label: credential.label, reason, status});
	}

	const counts = createRequestCounts(clock);
	const random = options.random ?? Math.random;
	const owner = `${process.pid} ${Math.floor(random() * 2 ** 48)} ${clock.elapsed()}`;
	const gate = createQuotaGate({ledger, clock, signal, owner, pause});
	const reporter = createQuotaReporter({ledger, clock, counts, report: onChange});
	const transport = createTransport({http, ledger, gate, counts, reporter, random, pause, signal});
	const onAccountFailed = (account: Account, reason: string, status: number | null): void => {
		onChange({type: 'account-failed', account: account.id, label: account.label, reason, status});
		gate.wake();
	};
	const guard = createSignInGuard({
		apiUrl,
		workspace: organization.workspace,
		transport,
		onAccountFailed,
	});
	for (const account of accounts) {
		reporter.watch(account, 'api');
	}

	return createPool({
		accounts,
		apiUrl,
		gitUrl,
		workspace: organization.workspace,
		http,
		transport,
		guard,
		ledger,
		counts,
		outage: createOutage({
			clock,
			random,
			signal,
			pause,
			onChange: ({since}) =>
				onChange({type: 'outage', since: since === null ? null : new Date(since).toISOString()}),
		}),
		memory: options.reachMemory ?? noReachMemory,
		clock,
		random,
		signal,
		onClose: () => {
			reporter.close();
			end.abort(new Error('The account pool is closed.'));
		},
	});
}

function limitSettings({organization, reservePercent, requestsPerSecond}: PoolOptions): LimitSettings {
	return {overrides: limitOverrides(organization), reservePercent, requestsPerSecond};
}
