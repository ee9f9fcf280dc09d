import {withoutQuery} from '../bitbucket/addresses.ts';
import {type FailureReason, RequestFailed} from '../bitbucket/failures.ts';
import type {Account} from './account.ts';
import type {Ledger} from './ledger.ts';
import type {Outage} from './outage.ts';
import {type AccountPool, type GitAccount, GitRefused} from './pool-types.ts';
import type {SignInGuard} from './sign-in-guard.ts';
import {DeliveryFailed, type Lease, type Transport} from './transport.ts';
import {startGitTrial, type Trial} from './trial.ts';

export type WithGitParts = {
	readonly gitUrl: string;
	readonly workspace: string;
	readonly transport: Transport;
	readonly guard: SignInGuard;
	readonly ledger: Ledger;
	readonly outage: Outage;
	/** The accounts through which it may be tried now. @throws RequestFailed where nobody is left. */
	readonly eligible: (trial: Trial) => readonly Account[];
	readonly rememberSuccess: (trial: Trial) => void;
	/** Waits before it is tried again. @throws RequestFailed when it was tried enough. */
	readonly waitAfter: (trial: Trial, failure: RequestFailed) => Promise<void>;
	readonly handleDeliveryFailure: (trial: Trial, error: unknown) => Promise<void>;
};

type Attempt<Result> =
	| {readonly value: Result}
	| {readonly error: unknown; readonly lease: Lease; readonly proof: string};

/** Lends accounts to git: charged like any request, and tried through another account where one is refused. */
export function createWithGit(parts: WithGitParts): AccountPool['withGit'] {
	const {transport, guard, ledger, outage} = parts;
	const {origin} = new URL(parts.gitUrl);

	const attempt = async <Result>(
		lease: Lease,
		use: (account: GitAccount) => Promise<Result>,
	): Promise<Attempt<Result>> => {
		const {account, session, entry} = lease;
		let proof = '';
		try {
			const signIn = {origin, ...(await session.git())};
			proof = signIn.password;
			const value = await use({id: account.id, label: account.label, signIn});
			ledger.succeeded(entry);
			session.accepted(proof);
			return {value};
		} catch (error) {
			if (error instanceof GitRefused && error.reason === 'rate-limited') {
				transport.throttled(lease);
			}

			return {error, lease, proof};
		}
	};

	const handleRefusal = async (
		trial: Trial,
		{account, session}: Lease,
		error: GitRefused,
		proof: string,
	): Promise<void> => {
		const failure = (reason: FailureReason): RequestFailed =>
			new RequestFailed(error.message, {reason, status: null, url: withoutQuery(trial.url), cause: error});

		switch (error.reason) {
			case 'rate-limited':
				break;
			case 'unauthorized':
				if ((await guard.refused(account, session, {proof, said: error.message})) === 'let-in') {
					trial.refusedBy.set(account.id, failure('forbidden'));
				}

				break;
			case 'forbidden':
			case 'not-found':
				trial.refusedBy.set(account.id, failure(error.reason));
				break;
			case 'connection':
				await parts.waitAfter(trial, failure('connection'));
		}
	};

	return async ({repository, requests, only}, use) => {
		const trial = startGitTrial(`${parts.gitUrl}/${parts.workspace}/${repository}.git`, repository, only);
		const loan = {resource: 'git', repository, requests, accounts: () => parts.eligible(trial)} as const;
		for (;;) {
			await outage.enter();
			const result = await transport.lend(loan, async lease => attempt(lease, use));
			if ('value' in result) {
				outage.worked();
				parts.rememberSuccess(trial);
				return result.value;
			}

			const {error, lease, proof} = result;
			if (error instanceof GitRefused) {
				await handleRefusal(trial, lease, error, proof);
			} else if (error instanceof RequestFailed) {
				await parts.handleDeliveryFailure(trial, new DeliveryFailed(lease.account, error));
			} else {
				throw error;
			}
		}
	};
}
