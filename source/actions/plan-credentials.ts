import type {Credential} from '../model/credential.ts';
import type {Organization} from '../model/organization.ts';
import type {AdvancedSettings, Plan} from '../model/plan.ts';
import {UserError} from '../system/user-error.ts';

/** The additional credentials that share a plan's load: all there are now, none, or those with these labels. */
export type AdditionalCredentialsChoice = 'all' | 'none' | readonly string[];

/** @throws UserError (wrong usage) for an unknown label, listing the known ones. */
export function chooseAdditionalCredentials(
	organization: Organization,
	choice: AdditionalCredentialsChoice,
): AdvancedSettings['additionalCredentials'] {
	const additional = organization.additionalCredentials;
	if (choice === 'none') {
		return {enabled: false, credentials: []};
	}

	if (choice === 'all') {
		return {enabled: true, credentials: additional.map(credential => credential.id)};
	}

	return {
		enabled: true,
		credentials: choice.map(label => {
			const found = additional.find(credential => credential.label === label);
			if (found === undefined) {
				throw new UserError(unknownLabel(organization, label), {exitCode: 2});
			}

			return found.id;
		}),
	};
}

/** The credentials that a plan's run signs in with: the primary one, then the additional ones switched on. */
export function credentialsOfPlan(organization: Organization, plan: Plan): Credential[] {
	const {enabled, credentials} = plan.advanced.additionalCredentials;
	return [
		organization.primaryCredential,
		...organization.additionalCredentials.filter(
			credential => enabled && credentials.includes(credential.id),
		),
	];
}

function unknownLabel(
	{workspace, additionalCredentials, primaryCredential}: Organization,
	label: string,
): string {
	if (label === primaryCredential.label) {
		return `"${label}" is the primary credential of ${workspace}: every plan uses it, name the additional ones only.`;
	}

	const known = additionalCredentials.map(credential => credential.label);
	return `${workspace} has no additional credential called "${label}". ${known.length > 0 ? `Known: ${known.join(', ')}.` : `Add one with: bucket-brigade credential add ${workspace}`}`;
}
