import type {CredentialCheck} from '../accounts/credential-check.ts';
import type {Workplace} from './workplace.ts';

/** Keeps what a check of a credential found; what runs learned of its account before may not hold any more. */
export function rememberCheck(
	{checks, reach}: Workplace,
	workspace: string,
	credentialId: string,
	check: CredentialCheck,
): void {
	checks.put(credentialId, check);
	if (check.account !== undefined) {
		reach(workspace).forget(check.account.id);
	}
}
