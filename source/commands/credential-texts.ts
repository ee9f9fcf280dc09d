import type {CredentialCheck} from '../accounts/credential-check.ts';
import type {CredentialSummary} from '../actions/credentials.ts';

/** The state of a credential in a word or two. */
export function stateWord(state: CredentialSummary['state'], check: CredentialCheck | undefined): string {
	switch (state) {
		case 'ok':
			return check?.grantedScopes === undefined ? 'ok' : 'ok, all scopes';
		case 'missing-scopes':
			return `${check?.missingScopes?.length ?? 'some'} scopes missing`;
		case 'refused':
			return `refused${check?.status === undefined ? '' : ` (${check.status})`}`;
		case 'unreachable':
			return 'could not be asked';
		case 'unchecked':
			return 'not checked yet';
	}
}

/** What a check found, in full sentences: whom it signs in as, what is missing and what that costs. */
export function checkLines(label: string, check: CredentialCheck): string[] {
	const who = check.account === undefined ? '' : ` It signs in as ${check.account.name}.`;
	const said = check.message === undefined ? '' : ` Bitbucket said: ${check.message}`;
	switch (check.state) {
		case 'ok':
			return [`"${label}" works.${who}`];
		case 'missing-scopes':
			return [
				`"${label}" works, but without all scopes.${who}`,
				...(check.missingScopes ?? []).map(({scope, costs}) => `  missing ${scope}: no ${costs}`),
			];
		case 'refused':
			return [`"${label}" is refused${check.status === undefined ? '' : ` (${check.status})`}.${said}`];
		case 'unreachable':
			return [`Nobody could be asked about "${label}".${said}`];
	}
}

/** The words for two credentials of one account. */
export function sameAccountText(label: string): string {
	return `same account as ${label}: it adds no quota`;
}
