import type {CredentialCheck} from '../accounts/credential-check.ts';
import type {Credential} from '../model/credential.ts';
import {allCredentials, type Organization} from '../model/organization.ts';
import type {StoreContents} from '../store/store.ts';
import {UserError} from '../system/user-error.ts';
import {ChangedMeanwhile} from './changed-meanwhile.ts';
import {type CredentialDraft, checkBeforeAdding, openedFromDraft} from './credential-draft.ts';
import {findCredential, findOrganization} from './find.ts';
import {rememberCheck} from './remember-check.ts';
import {sameAccountAs} from './same-account.ts';
import {forgetSecrets, keepSecret, openCredentials} from './secrets.ts';
import type {Workplace} from './workplace.ts';

export {checkCredentials} from './check-credentials.ts';
export type {CredentialDraft} from './credential-draft.ts';
export {type CredentialSummary, listCredentials} from './list-credentials.ts';

export type AddedCredential = {
	readonly credential: Credential;
	readonly check?: CredentialCheck;
	/** Label of the credential that signs in as the same account: this one adds no quota. */
	readonly sameAccountAs?: string;
};

/** Adds an additional credential. No plan is changed by it. @throws UserError */
export async function addCredential(
	workplace: Workplace,
	workspace: string,
	draft: CredentialDraft,
): Promise<AddedCredential> {
	const organization = findOrganization(await workplace.store.read(), workspace);
	const opened = openedFromDraft(draft, workplace);
	const {credential} = opened;
	refuseTakenLabel(organization, credential);
	const check = draft.check ? await checkBeforeAdding(workplace, organization, opened) : undefined;
	await keepSecret(workplace, opened, async () => {
		await workplace.store.update(contents =>
			withOrganization(contents, workspace, before => {
				refuseTakenLabel(before, credential);
				return {...before, additionalCredentials: [...before.additionalCredentials, credential]};
			}),
		);
	});
	return noted(workplace, organization, credential, check);
}

/** What may be changed of a credential; what is left out stays. A new secret or username is checked like a new credential. */
export type CredentialChanges = Partial<Omit<CredentialDraft, 'check'>> & {readonly check: boolean};

/** What of a credential is not secret. */
export type CredentialParts = Pick<Credential, 'kind' | 'label' | 'username' | 'expiresAt'>;

/**
@param began The credential as it was when somebody began to edit it; as it is now, where that is left out.
@throws ChangedMeanwhile where others have changed it since; UserError
*/
export async function editCredential(
	workplace: Workplace,
	workspace: string,
	label: string,
	changes: CredentialChanges,
	began?: CredentialParts,
): Promise<AddedCredential> {
	const organization = findOrganization(await workplace.store.read(), workspace);
	const before = findCredential(organization, label);
	assertUnchanged(before, began ?? before);
	const secret =
		changes.secret ??
		(await openCredentials(workplace, organization, [before])).map(one => one.secret).join();
	const opened = openedFromDraft(
		{
			kind: changes.kind ?? before.kind,
			label: changes.label ?? before.label,
			username: changes.username ?? before.username,
			secret,
			expiresAt: changes.expiresAt ?? before.expiresAt,
		},
		workplace,
		before,
	);
	const {credential} = opened;
	refuseTakenLabel(organization, credential);
	const signsInAnew =
		changes.secret !== undefined || changes.username !== undefined || changes.kind !== undefined;
	const check =
		changes.check && signsInAnew ? await checkBeforeAdding(workplace, organization, opened) : undefined;
	await keepSecret(workplace, opened, async () => {
		await workplace.store.update(contents =>
			withOrganization(contents, workspace, current => {
				// Bitbucket was asked in between, which takes a while.
				assertUnchanged(findCredential(current, label), before);
				refuseTakenLabel(current, credential);
				const replaced = (one: Credential): Credential => (one.id === credential.id ? credential : one);
				return {
					...current,
					primaryCredential: replaced(current.primaryCredential),
					additionalCredentials: current.additionalCredentials.map(replaced),
				};
			}),
		);
	});
	if (signsInAnew && check === undefined) {
		workplace.checks.remove(credential.id);
	}

	return noted(workplace, organization, credential, check);
}

/** @throws ChangedMeanwhile */
function assertUnchanged(current: Credential, opened: CredentialParts): void {
	const fields = (['kind', 'label', 'username', 'expiresAt'] as const).filter(
		name => current[name] !== opened[name],
	);
	if (fields.length > 0) {
		const names = fields.map(field => (field === 'expiresAt' ? 'expiry' : field));
		throw new ChangedMeanwhile<CredentialParts>(`The credential "${current.label}"`, names, current);
	}
}

export type RemovedCredential = {
	/** Names of the plans that used it and now do without. */
	readonly plans: readonly string[];
};

/** Removes an additional credential, from the plans that use it too. @throws UserError for the primary one. */
export async function removeCredential(
	workplace: Workplace,
	workspace: string,
	label: string,
): Promise<RemovedCredential> {
	let plans: string[] = [];
	const removed = findCredential(findOrganization(await workplace.store.read(), workspace), label);
	await workplace.store.update(contents => {
		const organization = findOrganization(contents, workspace);
		const {id} = findCredential(organization, label);
		if (id === organization.primaryCredential.id) {
			throw new UserError(
				`"${label}" is the primary credential of ${workspace} and cannot be removed. Give it a new secret with: bucket-brigade credential edit ${workspace} ${label} --secret-file FILE`,
			);
		}

		const users = contents.plans.filter(
			plan => plan.organization === workspace && plan.advanced.additionalCredentials.credentials.includes(id),
		);
		plans = users.map(plan => plan.name);
		return {
			...withOrganization(contents, workspace, before => ({
				...before,
				additionalCredentials: before.additionalCredentials.filter(credential => credential.id !== id),
			})),
			plans: contents.plans.map(plan => {
				const chosen = plan.advanced.additionalCredentials;
				const credentials = chosen.credentials.filter(one => one !== id);
				return users.includes(plan)
					? {...plan, advanced: {...plan.advanced, additionalCredentials: {...chosen, credentials}}}
					: plan;
			}),
		};
	});
	await forgetSecrets(workplace, [removed]);
	return {plans};
}

function withOrganization(
	contents: StoreContents,
	workspace: string,
	change: (organization: Organization) => Organization,
): StoreContents {
	findOrganization(contents, workspace);
	return {
		...contents,
		organizations: contents.organizations.map(organization =>
			organization.workspace === workspace ? change(organization) : organization,
		),
	};
}

function refuseTakenLabel(organization: Organization, credential: Credential): void {
	const taken = allCredentials(organization).some(
		other => other.label === credential.label && other.id !== credential.id,
	);
	if (taken) {
		throw new UserError(
			`${organization.workspace} has a credential called "${credential.label}" already. Choose another label.`,
		);
	}
}

/** Remembers what the check found, and tells whether the account is one that another credential signs in as. */
function noted(
	workplace: Workplace,
	organization: Organization,
	credential: Credential,
	check: CredentialCheck | undefined,
): AddedCredential {
	if (check !== undefined) {
		rememberCheck(workplace, organization.workspace, credential.id, check);
	}

	const same = sameAccountAs(
		{credential, check},
		allCredentials(organization)
			.filter(other => other.id !== credential.id)
			.map(other => ({credential: other, check: workplace.checks.get(other.id)})),
	);
	return {
		credential,
		...(check === undefined ? {} : {check}),
		...(same === undefined ? {} : {sameAccountAs: same}),
	};
}
