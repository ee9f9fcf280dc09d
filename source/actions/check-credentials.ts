import {checkCredential} from '../accounts/check-credential.ts';
import type {CredentialCheck} from '../accounts/credential-check.ts';
import {allCredentials} from '../model/organization.ts';
import {findCredential, findOrganization} from './find.ts';
import {rememberCheck} from './remember-check.ts';
import {openCredentials} from './secrets.ts';
import type {Workplace} from './workplace.ts';

export type CheckedLabel = {readonly label: string; readonly check: CredentialCheck};

/**
Asks Bitbucket about one credential, or about every credential of an organization, and remembers what it said.

@returns in the organization's order.
@throws UserError where the vault does not open.
*/
export async function checkCredentials(
	workplace: Workplace,
	workspace: string,
	label?: string,
): Promise<CheckedLabel[]> {
	const organization = findOrganization(await workplace.store.read(), workspace);
	const wanted = label === undefined ? allCredentials(organization) : [findCredential(organization, label)];
	const {ledger, clock, redactor, checks} = workplace;
	const opened = await openCredentials(workplace, organization, wanted);
	return Promise.all(
		opened.map(async one => {
			const check = await checkCredential({organization, opened: one, ledger, clock, redactor});
			const known = checks.get(one.credential.id);
			// Whom it signs in as stays known while nobody can be asked.
			const account = check.account ?? known?.account;
			const result = check.state === 'unreachable' && account !== undefined ? {...check, account} : check;
			rememberCheck(workplace, workspace, one.credential.id, result);
			return {label: one.credential.label, check: result};
		}),
	);
}
