import type {CredentialCheck} from '../accounts/credential-check.ts';
import type {Credential} from '../model/credential.ts';

/** A credential with what its last check found out, if it was ever checked. */
export type CheckedCredential = {
	readonly credential: Credential;
	readonly check?: CredentialCheck | undefined;
};

/**
Whether Bitbucket counts the requests of two credentials together: two API tokens of one user share one quota.

Told by the accounts that the checks found; for credentials never checked, by the e-mail address or the consumer's key.
*/
export function isSameAccount(one: CheckedCredential, other: CheckedCredential): boolean {
	const [account, otherAccount] = [one.check?.account?.id, other.check?.account?.id];
	if (account !== undefined && account === otherAccount) {
		return true;
	}

	const {kind, username} = one.credential;
	return (
		kind === other.credential.kind &&
		username !== undefined &&
		username.toLowerCase() === other.credential.username?.toLowerCase()
	);
}

/** Label of the first of the others that is the same account, or undefined where it is an account of its own. */
export function sameAccountAs(
	one: CheckedCredential,
	others: readonly CheckedCredential[],
): string | undefined {
	return others.find(other => isSameAccount(one, other))?.credential.label;
}
