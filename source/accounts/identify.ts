import {errorMessage} from '../bitbucket/error-message.ts';
import {RequestFailed} from '../bitbucket/failures.ts';
import type {HttpAnswer, HttpClient} from '../bitbucket/http-client.ts';
import {UserSchema} from '../bitbucket/resources.ts';
import type {OpenedCredential} from '../model/credential.ts';
import {accountIdFromCredential, userAccountId} from './account-id.ts';
import type {Session} from './session.ts';

/** Whom Bitbucket counts a credential's requests for. */
export type AccountIdentity = {readonly id: string; readonly name: string};

export type Identification =
	| {readonly kind: 'known'; readonly identity: AccountIdentity; readonly answer?: HttpAnswer}
	| {
			readonly kind: 'refused';
			readonly status: number;
			readonly message: string;
			readonly answer?: HttpAnswer;
	  };

const maximumAnswerBytes = 1024 * 1024;

/**
Finds out who a credential is. Only API tokens have to ask (`GET /user`); tokens and consumers are accounts of their own.

@throws ConnectionFailed, BodyTooLarge, the signal's reason.
*/
export async function identify(options: {
	readonly opened: OpenedCredential;
	readonly session: Session;
	readonly http: HttpClient;
	readonly apiUrl: string;
	readonly signal?: AbortSignal | undefined;
}): Promise<Identification> {
	const {opened, session, http, apiUrl} = options;
	const {credential} = opened;
	const ownId = accountIdFromCredential(opened);
	if (credential.kind !== 'api-token') {
		try {
			await session.authorization();
		} catch (error) {
			if (error instanceof RequestFailed && error.reason === 'unauthorized') {
				return {kind: 'refused', status: error.status ?? 401, message: error.message};
			}

			throw error;
		}

		return {kind: 'known', identity: {id: ownId, name: `${credential.label} (token)`}};
	}

	const answer = await http.attempt(`${apiUrl}/user`, {
		authorization: await session.authorization(),
		maximumBytes: maximumAnswerBytes,
		signal: options.signal,
	});
	if (answer.status === 401) {
		return {kind: 'refused', status: 401, message: errorMessage(answer.body), answer};
	}

	const user = UserSchema.safeParse(parseJson(answer.body));
	if (answer.status !== 200 || !user.success) {
		// It signs in but may not say who it is: its e-mail address tells it from other users.
		return {kind: 'known', identity: {id: ownId, name: credential.username ?? credential.label}, answer};
	}

	const name = user.data.display_name ?? user.data.nickname ?? credential.label;
	return {kind: 'known', identity: {id: userAccountId(user.data.uuid), name}, answer};
}

function parseJson(body: Buffer): unknown {
	try {
		return JSON.parse(body.toString('utf8'));
	} catch {
		return undefined;
	}
}
