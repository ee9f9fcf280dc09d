import type {Workplace} from '../actions/workplace.ts';
import type {BackupServices} from './backup-services.ts';
import type {AppServices} from './services.ts';

/*
What each service does is loaded when it is first called: the first frame waits neither for the client of Bitbucket nor for what reads backups.
*/
const checkDestination = async () => import('../actions/check-destination.ts');
const credentials = async () => import('../actions/credentials.ts');
const expiringCredentials = async () => import('../actions/expiring-credentials.ts');
const forecastPlan = async () => import('../actions/forecast-plan.ts');
const notifications = async () => import('../actions/notifications/notifications.ts');
const organizations = async () => import('../actions/organizations.ts');
const plans = async () => import('../actions/plans.ts');
const repositories = async () => import('../actions/repositories.ts');
const runs = async () => import('../actions/runs.ts');
const scheduleState = async () => import('../actions/schedule/schedule-state.ts');
const settings = async () => import('../actions/settings.ts');

/** The screens' services on a real home. */
export function createAppServices(workplace: Workplace): AppServices {
	const {store, clock} = workplace;
	return {
		...backupServices(workplace),
		organizations: async () => (await organizations()).listOrganizations(workplace),
		addOrganization: async draft => (await organizations()).addOrganization(workplace, draft),
		repositories: async (workspace, signal) =>
			(await repositories()).listRepositories(workplace, workspace, signal),
		knownRepositories: async workspace => (await repositories()).listKnownRepositories(workplace, workspace),
		credentials: async workspace => (await credentials()).listCredentials(workplace, workspace),
		addCredential: async (workspace, draft) =>
			(await credentials()).addCredential(workplace, workspace, draft),
		editCredential: async (workspace, label, changes, opened) =>
			(await credentials()).editCredential(workplace, workspace, label, changes, opened),
		removeCredential: async (workspace, label) =>
			(await credentials()).removeCredential(workplace, workspace, label),
		checkCredential: async (workspace, label) => {
			const {checkCredentials} = await credentials();
			return (await checkCredentials(workplace, workspace, label)).find(checked => checked.label === label)
				?.check;
		},
		expiring: async () => (await expiringCredentials()).listExpiring(workplace),
		checkDestination: async destination =>
			(await checkDestination()).checkDestination(workplace, destination),
		plans: async () => (await plans()).listPlans(workplace),
		schedules: async () => (await scheduleState()).scheduleState(workplace),
		addPlan: async draft => (await plans()).addPlan(workplace, draft),
		editPlan: async (name, changes, opened) => (await plans()).editPlan(workplace, name, changes, opened),
		forecast: async plan => (await forecastPlan()).forecastPlan(workplace, plan),
		removePlan: async name => (await plans()).removePlan(workplace, name),
		startRun: async plan => (await (await runs()).startDetachedRun(workplace, plan)).run,
		pauseRun: async run => (await runs()).pauseRun(workplace, run),
		resumeRun: async run => (await runs()).resumeRun(workplace, run),
		cancelRun: async run => (await runs()).cancelRun(workplace, run),
		async *followRun(run, signal) {
			yield* (await runs()).followRun(workplace, run, signal);
		},
		runs: async () => (await runs()).listRuns(workplace),
		unlock: async passphrase => workplace.unlock(passphrase),
		settings: async () => (await settings()).listSettings(workplace),
		notifications: async () => (await (await notifications()).showNotifications(workplace)) ?? 'off',
		setNotifications: async draft => (await notifications()).setNotifications(workplace, draft),
		testNotifications: async () => (await notifications()).testNotifications(workplace),
		forgetNotifications: async () => (await notifications()).forgetNotifications(workplace),
		notices: () => store.notices(),
		now: () => clock.now(),
	};
}

function backupServices(workplace: Workplace): BackupServices {
	let loaded: Promise<BackupServices> | undefined;
	const services = async (): Promise<BackupServices> => {
		loaded ??= import('./create-backup-services.ts').then(({createBackupServices}) =>
			createBackupServices(workplace),
		);
		return loaded;
	};

	return {
		backups: async (...of) => (await services()).backups(...of),
		workspaceBackups: async (...of) => (await services()).workspaceBackups(...of),
		snapshots: async (...of) => (await services()).snapshots(...of),
		changesTexts: async (...of) => (await services()).changesTexts(...of),
		snapshot: async (...of) => (await services()).snapshot(...of),
		compare: async (...of) => (await services()).compare(...of),
		pullRequests: async (...of) => (await services()).pullRequests(...of),
		pullRequest: async (...of) => (await services()).pullRequest(...of),
		snapshotFiles: async (...of) => (await services()).snapshotFiles(...of),
		snapshotFile: async (...of) => (await services()).snapshotFile(...of),
		restoreTarget: async of => (await services()).restoreTarget(of),
		restore: async (...of) => (await services()).restore(...of),
		verify: async (...of) => (await services()).verify(...of),
		inspectForget: async (...of) => (await services()).inspectForget(...of),
		forget: async (...of) => (await services()).forget(...of),
		acceptChange: async of => (await services()).acceptChange(of),
		// What was never begun has nothing to clear up; what waits to be loaded begins first, for it asked first.
		settled: async () => (loaded === undefined ? undefined : (await services()).settled()),
	};
}
