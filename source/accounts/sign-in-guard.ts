import type {Account} from './account.ts';
import type {Session} from './session.ts';
import type {Transport} from './transport.ts';
import {noAccountLeft} from './trial.ts';

/** Decides what a 401 means: an access token to renew, a credential that is out, or a refusal of this one request. */
export type SignInGuard = {
	/** Takes note of a 401. Returns `let-in` where the sign-in itself holds, so that only this request was refused. */
	readonly refused: (
		account: Account,
		session: Session,
		refusal: {
			/** What the request signed in with. */
			readonly proof: string;
			readonly said: string;
		},
	) => Promise<'let-in' | 'try-again'>;
	/** Takes a credential out of use; the account too when it was the last. */
	readonly drop: (account: Account, session: Session, reason: string, status: number | null) => void;
};

const maximumAnswerBytes = 8 * 1024 * 1024;

export function createSignInGuard(options: {
	readonly apiUrl: string;
	readonly workspace: string;
	readonly transport: Transport;
	readonly onAccountFailed: (account: Account, reason: string, status: number | null) => void;
}): SignInGuard {
	const {apiUrl, workspace, transport} = options;
	const verifications = new Map<Session, Promise<boolean>>();

	/** One request that every working credential of its kind may make. No answer proves nothing against it. */
	const verify = async (account: Account, session: Session): Promise<boolean> => {
		const url = account.isUser
			? `${apiUrl}/user`
			: `${apiUrl}/repositories/${workspace}?pagelen=1&fields=values.uuid`;
		try {
			const {answer} = await transport.send({
				url,
				resource: 'api',
				repository: undefined,
				accept: undefined,
				maximumBytes: maximumAnswerBytes,
				accounts: () => {
					if (account.session() !== session) {
						throw noAccountLeft(url, [account]);
					}

					return [account];
				},
			});
			return answer.status !== 401;
		} catch {
			return account.session() === session;
		}
	};

	const isLetIn = async (account: Account, session: Session): Promise<boolean> => {
		const known = verifications.get(session);
		if (known !== undefined) {
			return known;
		}

		// Requests that were refused together ask once.
		const asking = verify(account, session).finally(() => verifications.delete(session));
		verifications.set(session, asking);
		return asking;
	};

	const drop: SignInGuard['drop'] = (account, session, reason, status) => {
		if (account.session() === session && !account.refuse(session)) {
			account.fail(reason, status);
			options.onAccountFailed(account, reason, status);
		}
	};

	return {
		drop,
		refused: async (account, session, {proof, said}) => {
			if (account.session() !== session || session.renew(proof)) {
				return 'try-again';
			}

			if (await isLetIn(account, session)) {
				return 'let-in';
			}

			drop(account, session, `Bitbucket refused the sign-in of "${session.label}" (401): ${said}`, 401);
			return 'try-again';
		},
	};
}
