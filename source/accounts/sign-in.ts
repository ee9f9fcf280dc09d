import {RequestFailed} from '../bitbucket/failures.ts';
import {ConnectionFailed, type HttpClient} from '../bitbucket/http-client.ts';
import type {Credential, OpenedCredential} from '../model/credential.ts';
import {UserError} from '../system/user-error.ts';
import {attemptsPerRequest, retryMilliseconds} from './backoff.ts';
import type {PoolOptions} from './create-pool.ts';
import {type AccountIdentity, type Identification, identify} from './identify.ts';
import {believedLimit, limitOverrides} from './limits.ts';
import {createSession, type Session} from './session.ts';

/** A credential that signs in, with whom Bitbucket counts it for. */
export type Member = {readonly session: Session; readonly identity: AccountIdentity};

export type Refusal = {readonly credential: Credential; readonly reason: string; readonly status: number};

type SignInOptions = PoolOptions & {
	readonly apiUrl: string;
	readonly gitUrl: string;
	readonly http: HttpClient;
	readonly signal: AbortSignal;
};

/**
Opens a session for every credential, and asks who those are that no earlier check has told.

@throws UserError when Bitbucket cannot be reached.
*/
export async function signIn(
	options: SignInOptions,
): Promise<{readonly members: readonly Member[]; readonly refusals: readonly Refusal[]}> {
	const members: Member[] = [];
	const refusals: Refusal[] = [];
	for (const opened of options.credentials) {
		const {credential} = opened;
		const session = createSession({...options, opened});
		const known = options.knownAccounts?.get(credential.id);
		const found: Identification =
			known === undefined
				? await askUntilAnswered(options, opened, session)
				: {kind: 'known', identity: known};
		if (found.kind === 'known') {
			members.push({session, identity: found.identity});
		} else {
			const reason = `Bitbucket refused the sign-in of "${credential.label}" (${found.status}): ${found.message}`;
			refusals.push({credential, reason, status: found.status});
		}
	}

	return {members, refusals};
}

/** Two credentials of one user are one account; its place is that of its first credential. */
export function groupByAccount(
	members: readonly Member[],
): ReadonlyArray<{readonly id: string; readonly sessions: readonly [Session, ...Session[]]}> {
	const groups = new Map<string, [Session, ...Session[]]>();
	for (const {session, identity} of members) {
		const group = groups.get(identity.id);
		if (group === undefined) {
			groups.set(identity.id, [session]);
		} else {
			group.push(session);
		}
	}

	return [...groups].map(([id, sessions]) => ({id, sessions}));
}

async function askUntilAnswered(
	options: SignInOptions,
	opened: OpenedCredential,
	session: Session,
): Promise<Identification> {
	const {organization, apiUrl, http, signal, clock, ledger, random = Math.random} = options;
	const limit = believedLimit('api', limitOverrides(organization), undefined).limit;
	for (let attempt = 1; ; attempt += 1) {
		const isLast = attempt === attemptsPerRequest;
		await options.pause?.passed(signal);
		try {
			const found = await identify({opened, session, http, apiUrl, signal});
			const {answer} = found;
			if (found.kind === 'known' && answer !== undefined) {
				// Whom to charge is known only now.
				ledger.settle(ledger.record(found.identity.id, 'api', limit));
			}

			if (answer === undefined || (answer.status < 500 && answer.status !== 429) || isLast) {
				return found;
			}
		} catch (error) {
			signal.throwIfAborted();
			if (!(error instanceof ConnectionFailed || error instanceof RequestFailed)) {
				throw error;
			}

			if (isLast || (error instanceof ConnectionFailed && error.code === 'ECONNREFUSED')) {
				throw new UserError(
					`Bitbucket could not be reached at ${apiUrl}: ${error.message}. Check the network and the organization's address.`,
					{cause: error},
				);
			}
		}

		await clock.wait(retryMilliseconds(attempt - 1, random()), signal);
	}
}
