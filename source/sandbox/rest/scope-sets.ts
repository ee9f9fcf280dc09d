import type {RequiredScopes} from '../scopes.ts';

/*
 * What operations want, as Atlassian's description of the API has it: under its own extension for the new names, under `security` for
 * the classic ones. The two do not always ask for the same.
 */

const scopes = (api: string, ...classic: readonly string[]): RequiredScopes => ({
	api: [`${api}:bitbucket`],
	classic,
});

export const readUser = scopes('read:user', 'account');
export const readUserOpenly = scopes('read:user');
export const readWorkspace = scopes('read:workspace', 'account');
export const readWorkspaceOpenly = scopes('read:workspace');
export const readProject = scopes('read:project', 'project');
export const readProjectPermissions = scopes('read:project', 'project:admin');
export const readProjectModel = scopes('read:repository', 'project:admin');
export const readProjectReviewers = scopes('read:pullrequest', 'project:admin');
export const administerProject = scopes('admin:project', 'project:admin');
export const readProjectKeys = scopes('admin:project', 'project', 'project:admin');
export const readRepository = scopes('read:repository', 'repository');
export const readRepositoryPermissions = scopes('read:repository', 'repository:admin');
export const readAllPermissions = scopes('read:repository', 'account');
export const readOwnPermissions = scopes('read:repository', 'account', 'repository');
export const administerRepository = scopes('admin:repository', 'repository:admin');
export const readDeployKeys = scopes('admin:repository', 'repository', 'repository:admin');
export const readPullRequests = scopes('read:pullrequest', 'pullrequest');
export const readPipelines = scopes('read:pipeline', 'pipeline');
export const readRunners = scopes('read:runner', 'runner');
export const readWebhooks = scopes('read:webhook', 'webhook');
export const readSnippets = scopes('read:snippet', 'snippet');
/** The description names no new scope here. */
export const readSnippetWatchers: RequiredScopes = {api: [], classic: ['snippet']};
/** Of what is gone nobody needs anything. */
export const nothing: RequiredScopes = {api: [], classic: []};
