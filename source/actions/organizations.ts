import type {CredentialCheck} from '../accounts/credential-check.ts';
import type {CredentialKind} from '../model/credential-kind.ts';
import {allCredentials, type Organization, OrganizationSchema} from '../model/organization.ts';
import type {StoreContents} from '../store/store.ts';
import {UserError} from '../system/user-error.ts';
import {checkBeforeAdding, openedFromDraft} from './credential-draft.ts';
import {findOrganization} from './find.ts';
import {rememberCheck} from './remember-check.ts';
import {forgetSecrets, keepSecret} from './secrets.ts';
import {validated} from './validated.ts';
import type {Workplace} from './workplace.ts';

/** A workspace to connect, with its primary credential. */
export type OrganizationDraft = {
	readonly workspace: string;
	readonly kind: CredentialKind;
	readonly username?: string | undefined;
	/** Label of the primary credential; `primary` by default. */
	readonly label?: string | undefined;
	readonly secret: string;
	readonly apiUrl?: string | undefined;
	readonly gitUrl?: string | undefined;
	/** `1000/1h` */
	readonly apiLimit?: string | undefined;
	readonly reservePercent?: number | undefined;
	/** ISO-8601 date on which the primary credential expires. */
	readonly expiresAt?: string | undefined;
	/** Whether Bitbucket is asked first. */
	readonly check: boolean;
};

export type AddedOrganization = {readonly organization: Organization; readonly check?: CredentialCheck};

/** @throws UserError where it is connected already, is not valid, does not exist, or its credential is refused. */
export async function addOrganization(
	workplace: Workplace,
	draft: OrganizationDraft,
): Promise<AddedOrganization> {
	const opened = openedFromDraft({...draft, label: draft.label ?? 'primary'}, workplace);
	const organization = validated(
		OrganizationSchema,
		{
			workspace: draft.workspace,
			apiUrl: withoutSlash(draft.apiUrl),
			gitUrl: withoutSlash(draft.gitUrl),
			apiLimit: draft.apiLimit,
			reservePercent: draft.reservePercent,
			primaryCredential: opened.credential,
		},
		`the organization "${draft.workspace}"`,
	);
	refuseTwice(await workplace.store.read(), organization.workspace);
	const check = draft.check ? await checkBeforeAdding(workplace, organization, opened) : undefined;
	await keepSecret(workplace, opened, async () => {
		await workplace.store.update(contents => {
			refuseTwice(contents, organization.workspace);
			return {...contents, organizations: [...contents.organizations, organization]};
		});
	});
	if (check === undefined) {
		return {organization};
	}

	rememberCheck(workplace, organization.workspace, opened.credential.id, check);
	return {organization, check};
}

/** What may be changed of a connected organization; what is left out stays. */
export type OrganizationChanges = {
	readonly apiUrl?: string | undefined;
	readonly gitUrl?: string | undefined;
	/** Null goes back to the documented limit. */
	readonly apiLimit?: string | null | undefined;
	readonly reservePercent?: number | undefined;
};

export async function editOrganization(
	workplace: Workplace,
	workspace: string,
	changes: OrganizationChanges,
): Promise<Organization> {
	const edited = (contents: StoreContents): Organization => {
		const {apiLimit: before, ...organization} = findOrganization(contents, workspace);
		const apiLimit = changes.apiLimit === undefined ? before : (changes.apiLimit ?? undefined);
		return validated(
			OrganizationSchema,
			{
				...organization,
				apiUrl: withoutSlash(changes.apiUrl) ?? organization.apiUrl,
				gitUrl: withoutSlash(changes.gitUrl) ?? organization.gitUrl,
				reservePercent: changes.reservePercent ?? organization.reservePercent,
				...(apiLimit === undefined ? {} : {apiLimit}),
			},
			`the organization "${workspace}"`,
		);
	};

	const contents = await workplace.store.update(before => ({
		...before,
		organizations: before.organizations.map(organization =>
			organization.workspace === workspace ? edited(before) : organization,
		),
	}));
	return findOrganization(contents, workspace);
}

/** Forgets a workspace and its secrets; backups stay where they are. @throws UserError while plans use it. */
export async function removeOrganization(workplace: Workplace, workspace: string): Promise<void> {
	const removed = findOrganization(await workplace.store.read(), workspace);
	await workplace.store.update(contents => {
		findOrganization(contents, workspace);
		const plans = contents.plans.filter(plan => plan.organization === workspace);
		if (plans.length > 0) {
			throw new UserError(
				`"${workspace}" is used by ${plans.length === 1 ? 'the plan' : 'the plans'} ${plans.map(plan => plan.name).join(', ')}. Remove ${plans.length === 1 ? 'it' : 'them'} first.`,
			);
		}

		return {
			...contents,
			organizations: contents.organizations.filter(organization => organization.workspace !== workspace),
		};
	});
	await forgetSecrets(workplace, allCredentials(removed));
}

export type OrganizationSummary = {
	readonly workspace: string;
	readonly apiUrl: string;
	readonly gitUrl: string;
	readonly apiLimit?: string;
	readonly reservePercent: number;
	/** Label of the primary credential. */
	readonly primaryCredential: string;
	/** Labels. */
	readonly additionalCredentials: readonly string[];
	/** Names of the plans that use it. */
	readonly plans: readonly string[];
};

export async function listOrganizations(workplace: Workplace): Promise<OrganizationSummary[]> {
	const contents = await workplace.store.read();
	return contents.organizations.map(organization => ({
		workspace: organization.workspace,
		apiUrl: organization.apiUrl,
		gitUrl: organization.gitUrl,
		...(organization.apiLimit === undefined ? {} : {apiLimit: organization.apiLimit}),
		reservePercent: organization.reservePercent,
		primaryCredential: organization.primaryCredential.label,
		additionalCredentials: organization.additionalCredentials.map(credential => credential.label),
		plans: contents.plans.filter(plan => plan.organization === organization.workspace).map(plan => plan.name),
	}));
}

function refuseTwice(contents: StoreContents, workspace: string): void {
	if (contents.organizations.some(organization => organization.workspace === workspace)) {
		throw new UserError(
			`"${workspace}" is connected already. Add further credentials with: bucket-brigade credential add ${workspace}`,
		);
	}
}

function withoutSlash(url: string | undefined): string | undefined {
	return url?.replace(/\/+$/, '');
}
