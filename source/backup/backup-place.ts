import type {AccountPool} from '../accounts/pool-types.ts';
import type {Organization} from '../model/organization.ts';
import type {Plan} from '../model/plan.ts';
import type {RunReport} from '../runs/events.ts';
import type {Clock} from '../system/clock.ts';
import type {BackupMemory} from './backup-memory.ts';
import type {VerifyBudget} from './verify/verify-budget.ts';

/** What every part of a run works with. */
export type BackupPlace = {
	readonly plan: Plan;
	readonly organization: Organization;
	/** Real path of the folder that holds the workspace's mirrors. */
	readonly workspaceFolder: string;
	readonly pool: AccountPool;
	readonly report: (report: RunReport) => void;
	readonly clock: Clock;
	readonly signal: AbortSignal;
	readonly memory: BackupMemory;
	/** The run's id. */
	readonly run: string;
	/** Without it, no mirror is verified in its turn. */
	readonly verifyBudget?: VerifyBudget;
};
