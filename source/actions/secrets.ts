import type {Credential, OpenedCredential} from '../model/credential.ts';
import type {Organization} from '../model/organization.ts';
import {UserError} from '../system/user-error.ts';
import type {Workplace} from './workplace.ts';

/**
Puts a secret into the vault, then does what makes it used. Where that fails, the vault is as it was before, so that it
never holds a secret that nothing names.
*/
export async function keepSecret(
	workplace: Workplace,
	{credential, secret}: OpenedCredential,
	use: () => Promise<void>,
): Promise<void> {
	const vault = await workplace.vault();
	const before = await vault.get(credential.id);
	await vault.set(credential.id, secret);
	try {
		await use();
	} catch (error) {
		await (before === undefined ? vault.remove(credential.id) : vault.set(credential.id, before));
		throw error;
	}
}

export async function forgetSecrets(workplace: Workplace, credentials: readonly Credential[]): Promise<void> {
	const vault = await workplace.vault();
	for (const credential of credentials) {
		await vault.remove(credential.id);
		workplace.checks.remove(credential.id);
	}
}

/**
Takes the secrets of these credentials, and of no others, out of the vault.

@throws UserError where the vault does not open or holds no secret for one of them.
*/
export async function openCredentials(
	workplace: Workplace,
	organization: Organization,
	credentials: readonly Credential[],
): Promise<OpenedCredential[]> {
	const vault = await workplace.vault();
	const opened: OpenedCredential[] = [];
	for (const credential of credentials) {
		const secret = await vault.get(credential.id);
		if (secret === undefined) {
			throw new UserError(
				`The vault holds no secret for the credential "${credential.label}" of ${organization.workspace}. Enter it again with: bucket-brigade credential edit ${organization.workspace} ${credential.label} --secret-file FILE`,
			);
		}

		workplace.redactor.add(secret, credential.username);
		opened.push({credential, secret});
	}

	return opened;
}
