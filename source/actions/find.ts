import type {Credential} from '../model/credential.ts';
import {allCredentials, type Organization} from '../model/organization.ts';
import type {Plan} from '../model/plan.ts';
import type {StoreContents} from '../store/store.ts';
import {UserError} from '../system/user-error.ts';

/*
What a person calls by name, or a sentence that lists what there is instead.
*/

/** @throws UserError (wrong usage) */
export function findOrganization(contents: StoreContents, workspace: string): Organization {
	const found = contents.organizations.find(organization => organization.workspace === workspace);
	if (found === undefined) {
		throw unknown(
			'organization',
			workspace,
			contents.organizations.map(organization => organization.workspace),
			'Connect it with: bucket-brigade organization add',
		);
	}

	return found;
}

/** @throws UserError (wrong usage) */
export function findCredential(organization: Organization, label: string): Credential {
	const credentials = allCredentials(organization);
	const found = credentials.find(credential => credential.label === label);
	if (found === undefined) {
		throw unknown(
			`credential of ${organization.workspace}`,
			label,
			credentials.map(credential => credential.label),
			'',
		);
	}

	return found;
}

/** @throws UserError (wrong usage) */
export function findPlan(contents: StoreContents, name: string): Plan {
	const found = contents.plans.find(plan => plan.name === name);
	if (found === undefined) {
		throw unknown(
			'plan',
			name,
			contents.plans.map(plan => plan.name),
			'Make one with: bucket-brigade plan add',
		);
	}

	return found;
}

function unknown(kind: string, name: string, known: readonly string[], whenNone: string): UserError {
	const hint = known.length > 0 ? `Known: ${known.join(', ')}.` : `There is none yet. ${whenNone}`.trim();
	return new UserError(`There is no ${kind} called "${name}". ${hint}`, {exitCode: 2});
}
