import {gitAuthentication, restAuthorization, type SignIn} from '../bitbucket/authentication.ts';
import {errorMessage} from '../bitbucket/error-message.ts';
import {RequestFailed} from '../bitbucket/failures.ts';
import type {HttpClient} from '../bitbucket/http-client.ts';
import {AccessTokenSchema} from '../bitbucket/resources.ts';
import type {OpenedCredential} from '../model/credential.ts';
import type {Clock} from '../system/clock.ts';
import type {Redactor} from '../system/redactor.ts';

/** One credential at work: makes what requests sign in with, renewing an OAuth consumer's access token in time. */
export type Session = {
	readonly label: string;
	readonly credentialId: string;
	readonly kind: SignIn['kind'];
	/** @throws RequestFailed where a consumer gets no access token. */
	readonly authorization: () => Promise<string>;
	/** @throws RequestFailed where a consumer gets no access token. */
	readonly git: () => Promise<{readonly username: string; readonly password: string}>;
	/** What a request signed in with was let in. @param proof Authorization header, or git's password. */
	readonly accepted: (proof: string) => void;
	/**
	What a request signed in with was refused: the next one signs in with a new access token, where that makes sense.

	@param proof Authorization header, or git's password.
	@returns whether trying again makes sense: not where a new token is refused as the one before it was.
	*/
	readonly renew: (proof: string) => boolean;
};

/** A consumer's access token is renewed this long before it ends, so that no request outlives it. */
const renewalMargin = 2 * 60_000;
const assumedLifetime = 3600;
const maximumTokenAnswer = 64 * 1024;

export function createSession(options: {
	readonly opened: OpenedCredential;
	/** `https://bitbucket.org`: access tokens come from below it. */
	readonly gitUrl: string;
	readonly http: HttpClient;
	readonly clock: Clock;
	readonly redactor: Redactor;
	readonly signal?: AbortSignal | undefined;
}): Session {
	const {opened, gitUrl, http, clock, redactor} = options;
	const {credential, secret} = opened;
	const signIn: SignIn = {kind: credential.kind, username: credential.username, secret};
	redactor.add(secret, credential.username);
	let token: AskedToken | undefined;
	/** The last token was refused, and none that came after it was let in yet. */
	let isDoubtful = false;

	const askForToken = async (): Promise<string> => {
		const url = `${gitUrl}/site/oauth2/access_token`;
		const answer = await http.attempt(url, {
			method: 'POST',
			form: {grant_type: 'client_credentials'},
			authorization: `Basic ${Buffer.from(`${credential.username ?? ''}:${secret}`).toString('base64')}`,
			maximumBytes: maximumTokenAnswer,
			signal: options.signal,
		});
		const parsed = AccessTokenSchema.safeParse(parseJson(answer.body));
		if (answer.status !== 200 || !parsed.success) {
			throw new RequestFailed(
				`The OAuth consumer "${credential.label}" got no access token: Bitbucket said ${answer.status}, ${errorMessage(answer.body)}`,
				{reason: answer.status >= 500 ? 'server' : 'unauthorized', status: answer.status, url},
			);
		}

		const lifetime = (parsed.data.expires_in ?? assumedLifetime) * 1000;
		if (token !== undefined) {
			token.renewAt = clock.elapsed() + Math.max(lifetime - renewalMargin, lifetime / 2);
		}

		redactor.add(parsed.data.access_token, 'x-token-auth');
		if (token !== undefined) {
			token.received = parsed.data.access_token;
		}

		return parsed.data.access_token;
	};

	const accessToken = async (): Promise<string | undefined> => {
		if (credential.kind !== 'oauth-consumer') {
			return undefined;
		}

		if (token === undefined || clock.elapsed() >= token.renewAt) {
			// Kept as a promise, so that requests that start together ask once.
			token = {
				renewAt: Number.POSITIVE_INFINITY,
				received: undefined,
				value: Promise.resolve().then(askForToken),
			};
		}

		try {
			return await token.value;
		} catch (error) {
			token = undefined;
			throw error;
		}
	};

	return {
		label: credential.label,
		credentialId: credential.id,
		kind: credential.kind,
		authorization: async () => restAuthorization(signIn, await accessToken()),
		git: async () => gitAuthentication(signIn, await accessToken()),
		accepted: proof => {
			if (isDoubtful && isOf(token, proof)) {
				isDoubtful = false;
			}
		},
		renew: proof => {
			if (credential.kind !== 'oauth-consumer') {
				return false;
			}

			if (!isOf(token, proof)) {
				// Another request that was refused with it has seen to a new one already.
				return true;
			}

			token = undefined;
			const makesSense = !isDoubtful;
			isDoubtful = true;
			return makesSense;
		},
	};
}

/** A consumer's access token, asked for. */
type AskedToken = {
	readonly value: Promise<string>;
	/** Machine time in milliseconds. */
	renewAt: number;
	received: string | undefined;
};

/** Whether a request that carried this proof was signed in with the token. */
function isOf(token: AskedToken | undefined, proof: string): boolean {
	return token?.received !== undefined && proof.endsWith(token.received);
}

function parseJson(body: Buffer): unknown {
	try {
		return JSON.parse(body.toString('utf8'));
	} catch {
		return undefined;
	}
}
