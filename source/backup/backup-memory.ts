import type {RepositoryStatus} from '../runs/events.ts';
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
	readonly archivedSince?: string;
	readonly verifiedAt?: string;
	/** When everything that is read in turns was last read in full. */
	readonly turnTakenAt?: string;
	/** When everything was last read and compared. */
	readonly fullPassAt?: string;
	/** By plan, what its runs took. */
	readonly costs?: Readonly<Record<string, RepositoryCosts>>;
};

/** Where a run leaves what it found out; the catalog is one. */
export type BackupMemory = {
	readonly get: (workspace: string, uuid: string) => BackupMemoryEntry | undefined;
	readonly put: (entry: BackupMemoryEntry) => void;
};
