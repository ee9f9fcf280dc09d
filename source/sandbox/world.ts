/**
 * The sandbox's world: everything that the stand-in for Bitbucket Cloud knows, as plain data. Field names follow Bitbucket's
 * REST JSON in camel case, shapes do not: whoever answers a request makes the JSON. The data is mutable on purpose, a running
 * sandbox changes it. Times are ISO-8601 in UTC with milliseconds; sizes are bytes.
 */

/** Bitbucket style, with braces: `{3f1c…-…}`. */
export type Uuid = string;

export type Permission = 'read' | 'write' | 'admin';

export type World = {
	readonly seed: number;
	readonly workspace: Workspace;
	/** Everyone who is mentioned anywhere, members and authors who left alike. */
	readonly users: User[];
	readonly groups: Group[];
	readonly members: Member[];
	readonly projects: Project[];
	/** What lists need. What needs Git comes from `SandboxServices.contents(repository)`, made at its first use. */
	readonly repositories: Repository[];
	readonly snippets: Snippet[];
	readonly webhooks: Webhook[];
	readonly variables: Variable[];
	readonly runners: Runner[];
};

export type Workspace = {
	uuid: Uuid;
	slug: string;
	name: string;
	isPrivate: boolean;
	createdOn: string;
	updatedOn: string;
};

export type User = {
	uuid: Uuid;
	/** Atlassian account id: `557058:…` or 24 hexadecimal digits. */
	accountId: string;
	displayName: string;
	nickname: string;
	/** Bitbucket's own user name, with which Git may sign in too. */
	username: string;
	/** Signs in to REST with an API token. */
	email: string;
	createdOn: string;
	/** False for somebody who left: pull requests still name them. */
	active: boolean;
};

export type Group = {slug: string; name: string; fullSlug: string; members: Uuid[]};

export type Member = {
	user: Uuid;
	permission: 'owner' | 'collaborator' | 'member';
	addedOn: string;
	lastAccessed: string;
};

export type Project = {
	uuid: Uuid;
	key: string;
	name: string;
	description: string;
	isPrivate: boolean;
	createdOn: string;
	updatedOn: string;
	defaultReviewers: Uuid[];
	branchingModel: BranchingModel;
	userPermissions: UserPermission[];
	groupPermissions: GroupPermission[];
	deployKeys: DeployKey[];
};

export type UserPermission = {user: Uuid; permission: Permission | 'create-repo'};
/** `group` is the group's slug. */
export type GroupPermission = {group: string; permission: Permission | 'create-repo'};

export type Repository = {
	readonly uuid: Uuid;
	slug: string;
	name: string;
	/** The project's key. */
	project: string;
	isPrivate: boolean;
	/** The repository that this one was forked from. */
	parent?: Uuid;
	/** Absent in a repository without any commit. */
	mainBranch?: string;
	size: number;
	description: string;
	createdOn: string;
	updatedOn: string;
	/** Lower case, as Bitbucket has it; empty when unknown. */
	language: string;
	forkPolicy: 'allow_forks' | 'no_public_forks' | 'no_forks';
	owner: Uuid;
	hasIssues: boolean;
	hasWiki: boolean;
	userPermissions: UserPermission[];
	groupPermissions: GroupPermission[];
};

/** All of a repository that hangs on its commits, and its settings. */
export type RepositoryContents = {
	/** Sorted by name, branches first. What Git advertises besides (notes) is not in REST and not here. */
	refs: Ref[];
	/** By full hash; also commits that no ref reaches (squashed or declined pull requests). */
	commits: Map<string, Commit>;
	pullRequests: PullRequest[];
	commitStatuses: CommitStatus[];
	commitComments: CommitComment[];
	branchRestrictions: BranchRestriction[];
	branchingModel: BranchingModel;
	defaultReviewers: Uuid[];
	deployKeys: DeployKey[];
	webhooks: Webhook[];
	pipelinesEnabled: boolean;
	environments: Environment[];
	/** Pipeline variables of the repository. */
	variables: Variable[];
	schedules: PipelineSchedule[];
	knownHosts: KnownHost[];
	/** The private half is never given. */
	sshKeyPair?: {publicKey: string};
	runners: Runner[];
	/** Oldest first, as Bitbucket lists them. */
	pipelines: Pipeline[];
	deployments: Deployment[];
	downloads: Download[];
	lfsObjects: LfsObject[];
};

export type Ref =
	| {kind: 'branch'; name: string; hash: string}
	/** Lightweight without `annotation`. `hash` is the commit, `annotation.hash` the tag object. */
	| {kind: 'tag'; name: string; hash: string; annotation?: TagAnnotation};

export type TagAnnotation = {hash: string; message: string; tagger: Signature; date: string};

/** `raw` is `Name <e-mail>`; `user` where the e-mail belongs to somebody known. */
export type Signature = {raw: string; user?: Uuid};

export type Commit = {
	hash: string;
	author: Signature;
	/** Author date. */
	date: string;
	committer: Signature;
	committerDate: string;
	message: string;
	parents: string[];
};

export type PullRequestState = 'OPEN' | 'MERGED' | 'DECLINED' | 'SUPERSEDED';

export type PullRequest = {
	id: number;
	title: string;
	description: string;
	state: PullRequestState;
	draft: boolean;
	author: Uuid;
	reviewers: Uuid[];
	participants: Participant[];
	source: PullRequestEnd;
	destination: PullRequestEnd;
	/** Full hash, of a merged one. */
	mergeCommit?: string;
	mergeStrategy?: 'merge_commit' | 'squash' | 'fast_forward';
	closeSourceBranch: boolean;
	closedBy?: Uuid;
	/** Why it was declined; empty otherwise. */
	reason: string;
	createdOn: string;
	updatedOn: string;
	comments: Comment[];
	tasks: Task[];
	/** Oldest first; Bitbucket lists the newest first. */
	activity: Activity[];
};

/** `commit` is a full hash; the branch may be gone. */
export type PullRequestEnd = {branch: string; commit: string; repository: Uuid};

export type Participant = {
	user: Uuid;
	role: 'PARTICIPANT' | 'REVIEWER';
	approved: boolean;
	state: 'approved' | 'changes_requested' | null;
	participatedOn: string | null;
};

export type Comment = {
	/** Unique in the workspace. */
	id: number;
	user: Uuid;
	createdOn: string;
	updatedOn: string;
	/** Markdown. Empty when deleted. */
	raw: string;
	deleted: boolean;
	/** A reply's parent. */
	parent?: number;
	/** `from` is a line of the old side, `to` of the new one. */
	inline?: {path: string; from: number | null; to: number | null; outdated: boolean};
	resolved?: {user: Uuid; on: string};
	pending: boolean;
};

export type CommitComment = Comment & {commit: string};

export type Task = {
	id: number;
	creator: Uuid;
	createdOn: string;
	updatedOn: string;
	state: 'UNRESOLVED' | 'RESOLVED';
	raw: string;
	pending: boolean;
	resolvedOn?: string;
	resolvedBy?: Uuid;
	/** The comment that it belongs to. */
	comment?: number;
};

export type Activity =
	| {
			kind: 'update';
			date: string;
			author: Uuid;
			state: PullRequestState;
			title: string;
			description: string;
			reason: string;
			sourceCommit: string;
			destinationCommit: string;
			reviewers: Uuid[];
	  }
	| {kind: 'approval'; date: string; user: Uuid}
	| {kind: 'changes_requested'; date: string; user: Uuid}
	| {kind: 'comment'; date: string; comment: number};

export type CommitStatus = {
	commit: string;
	uuid: Uuid;
	key: string;
	state: 'SUCCESSFUL' | 'FAILED' | 'INPROGRESS' | 'STOPPED';
	name: string;
	url: string;
	description: string;
	refname: string | null;
	createdOn: string;
	updatedOn: string;
};

export type BranchRestriction = {
	id: number;
	kind: string;
	branchMatchKind: 'glob' | 'branching_model';
	/** Empty with `branching_model`. */
	pattern: string;
	branchType?: 'feature' | 'bugfix' | 'release' | 'hotfix' | 'development' | 'production';
	value: number | null;
	users: Uuid[];
	/** Slugs. */
	groups: string[];
};

export type BranchingModel = {
	development: {name: string | null; useMainbranch: boolean};
	production: {name: string | null; useMainbranch: boolean; enabled: boolean};
	branchTypes: {kind: 'feature' | 'bugfix' | 'release' | 'hotfix'; prefix: string; enabled: boolean}[];
};

export type DeployKey = {
	id: number;
	key: string;
	label: string;
	comment: string;
	owner: Uuid;
	addedOn: string;
	lastUsed: string | null;
};

export type Webhook = {
	uuid: Uuid;
	url: string;
	description: string;
	subjectType: 'repository' | 'workspace';
	active: boolean;
	createdAt: string;
	events: string[];
	/** The secret itself is never given. */
	secretSet: boolean;
	skipCertVerification: boolean;
};

export type Environment = {
	uuid: Uuid;
	name: string;
	slug: string;
	environmentType: 'Test' | 'Staging' | 'Production';
	rank: number;
	hidden: boolean;
	adminOnly: boolean;
	/** Deployment variables. */
	variables: Variable[];
};

/** `value` is absent when `secured`. */
export type Variable = {uuid: Uuid; key: string; value?: string; secured: boolean};

export type PipelineSchedule = {
	uuid: Uuid;
	enabled: boolean;
	/** Quartz style with seconds, as Bitbucket has it. */
	cronPattern: string;
	target: {refName: string; selectorType: 'branches' | 'custom'; selectorPattern: string};
	createdOn: string;
	updatedOn: string;
	/** Uuids of the pipelines that it started. */
	executions: Uuid[];
};

export type KnownHost = {
	uuid: Uuid;
	hostname: string;
	publicKey: {keyType: string; key: string; md5Fingerprint: string; sha256Fingerprint: string};
};

export type Runner = {
	uuid: Uuid;
	name: string;
	labels: string[];
	status: 'ONLINE' | 'OFFLINE' | 'UNREGISTERED' | 'DISABLED';
	version: string;
	createdOn: string;
	updatedOn: string;
};

export type PipelineResult = 'SUCCESSFUL' | 'FAILED' | 'STOPPED' | 'ERROR';

export type Pipeline = {
	uuid: Uuid;
	buildNumber: number;
	creator: Uuid;
	/** `result` and `completedOn` are absent while it runs. */
	state: 'COMPLETED' | 'IN_PROGRESS' | 'PENDING';
	result?: PipelineResult;
	target: {
		refType: 'branch' | 'tag';
		refName: string;
		commit: string;
		selectorType: 'default' | 'branches' | 'custom';
		selectorPattern?: string;
	};
	trigger: 'PUSH' | 'MANUAL' | 'SCHEDULE';
	createdOn: string;
	completedOn?: string;
	buildSecondsUsed: number;
	steps: PipelineStep[];
};

export type PipelineStep = {
	uuid: Uuid;
	name: string;
	state: 'COMPLETED' | 'IN_PROGRESS' | 'PENDING';
	result?: PipelineResult;
	startedOn?: string;
	completedOn?: string;
	image: string;
	setupCommands: string[];
	scriptCommands: string[];
	/** Plain text with colour codes; absent answers 404. */
	log?: string;
};

export type Deployment = {
	uuid: Uuid;
	environment: Uuid;
	state: 'COMPLETED' | 'IN_PROGRESS' | 'UNDEPLOYED';
	status: 'SUCCESSFUL' | 'FAILED' | 'STOPPED';
	/** Of the pipeline and its step that deployed. */
	pipeline: Uuid;
	step: Uuid;
	commit: string;
	startedOn: string;
	completedOn: string;
};

export type Download = {
	name: string;
	size: number;
	user: Uuid;
	createdOn: string;
	downloads: number;
	content: Uint8Array;
};

/** `missing` ones are named by a pointer file, but the server has lost them: the batch answers 404 for them. */
export type LfsObject = {oid: string; size: number; content: Uint8Array; missing: boolean};

export type Snippet = {
	/** Bitbucket's `encoded_id`, in its addresses. */
	id: string;
	uuid: Uuid;
	title: string;
	isPrivate: boolean;
	creator: Uuid;
	owner: Uuid;
	createdOn: string;
	updatedOn: string;
};

/** What of a snippet needs Git, from `SandboxServices.snippetContents(snippet)`. */
export type SnippetContents = {
	/** Hash of its newest commit. */
	head: string;
	/** Newest first. */
	commits: Commit[];
	files: {path: string; content: Uint8Array}[];
	comments: Comment[];
	watchers: Uuid[];
};
