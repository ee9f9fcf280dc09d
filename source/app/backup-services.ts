import type {ForgottenMirror} from '../actions/forget.ts';
import type {ComparedInWords, InspectedSnapshot} from '../actions/inspect-snapshot.ts';
import type {RepositoryBackup} from '../actions/repository-backups.ts';
import type {ComparedPair, RepositorySnapshots} from '../actions/repository-snapshots.ts';
import type {RestoreForm, RestoreTarget} from '../actions/restore-target.ts';
import type {Restored} from '../actions/restored.ts';
import type {SavedPullRequests} from '../actions/show-pull-request.ts';
import type {SnapshotFiles} from '../actions/snapshot-files.ts';
import type {Verification} from '../actions/verify.ts';
import type {WorkspaceBackup} from '../actions/workspace-backups.ts';

/** The backup of one repository in one destination. */
export type BackupOf = {
	/** The plan through whose destination it is reached. */
	readonly plan: string;
	/** Name of the mirror's folder. */
	readonly folder: string;
};

/** What is restored, in which form, and where to. */
export type RestoreRequest = BackupOf & {
	/** Id of the snapshot. */
	readonly snapshot: string;
	readonly form: RestoreForm;
	/** A folder, or an address. */
	readonly to: string;
	/** Whether what lies around Git goes into a folder beside it; not for a push. */
	readonly withMetadata: boolean;
	readonly withLfs: boolean;
	/** Whether refs of a repository that is not empty may be written over. */
	readonly force: boolean;
};

/** How far some work is; `total` is 0 where that is not known. */
export type WorkProgress = {
	/** What is worked on: `LFS`. */
	readonly stage: string;
	readonly done: number;
	readonly total: number;
	readonly unit: string;
};

export type ReportWork = (progress: WorkProgress) => void;

/** What the screens do with backups. Nothing but a repair and a push asks anybody outside of this machine. */
export type BackupServices = {
	/** Every backup of a repository, one for each destination. */
	readonly backups: (
		workspace: string,
		repository: string,
		signal: AbortSignal,
	) => Promise<readonly RepositoryBackup[]>;
	/** Those of a workspace's own data and of its snippets, for each destination. */
	readonly workspaceBackups: (workspace: string, signal: AbortSignal) => Promise<readonly WorkspaceBackup[]>;
	readonly snapshots: (of: BackupOf, signal: AbortSignal) => Promise<RepositorySnapshots>;
	/** A line about what changed, by the later snapshot's id. */
	readonly changesTexts: (
		of: BackupOf,
		pairs: readonly ComparedPair[],
		signal: AbortSignal,
	) => Promise<ReadonlyMap<string, string>>;
	readonly snapshot: (of: BackupOf, id: string, signal: AbortSignal) => Promise<InspectedSnapshot>;
	readonly compare: (of: BackupOf, pair: ComparedPair, signal: AbortSignal) => Promise<ComparedInWords>;
	readonly pullRequests: (of: BackupOf, snapshot: string, signal: AbortSignal) => Promise<SavedPullRequests>;
	/** One of them as a page of Markdown. */
	readonly pullRequest: (
		of: BackupOf,
		snapshot: string,
		number: number,
		signal: AbortSignal,
	) => Promise<string>;
	readonly snapshotFiles: (of: BackupOf, snapshot: string, signal: AbortSignal) => Promise<SnapshotFiles>;
	/** One of them as text. */
	readonly snapshotFile: (
		of: BackupOf,
		snapshot: string,
		path: string,
		signal: AbortSignal,
	) => Promise<string>;
	/** Looks at a place to restore to; changes nothing, asks nobody. */
	readonly restoreTarget: (
		of: Pick<RestoreRequest, 'plan' | 'form' | 'to' | 'withMetadata'>,
	) => Promise<RestoreTarget>;
	readonly restore: (request: RestoreRequest, report: ReportWork, signal: AbortSignal) => Promise<Restored>;
	readonly verify: (
		of: BackupOf,
		repair: boolean,
		report: ReportWork,
		signal: AbortSignal,
	) => Promise<readonly Verification[]>;
	/** What would stay and what would go, by the rules of the plan. */
	readonly inspectForget: (of: BackupOf, signal: AbortSignal) => Promise<ForgottenMirror>;
	readonly forget: (of: BackupOf, signal: AbortSignal) => Promise<ForgottenMirror>;
	/** Accepts what froze a repository; returns what that was. */
	readonly acceptChange: (of: BackupOf) => Promise<string>;
	/** Resolves once what was begun here, and cancelled, has cleared up after itself. */
	readonly settled: () => Promise<void>;
};
