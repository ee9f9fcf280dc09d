import type {AccountPool} from '../accounts/pool-types.ts';
import type {Organization} from '../model/organization.ts';
import type {Plan} from '../model/plan.ts';
import type {RunReport} from '../runs/events.ts';
import type {Clock} from '../system/clock.ts';
import type {BackupMemory} from './backup-memory.ts';
import type {LookAhead} from './look-ahead.ts';
import type {MirrorElsewhere} from './mirrors-elsewhere.ts';
import type {Advertisement} from './read-advertisement.ts';
import type {ListedRepository} from './repository-list.ts';
import type {RetentionPolicies} from './retention/retain-after-backup.ts';
import type {TransferSlots} from './transfer-slots.ts';
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
	/** Bound how many large files come at once. */
	readonly transfers: TransferSlots;
	/** The run's id. */
	readonly run: string;
	/** All that Bitbucket says of a repository in its list, byte for byte. */
	readonly describe: (repository: ListedRepository) => Promise<Buffer>;
	/** Mirrors of repositories that were transferred from another workspace, by uuid. */
	readonly elsewhere: ReadonlyMap<string, MirrorElsewhere>;
	/** What upstream advertises, asked for ahead of the repositories' turn; undefined where Git is not wanted. */
	readonly advertisements: LookAhead<ListedRepository, Advertisement> | undefined;
	/** How long snapshots are kept; as the plan alone says, where it is left out. */
	readonly retention?: RetentionPolicies;
	/** Without it, no mirror is verified in its turn. */
	readonly verifyBudget?: VerifyBudget;
};
