import {checkDestination} from '../actions/check-destination.ts';
import {
	addCredential,
	checkCredentials,
	editCredential,
	listCredentials,
	removeCredential,
} from '../actions/credentials.ts';
import {listExpiring} from '../actions/expiring-credentials.ts';
import {forecastPlan} from '../actions/forecast-plan.ts';
import {addOrganization, listOrganizations} from '../actions/organizations.ts';
import {addPlan, editPlan, listPlans, removePlan} from '../actions/plans.ts';
import {listKnownRepositories, listRepositories} from '../actions/repositories.ts';
import {cancelRun, followRun, listRuns, pauseRun, resumeRun, startDetachedRun} from '../actions/runs.ts';
import {listSettings} from '../actions/settings.ts';
import type {Workplace} from '../actions/workplace.ts';
import {createBackupServices} from './create-backup-services.ts';
import type {AppServices} from './services.ts';

/** The screens' services on a real home. */
export function createAppServices(workplace: Workplace): AppServices {
	const {store, clock} = workplace;
	return {
		...createBackupServices(workplace),
		organizations: async () => listOrganizations(workplace),
		addOrganization: async draft => addOrganization(workplace, draft),
		repositories: async (workspace, signal) => listRepositories(workplace, workspace, signal),
		knownRepositories: async workspace => listKnownRepositories(workplace, workspace),
		credentials: async workspace => listCredentials(workplace, workspace),
		addCredential: async (workspace, draft) => addCredential(workplace, workspace, draft),
		editCredential: async (workspace, label, changes) => editCredential(workplace, workspace, label, changes),
		removeCredential: async (workspace, label) => removeCredential(workplace, workspace, label),
		checkCredential: async (workspace, label) =>
			(await checkCredentials(workplace, workspace, label)).find(checked => checked.label === label)?.check,
		expiring: async () => listExpiring(workplace),
		checkDestination: async destination => checkDestination(workplace, destination),
		plans: async () => listPlans(workplace),
		addPlan: async draft => addPlan(workplace, draft),
		editPlan: async (name, changes) => editPlan(workplace, name, changes),
		forecast: async plan => forecastPlan(workplace, plan),
		removePlan: async name => removePlan(workplace, name),
		startRun: async plan => (await startDetachedRun(workplace, plan)).run,
		pauseRun: async run => pauseRun(workplace, run),
		resumeRun: async run => resumeRun(workplace, run),
		cancelRun: async run => cancelRun(workplace, run),
		followRun: (run, signal) => followRun(workplace, run, signal),
		runs: async () => listRuns(workplace),
		settings: async () => listSettings(workplace),
		notices: () => store.notices(),
		now: () => clock.now(),
	};
}
