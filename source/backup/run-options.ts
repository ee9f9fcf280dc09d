import type {Pause} from '../accounts/pause.ts';
import type {AccountPool} from '../accounts/pool-types.ts';
import type {Organization} from '../model/organization.ts';
import type {Plan} from '../model/plan.ts';
import type {RunReport} from '../runs/events.ts';
import type {Clock} from '../system/clock.ts';
import type {Redactor} from '../system/redactor.ts';
import type {BackupMemory} from './backup-memory.ts';
import type {RetentionPolicies} from './retention/retain-after-backup.ts';
import type {EarlierRuns} from './run-forecast.ts';

export type RunPlanOptions = {
	readonly plan: Plan;
	readonly organization: Organization;
	/** Folder that holds the mirrors. */
	readonly destination: string;
	readonly pool: AccountPool;
	readonly report: (report: RunReport) => void;
	readonly clock: Clock;
	/** Cancels the run. */
	readonly signal: AbortSignal;
	/** While it is set, nothing new begins; the pool knows of it too. */
	readonly pause?: Pause | undefined;
	readonly memory: BackupMemory;
	/** The run's id. */
	readonly run: string;
	/** Says what the plan covers and ends there; nothing is written. */
	readonly dryRun?: boolean;
	readonly redactor: Redactor;
	/** How long snapshots are kept; as the plan alone says, where it is left out. */
	readonly retention?: RetentionPolicies;
	/** What the last runs of the plan measured, the newest first; what it takes is foretold from it. */
	readonly earlier?: EarlierRuns;
	/** A run that broke off a short while ago; what it finished is not done again. */
	readonly brokenRun?: {readonly run: string; readonly repositories: ReadonlySet<string>} | undefined;
};
