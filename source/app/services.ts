import type {CredentialCheck} from '../accounts/credential-check.ts';
import type {DestinationCheck} from '../actions/check-destination.ts';
import type {
	AddedCredential,
	CredentialChanges,
	CredentialDraft,
	CredentialParts,
	CredentialSummary,
	RemovedCredential,
} from '../actions/credentials.ts';
import type {ExpiringCredential} from '../actions/expiring-credentials.ts';
import type {PlanForecast} from '../actions/forecast-plan.ts';
import type {Notifications, NotifyWhen, Told} from '../actions/notifications/notifications.ts';
import type {AddedOrganization, OrganizationDraft, OrganizationSummary} from '../actions/organizations.ts';
import type {PlanChanges, PlanDraft, PlanSummary} from '../actions/plans.ts';
import type {RepositoryTile} from '../actions/repositories.ts';
import type {ScheduleState} from '../actions/schedule/schedule-state.ts';
import type {SettingsFact} from '../actions/settings.ts';
import type {Plan} from '../model/plan.ts';
import type {RunEvent} from '../runs/events.ts';
import type {RunSummary} from '../runs/run-list.ts';
import type {BackupServices} from './backup-services.ts';

/** All that the screens can do; the same actions that the commands call. Errors are sentences for a person. */
export type AppServices = BackupServices & {
	readonly organizations: () => Promise<readonly OrganizationSummary[]>;
	readonly addOrganization: (draft: OrganizationDraft) => Promise<AddedOrganization>;
	/** What Bitbucket lists now, with what is known of each backup. Costs requests. */
	readonly repositories: (workspace: string, signal: AbortSignal) => Promise<readonly RepositoryTile[]>;
	/** What is known without asking Bitbucket. */
	readonly knownRepositories: (workspace: string) => Promise<readonly RepositoryTile[]>;
	readonly credentials: (workspace: string) => Promise<readonly CredentialSummary[]>;
	readonly addCredential: (workspace: string, draft: CredentialDraft) => Promise<AddedCredential>;
	/** @param opened The credential as it was when its form was opened. */
	readonly editCredential: (
		workspace: string,
		label: string,
		changes: CredentialChanges,
		opened: CredentialParts | undefined,
	) => Promise<AddedCredential>;
	readonly removeCredential: (workspace: string, label: string) => Promise<RemovedCredential>;
	readonly checkCredential: (workspace: string, label: string) => Promise<CredentialCheck | undefined>;
	/** The credentials of all organizations whose end is near, the most urgent one first. */
	readonly expiring: () => Promise<readonly ExpiringCredential[]>;
	/** What is known of a folder before backups are put into it. */
	readonly checkDestination: (destination: string) => Promise<DestinationCheck>;
	readonly plans: () => Promise<readonly PlanSummary[]>;
	/** Which plans have a schedule, and whether anybody looks at it. */
	readonly schedules: () => Promise<ScheduleState>;
	readonly addPlan: (draft: PlanDraft) => Promise<Plan>;
	/** @param opened The plan as it was when its form was opened. */
	readonly editPlan: (name: string, changes: PlanChanges, opened: Plan | undefined) => Promise<Plan>;
	/** What a plan's next run would take, as it is stored or as it is being edited. Asks nobody. */
	readonly forecast: (plan: Plan) => Promise<PlanForecast>;
	readonly removePlan: (name: string) => Promise<void>;
	/** Starts a run in a process of its own and returns its id. */
	readonly startRun: (plan: string) => Promise<string>;
	/** Begins nothing new in the run until it is resumed; what is under way ends. */
	readonly pauseRun: (run: string) => Promise<unknown>;
	readonly resumeRun: (run: string) => Promise<unknown>;
	readonly cancelRun: (run: string) => Promise<void>;
	/** A run's events, from the first to the last. */
	readonly followRun: (run: string, signal: AbortSignal) => AsyncIterable<RunEvent>;
	readonly runs: () => Promise<readonly RunSummary[]>;
	/** Opens the vault with a passphrase that was typed. */
	readonly unlock: (passphrase: string) => Promise<void>;
	readonly settings: () => Promise<readonly SettingsFact[]>;
	/** What is run at the end of runs. */
	readonly notifications: () => Promise<Notifications | 'off'>;
	readonly setNotifications: (draft: {
		readonly when: NotifyWhen;
		readonly command: readonly string[];
	}) => Promise<Notifications>;
	/** Runs the command as a run would at its end, and says what came of it. */
	readonly testNotifications: () => Promise<Told>;
	readonly forgetNotifications: () => Promise<boolean>;
	/** What a person should know of how the store was found. */
	readonly notices: () => readonly string[];
	/** Milliseconds since the epoch. */
	readonly now: () => number;
};
