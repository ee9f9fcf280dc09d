import {errorMessage} from '../bitbucket/error-message.ts';
import {RequestFailed} from '../bitbucket/failures.ts';
import {ConnectionFailed, createHttpClient, type HttpAnswer} from '../bitbucket/http-client.ts';
import {backupScopes, grantedScopes} from '../bitbucket/scopes.ts';
import type {OpenedCredential} from '../model/credential.ts';
import type {Clock} from '../system/clock.ts';
import type {Redactor} from '../system/redactor.ts';
import type {CredentialCheck} from './credential-check.ts';
import {type AccountIdentity, identify} from './identify.ts';
import type {Ledger} from './ledger.ts';
import {believedLimit, limitOverrides} from './limits.ts';
import {createSession} from './session.ts';
import {userAgent} from './user-agent.ts';

export type CheckOptions = {
	readonly organization: {
		readonly workspace: string;
		readonly apiUrl: string;
		readonly gitUrl: string;
		readonly apiLimit?: string | undefined;
	};
	readonly opened: OpenedCredential;
	readonly ledger: Ledger;
	readonly clock: Clock;
	readonly redactor: Redactor;
	readonly signal?: AbortSignal;
};

const maximumAnswerBytes = 8 * 1024 * 1024;

/**
Asks Bitbucket who a credential is, whether it sees the workspace, and which of the scopes that a backup needs it lacks.

Costs at most two `api` requests, which are counted like any others. Never throws for what Bitbucket says.
*/
export async function checkCredential(options: CheckOptions): Promise<CredentialCheck> {
	const {organization, opened, clock, redactor, ledger, signal} = options;
	const checkedAt = new Date(clock.now()).toISOString();
	const http = createHttpClient({userAgent});
	const session = createSession({opened, gitUrl: organization.gitUrl, http, clock, redactor, signal});
	const {limit} = believedLimit('api', limitOverrides(organization), undefined);

	try {
		const found = await identify({opened, session, http, apiUrl: organization.apiUrl, signal});
		if (found.kind === 'refused') {
			return {state: 'refused', checkedAt, status: found.status, message: redactor.redact(found.message)};
		}

		const account = found.identity.id;
		if (found.answer !== undefined) {
			// Whom to charge is known only now.
			ledger.settle(ledger.record(account, 'api', limit));
		}

		const authorization = await session.authorization();
		const entry = ledger.record(account, 'api', limit);
		const answer = await http
			.attempt(
				`${organization.apiUrl}/repositories/${encodeURIComponent(organization.workspace)}?pagelen=1&fields=values.full_name,next`,
				{authorization, maximumBytes: maximumAnswerBytes, signal},
			)
			.finally(() => {
				ledger.settle(entry);
			});
		return {checkedAt, account: found.identity, ...judge(answer, found.answer, found.identity)};
	} catch (error) {
		if (error instanceof ConnectionFailed || error instanceof RequestFailed) {
			return {state: 'unreachable', checkedAt, message: redactor.redact(error.message)};
		}

		throw error;
	}
}

type Verdict = Pick<CredentialCheck, 'state' | 'status' | 'message' | 'grantedScopes' | 'missingScopes'> & {
	readonly state: CredentialCheck['state'];
};

function judge(listing: HttpAnswer, user: HttpAnswer | undefined, identity: AccountIdentity): Verdict {
	const {status} = listing;
	const granted =
		grantedScopes(listing.headers) ?? (user === undefined ? undefined : grantedScopes(user.headers));
	const missing = granted === undefined ? [] : backupScopes.filter(({scope}) => !granted.includes(scope));
	const scopes = {
		...(granted === undefined ? {} : {grantedScopes: [...granted]}),
		missingScopes: missing.map(({scope, opens}) => ({scope, costs: opens})),
	};

	if (status === 200) {
		return {state: missing.length > 0 ? 'missing-scopes' : 'ok', ...scopes};
	}

	const said = errorMessage(listing.body);
	if (status === 429 || status >= 500) {
		return {state: 'unreachable', status, message: said};
	}

	// A 403 for want of a scope: it signs in, and the list of missing scopes says what to tick.
	if (status === 403 && missing.length > 0) {
		return {state: 'missing-scopes', status, message: said, ...scopes};
	}

	return {
		state: 'refused',
		status,
		message: `${identity.name} cannot read the workspace: ${said}`,
		...scopes,
	};
}
