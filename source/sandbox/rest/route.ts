import type {IncomingHttpHeaders} from 'node:http';
import {accessTo, isAtLeast, workspaceRole} from '../access.ts';
import type {RequiredScopes} from '../scopes.ts';
import type {SandboxAccount, SandboxResource, SandboxServices} from '../service-types.ts';
import type {Repository, RepositoryContents} from '../world.ts';
import type {Answer} from './answers.ts';
import {noRepository, noWorkspace, RestProblem} from './problem.ts';

/** A request that may come in, as a handler sees it. */
export type Call = {
	readonly services: SandboxServices;
	/** Undefined for who has no credential. */
	readonly account: SandboxAccount | undefined;
	/** Of the path, decoded. Throws for one that the path does not have. */
	readonly parameter: (name: string) => string;
	readonly query: URLSearchParams;
	readonly headers: IncomingHttpHeaders;
};

export type Route = {
	/** Below `/2.0`, parameters in braces, as Atlassian's description has it. */
	readonly path: string;
	readonly scopes: RequiredScopes;
	/** Which limit a request counts against. Default `api`. */
	readonly resource?: SandboxResource;
	/** Access tokens are refused, whatever their scopes. */
	readonly notForTokens?: boolean;
	/** Lets in who has no credential. */
	readonly anonymous?: boolean;
	/** Gone for good: costs nothing. */
	readonly removed?: boolean;
	readonly answer: (call: Call) => Answer | Promise<Answer>;
};

export type RepositoryCall = Call & {
	readonly repository: Repository;
	readonly contents: () => Promise<RepositoryContents>;
};

type Draft<OwnCall> = Omit<Route, 'answer'> & {
	readonly answer: (call: OwnCall) => Answer | Promise<Answer>;
};

/** A route of one repository: who may not see it gets 404, who may not do enough 403. `path` is what follows the repository's own. */
export function repositoryRoute({
	path,
	needs = 'read',
	answer,
	...rest
}: Draft<RepositoryCall> & {readonly needs?: 'read' | 'admin'}): Route {
	return {
		...rest,
		path: `/repositories/{workspace}/{repo_slug}${path}`,
		anonymous: needs === 'read',
		answer(call) {
			const {services, account} = call;
			checkWorkspace(call);
			const name = call.parameter('repo_slug');
			const repository = services.world.repositories.find(({slug, uuid}) => slug === name || uuid === name);
			const access = repository ? accessOf(call, repository) : 'none';
			if (!repository || access === 'none') {
				throw account
					? noRepository()
					: new RestProblem(401, 'Authentication is required for this resource.');
			}

			if (!isAtLeast(access, needs)) {
				throw forbidden();
			}

			return answer({...call, repository, contents: () => services.contents(repository)});
		},
	};
}

/** A route of the workspace, whole: tokens of a repository or project do not get there. `path` follows the workspace's own. */
export function workspaceRoute({
	path,
	needs = 'member',
	answer,
	...rest
}: Draft<Call> & {readonly needs?: 'member' | 'owner'}): Route {
	return {
		...rest,
		path: `/workspaces/{workspace}${path}`,
		answer(call) {
			checkWorkspace(call);
			const {services, account} = call;
			const role = account && workspaceRole(services.world, account);
			if (!role) {
				throw noWorkspace(call.parameter('workspace'));
			}

			if (needs === 'owner' && role !== 'owner') {
				throw forbidden();
			}

			return answer(call);
		},
	};
}

/** Throws 404 unless the path names the sandbox's workspace, by slug or uuid. */
export function checkWorkspace({services: {world}, parameter}: Call): void {
	const name = parameter('workspace');
	if (name !== world.workspace.slug && name !== world.workspace.uuid) {
		throw noWorkspace(name);
	}
}

export function accessOf({services: {world}, account}: Call, repository: Repository) {
	return account ? accessTo(world, account, repository) : repository.isPrivate ? 'none' : 'read';
}

function forbidden(): RestProblem {
	return new RestProblem(403, 'Your account does not have the permission that this resource requires.');
}
