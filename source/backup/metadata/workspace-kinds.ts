import type {PoolRequest} from '../../accounts/pool-types.ts';

/** A kind of data that a workspace, or one of its projects, has. */
export type WorkspaceKind = {
	/** Kept as `<name>.json`; of a project as `projects/<key>/<name>.json`. */
	readonly name: string;
	/** In people's words, plural. */
	readonly label: string;
	readonly shape: 'list' | 'single';
	/** Path below the workspace's, or the project's. */
	readonly path: string;
	readonly scope: string;
	readonly only?: PoolRequest['only'];
};

const workspace = 'read:workspace:bitbucket';
const project = 'read:project:bitbucket';

/**
Every kind of data of a workspace itself. To save another one, add a row. `fields=-…` leaves out when somebody was last
seen: it changes every day and is no setting.
*/
export const workspaceKinds: readonly WorkspaceKind[] = [
	{name: 'workspace', label: 'the workspace', shape: 'single', path: '', scope: workspace},
	{
		name: 'members',
		label: 'members',
		shape: 'list',
		path: '/members?fields=-values.last_accessed',
		scope: workspace,
		only: 'users',
	},
	{
		name: 'permissions',
		label: 'workspace permissions',
		shape: 'list',
		path: '/permissions?fields=-values.last_accessed',
		scope: workspace,
		only: 'users',
	},
	{name: 'projects', label: 'projects', shape: 'list', path: '/projects', scope: project},
	{
		name: 'hooks',
		label: 'workspace webhooks',
		shape: 'list',
		path: '/hooks',
		scope: 'read:webhook:bitbucket',
	},
	{
		name: 'variables',
		label: 'workspace variables',
		shape: 'list',
		path: '/pipelines-config/variables',
		scope: 'read:pipeline:bitbucket',
	},
	{
		name: 'runners',
		label: 'workspace runners',
		shape: 'list',
		path: '/pipelines-config/runners',
		scope: 'read:runner:bitbucket',
	},
];

/**
What each project has, read when the project changed and in turns. Deploy keys and branching model settings of projects open
to administrators of projects alone (`admin:project:bitbucket`), which a backup does not ask for.
*/
export const projectKinds: readonly WorkspaceKind[] = [
	{
		name: 'user-permissions',
		label: 'user permissions of projects',
		shape: 'list',
		path: '/permissions-config/users',
		scope: project,
		only: 'users',
	},
	{
		name: 'group-permissions',
		label: 'group permissions of projects',
		shape: 'list',
		path: '/permissions-config/groups',
		scope: project,
		only: 'users',
	},
	{
		name: 'default-reviewers',
		label: 'default reviewers of projects',
		shape: 'list',
		path: '/default-reviewers',
		scope: 'read:pullrequest:bitbucket',
	},
	{
		name: 'branching-model',
		label: 'branching models of projects',
		shape: 'single',
		path: '/branching-model',
		scope: 'read:repository:bitbucket',
	},
];
