import type {RepositoryStatus} from '../model/repository-status.ts';
import type {RepositoryCosts} from './repository-costs.ts';

/** What the last runs found out about a repository. Times are ISO-8601. Lost, it is found out anew. */
export type BackupMemoryEntry = {
	readonly workspace: string;
	/** With its braces, as Bitbucket writes it. */
	readonly uuid: string;
	readonly slug: string;
	/** Name of the plan that backed it up last. */
	readonly plan: string;
	readonly lastRunAt: string;
	/** When all of its data was last known to be saved. */
	readonly lastBackupAt?: string;
	readonly status?: RepositoryStatus;
	/** Id of its newest snapshot. */
	readonly snapshot?: string;
	/** Bytes that its backup takes on disk. */
	readonly bytes?: number;
	readonly refsDigest?: string;
	readonly metadataDigest?: string;
	/** Since when it is gone upstream: its backup is kept, and nobody asks for it any more. */
	readonly archivedSince?: string;
	readonly verifiedAt?: string;
	/** When everything that is read in turns was last read in full. */
	readonly turnTakenAt?: string;
	/** What its old snapshots were removed by the last time: the rules, and the newest snapshot then. */
	readonly retention?: string;
	/** When everything was last read and compared. */
	readonly fullPassAt?: string;
	/** By plan, what its runs took. */
	readonly costs?: Readonly<Record<string, RepositoryCosts>>;
};

/** Where a run leaves what it found out; the catalog is one. */
export type BackupMemory = {
	readonly get: (workspace: string, uuid: string) => BackupMemoryEntry | undefined;
	/** Every repository of a workspace that was seen, also those that are gone upstream. */
	readonly list: (workspace: string) => readonly BackupMemoryEntry[];
	readonly put: (entry: BackupMemoryEntry) => void;
	/** Forgets a repository: it belongs to another workspace now. */
	readonly remove: (workspace: string, uuid: string) => void;
};
