import {readFile} from 'node:fs/promises';
import {addCredential} from '../actions/credentials.ts';
import {addOrganization, listOrganizations, removeOrganization} from '../actions/organizations.ts';
import {addPlan, chooseAdditionalCredentials, listPlans, removePlan} from '../actions/plans.ts';
import type {Workplace} from '../actions/workplace.ts';
import {isSafeOrigin} from '../model/organization.ts';
import {UserError} from '../system/user-error.ts';
import type {DemoSandbox} from './demo-sandbox.ts';

export const demoPlan = 'nightly';

/** The additional credentials of the demo; the second token of a user is there to show that it adds no quota. */
const additional = ['bot-1', 'bot-1-second', 'bot-2', 'ci-token'];

/**
Connects the sandbox's workspace with all its credentials, and makes a plan in which they share the load.

@throws UserError where the home holds somebody's own work.
*/
export async function setUpDemo(workplace: Workplace, sandbox: DemoSandbox, apiLimit: string): Promise<void> {
	await clearEarlierDemo(workplace, sandbox.workspace);
	const draftOf = async (label: string) => {
		const found = sandbox.credentials.find(credential => credential.label === label);
		if (found === undefined) {
			throw new UserError(`The sandbox has no credential called "${label}".`);
		}

		const {kind, username, secretFile} = found;
		return {label, kind, username, secret: await readFile(secretFile, 'utf8'), check: true};
	};

	const {apiUrl, gitUrl, workspace} = sandbox;
	await addOrganization(workplace, {...(await draftOf('primary')), workspace, apiUrl, gitUrl, apiLimit});
	for (const label of additional) {
		await addCredential(workplace, workspace, await draftOf(label));
	}

	const {organizations} = await workplace.store.read();
	const organization = organizations.find(one => one.workspace === workspace);
	if (organization !== undefined) {
		await addPlan(workplace, {
			name: demoPlan,
			organization: workspace,
			advanced: {additionalCredentials: chooseAdditionalCredentials(organization, 'all')},
		});
	}
}

/** A home kept from an earlier demo is connected anew: each sandbox has an address of its own. */
async function clearEarlierDemo(workplace: Workplace, workspace: string): Promise<void> {
	const organizations = await listOrganizations(workplace);
	const foreign = organizations.find(
		one => one.workspace !== workspace || !one.apiUrl.startsWith('http://') || !isSafeOrigin(one.apiUrl),
	);
	if (foreign !== undefined) {
		throw new UserError(
			`The home ${workplace.home.store} holds an organization that is no demo ("${foreign.workspace}"). Give the demo a folder of its own.`,
			{exitCode: 2},
		);
	}

	for (const plan of await listPlans(workplace)) {
		await removePlan(workplace, plan.name);
	}

	for (const organization of organizations) {
		await removeOrganization(workplace, organization.workspace);
	}
}
