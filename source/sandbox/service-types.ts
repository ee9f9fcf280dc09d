/**
 * What the sandbox's parts hand each other. `start-sandbox.ts` puts them together:
 *
 * - `credentials.ts`  `createCredentials(world: World): readonly SandboxCredential[]`
 * - `sign-in.ts`      `createSignIn({world, credentials, now}): SignInDesk`
 * - `limiter.ts`      `createLimiter({limits, now}): Limiter`
 * - `access.ts`       `accessTo(world, account, repository): Access`
 * - `rest/rest-handler.ts` `createRestHandler(services): (request, response) => Promise<void>`; is given everything below `/2.0`
 *   and `/site/` (the OAuth token address); anything else on the listener is Git or LFS.
 */
import type {IncomingMessage} from 'node:http';
import type {FaultFor} from './faults.ts';
import type {
	Commit,
	Permission,
	Repository,
	RepositoryContents,
	Snippet,
	SnippetContents,
	Uuid,
	World,
} from './world.ts';

/** A group of requests with its own limit. */
export type SandboxResource = 'api' | 'git' | 'raw' | 'archive' | 'webhooks';

export type SandboxLimits = Readonly<
	Partial<Record<SandboxResource, {readonly requests: number; readonly windowMilliseconds: number}>>
>;

export type SandboxCredentialKind =
	| 'api-token'
	| 'repository-access-token'
	| 'project-access-token'
	| 'workspace-access-token'
	| 'oauth-consumer';

export type SandboxCredential = {
	readonly label: string;
	readonly kind: SandboxCredentialKind;
	/** What a person types beside the secret: the e-mail of an API token's user, the consumer's key. */
	readonly username?: string;
	readonly secret: string;
	/** Display name of the account that requests are counted for. */
	readonly account: string;
	/** As Bitbucket spells them for this kind: `read:repository:bitbucket` of API tokens, `repository`, `pullrequest:write` … of the others. */
	readonly scopes: readonly string[];
	/** Slug of the repository, or key of the project, that a token is bound to. */
	readonly reach?: {readonly repository?: string; readonly project?: string};
	/** It signs nobody in any more. */
	readonly revoked?: boolean;
	/** How long an access token of an OAuth consumer lives; 3600 as a rule. */
	readonly tokenLifetimeSeconds?: number;
};

/** Whom Bitbucket counts requests for. */
export type SandboxAccount = {
	/** A user's uuid; of tokens and consumers one of their own. */
	readonly id: string;
	readonly displayName: string;
	readonly kind: 'user' | 'access-token' | 'oauth-consumer';
	/** Of kind `user`. */
	readonly user?: Uuid;
	/** The credential that this request signed in with; two of them may share `id`. */
	readonly credential: SandboxCredential;
};

/** Which way in: the same API token signs in by e-mail to REST, by a fixed user name to Git. */
export type Door = 'api' | 'git';

export type SignInResult =
	| {readonly signedIn: true; readonly account: SandboxAccount}
	/** `message` is Bitbucket's own wording for a person; `gone` is an app password's answer. */
	| {
			readonly signedIn: false;
			readonly reason: 'absent' | 'wrong' | 'revoked' | 'expired' | 'gone';
			readonly message: string;
	  };

export type SignIn = (request: IncomingMessage, door: Door) => SignInResult;

export type SignInDesk = {
	readonly signIn: SignIn;
	/** OAuth client credentials; undefined when the key or secret is wrong. */
	readonly issueAccessToken: (
		key: string,
		secret: string,
	) =>
		| {readonly accessToken: string; readonly expiresInSeconds: number; readonly scopes: readonly string[]}
		| undefined;
	/** Ends the access tokens that a consumer was given so far. */
	readonly expireAccessTokens: (label: string) => void;
	/** Changes a credential from the next request on. Throws for a label that does not exist. */
	readonly change: (label: string, change: (credential: SandboxCredential) => SandboxCredential) => void;
	/** Whom requests with a credential are counted for. Throws for a label that does not exist. */
	readonly accountOf: (label: string) => SandboxAccount;
};

/** `limit` and `windowMilliseconds` are what the resource has; `remaining` is after this request. */
export type ChargeResult = {
	readonly allowed: boolean;
	readonly limit: number;
	readonly remaining: number;
	readonly windowMilliseconds: number;
	/** What `Retry-After` says; Bitbucket's own answers had none. */
	readonly retryAfterSeconds?: number;
};

/** Counts one HTTP request against the window; one that is not allowed uses nothing of it. */
export type Charge = (account: SandboxAccount, resource: SandboxResource) => ChargeResult;

export type Limiter = {
	readonly charge: Charge;
	/** For who has no credential: 60 an hour, by address. */
	readonly chargeAnonymous: (address: string) => ChargeResult;
	/** What another tool uses of the account's quota: up to `requests` now, in no statistics. */
	readonly burst: (account: SandboxAccount, resource: SandboxResource, requests: number) => void;
	readonly statistics: () => readonly AccountStatistics[];
};

export type AccountStatistics = {
	/** `SandboxAccount.id` and its display name. */
	readonly id: string;
	readonly account: string;
	readonly resource: SandboxResource;
	readonly requests: number;
	/** Of `requests`, those answered 429. */
	readonly throttled: number;
};

export type SandboxStatistics = {
	readonly accounts: readonly AccountStatistics[];
	readonly requests: number;
	readonly throttled: number;
	/** Sent on the wire by the server and its storage host. */
	readonly bytes: number;
	/** Requests to the storage host that carried a credential that is not the storage host's business. */
	readonly leaks: readonly Leak[];
};

/** `authorization` is only the scheme ("Basic"), never the secret. */
export type Leak = {readonly method: string; readonly path: string; readonly authorization: string};

export type Access = 'none' | Permission;

/** Reads a repository's bare Git repository. Every method rejects when a hash is unknown to it. */
export type GitReader = {
	/** Newest first: commits that `include` reaches and `exclude` does not. */
	readonly log: (
		repository: Repository,
		range: {
			readonly include: readonly string[];
			readonly exclude?: readonly string[];
			readonly maximum?: number;
		},
	) => Promise<Commit[]>;
	/** `git diff` from the merge base of both to `to`, as Bitbucket shows a pull request. */
	readonly diff: (repository: Repository, from: string, to: string) => Promise<Buffer>;
	/** One e-mail shaped patch a commit, `git format-patch --stdout`. */
	readonly patch: (repository: Repository, from: string, to: string) => Promise<Buffer>;
	readonly diffstat: (repository: Repository, from: string, to: string) => Promise<readonly DiffstatEntry[]>;
	/** Undefined when there is no such file. */
	readonly file: (repository: Repository, commit: string, path: string) => Promise<Buffer | undefined>;
	/** All files and folders directly in `path` ("" is the root). */
	readonly folder: (repository: Repository, commit: string, path: string) => Promise<readonly FolderEntry[]>;
};

export type DiffstatEntry = {
	readonly status: 'added' | 'removed' | 'modified' | 'renamed';
	readonly oldPath: string | null;
	readonly newPath: string | null;
	readonly linesAdded: number;
	readonly linesRemoved: number;
};

export type FolderEntry = {
	readonly type: 'commit_file' | 'commit_directory';
	readonly path: string;
	readonly mode: string;
	readonly hash: string;
	readonly size: number | null;
};

/** Everything that an HTTP handler of the sandbox works with. */
export type SandboxServices = {
	readonly world: World;
	readonly credentials: readonly SandboxCredential[];
	/** With `/2.0`; known from the first request on. */
	readonly apiUrl: string;
	readonly gitUrl: string;
	/** Whether a pull request's `task_count` counts open tasks alone. */
	readonly countOpenTasks: boolean;
	readonly now: () => number;
	readonly signIn: SignIn;
	readonly issueAccessToken: SignInDesk['issueAccessToken'];
	readonly charge: Charge;
	readonly chargeAnonymous: Limiter['chargeAnonymous'];
	/** The failure that a test ordered for this request, if any; asked once it is charged. */
	readonly faultFor: FaultFor;
	/** Where a download file lies: an address on the storage host that lets anybody in for a while. */
	readonly downloadLink: (repository: Repository, name: string) => string;
	/** Makes the repository's Git data at the first call, the same object ever after (mutable, as the world is). */
	readonly contents: (repository: Repository) => Promise<RepositoryContents>;
	readonly snippetContents: (snippet: Snippet) => Promise<SnippetContents>;
	readonly git: GitReader;
};
