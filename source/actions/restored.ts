import type {RestoreProgress} from '../backup/restore/restore-progress.ts';
import type {BackupsOf} from './open-backups.ts';

/** What is to be restored, and how. */
export type RestoreOptions = BackupsOf & {
	/** Slug, uuid or name of the folder. */
	readonly repository: string;
	/** As it was typed: an id, the beginning of one, a date, `latest`. */
	readonly snapshot: string;
	/** A folder, or an address that git can push to. */
	readonly to: string;
	readonly isWorkingCopy: boolean;
	/** A folder for what lies around Git; `beside` is next to the one that is restored to. */
	readonly metadata: 'beside' | 'none' | {readonly folder: string};
	readonly withLfs: boolean;
	/** Whether a repository that has refs may be pushed to. */
	readonly force: boolean;
	readonly progress: RestoreProgress;
	/** Told before it happens: the refs of the target that will be written over. */
	readonly onOverwrite: (names: readonly string[]) => void;
};

/** What a restore came to; `--json` prints just this. */
export type Restored = {
	readonly repository: string;
	readonly snapshot: string;
	/** ISO-8601 time of the snapshot. */
	readonly at: string;
	/** Absolute path of the folder, or the address. */
	readonly to: string;
	readonly form: 'bare' | 'working-copy' | 'files' | 'pushed';
	/** `partial` where something that the snapshot lists is missing in what was restored. */
	readonly status: 'restored' | 'partial';
	readonly refs: number;
	/** What HEAD is, or should be made: a ref, or an id where it is detached. */
	readonly head: string | null;
	readonly lfsObjects: number;
	readonly downloads: number;
	/** Absolute path of the folder with what lies around Git. */
	readonly metadata: string | null;
	/** Refs that the target did not take. */
	readonly rejected: ReadonlyArray<{readonly ref: string; readonly reason: string}>;
	/** Refs of the target that were written over. */
	readonly overwritten: readonly string[];
	/** What is missing, in sentences. */
	readonly problems: readonly string[];
	/** What else a person should know, in sentences. */
	readonly notes: readonly string[];
};

/** What the way of restoring decides. */
export type RestoredParts = Omit<Restored, 'repository' | 'snapshot' | 'at'>;
