import type {User} from '../world.ts';

/** A repository's Git history before Git has seen it: commits are named by mark (1, 2, 3 …), hashes come later. */
export type HistoryPlan = {
	/** Parents before children. */
	readonly commits: readonly PlannedCommit[];
	/** Branches, lightweight tags and hidden refs, by full name. */
	readonly refs: ReadonlyMap<string, number>;
	readonly tags: readonly PlannedTag[];
	readonly notes: readonly PlannedNote[];
	readonly pullRequests: readonly PlannedPullRequest[];
	readonly trunk: string;
	/** Commits that the trunk once ended with, oldest first; the last one is its tip. */
	readonly trunkMarks: readonly number[];
	/** By oid. */
	readonly lfsObjects: ReadonlyMap<string, Uint8Array>;
	/** All files of a commit, by its mark. */
	readonly filesAt: (mark: number) => ReadonlyMap<string, FileContent>;
};

export type FileContent = string | Uint8Array;

export type PlannedCommit = {
	readonly mark: number;
	readonly author: Pick<User, 'displayName' | 'email'>;
	readonly committer: Pick<User, 'displayName' | 'email'>;
	/** Epoch milliseconds, whole seconds. */
	readonly time: number;
	readonly message: string;
	readonly parents: readonly number[];
	/** `null` deletes. */
	readonly changes: ReadonlyMap<string, FileContent | null>;
};

export type PlannedTag = {
	readonly name: string;
	readonly mark: number;
	readonly target: number;
	readonly tagger: Pick<User, 'displayName' | 'email'>;
	readonly time: number;
	readonly message: string;
};

export type PlannedNote = {readonly target: number; readonly text: string};

export type PullRequestOutcome =
	| 'open'
	| 'merge_commit'
	| 'squash'
	| 'fast_forward'
	| 'declined'
	| 'superseded';

export type PlannedPullRequest = {
	readonly id: number;
	readonly title: string;
	readonly author: User;
	readonly outcome: PullRequestOutcome;
	readonly branch: string;
	readonly branchDeleted: boolean;
	readonly sourceMark: number;
	/** The destination branch's tip, before the merge if there was one. */
	readonly destinationMark: number;
	/** Where the source branch left the trunk. */
	readonly baseMark: number;
	readonly mergeMark?: number;
	/** Epoch milliseconds. `closedAt` is absent of an open one. */
	readonly openedAt: number;
	readonly closedAt?: number;
	readonly closedBy?: User;
};
