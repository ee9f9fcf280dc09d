import type {PoolRequest} from '../../accounts/pool-types.ts';

/** A kind of settings that a repository has: where it is read, and in which file of a snapshot it is kept. */
export type SettingsKind = {
	/** Kept as `settings/<name>.json`. */
	readonly name: string;
	/** In people's words, plural. */
	readonly label: string;
	readonly shape: 'list' | 'single';
	/** Path below the repository's. */
	readonly path: string;
	/** The API token scope that opens it. */
	readonly scope: string;
	readonly only?: PoolRequest['only'];
	/**
	Read once for each element of another kind, which stands before this one in the table: `{uuid}` in the path is the
	element's uuid. The file is then an object of lists by uuid.
	*/
	readonly each?: string;
};

const admin = 'admin:repository:bitbucket';
const repository = 'read:repository:bitbucket';
const pipeline = 'read:pipeline:bitbucket';

/**
Every kind of settings of a repository. To save another one, add a row.

Paths and scopes are those of Bitbucket's OpenAPI description. `fields=-…` leaves out what changes by mere use, so that a
look at a key does not make a new snapshot. Secured variables and webhook secrets are not given by Bitbucket.
*/
export const settingsKinds: readonly SettingsKind[] = [
	{
		name: 'user-permissions',
		label: 'user permissions',
		shape: 'list',
		path: '/permissions-config/users',
		scope: repository,
		only: 'users',
	},
	{
		name: 'group-permissions',
		label: 'group permissions',
		shape: 'list',
		path: '/permissions-config/groups',
		scope: repository,
		only: 'users',
	},
	{
		name: 'branch-restrictions',
		label: 'branch restrictions',
		shape: 'list',
		path: '/branch-restrictions',
		scope: admin,
	},
	{
		name: 'branching-model',
		label: 'the branching model',
		shape: 'single',
		path: '/branching-model',
		scope: repository,
	},
	{
		name: 'branching-model-settings',
		label: 'branching model settings',
		shape: 'single',
		path: '/branching-model/settings',
		scope: admin,
	},
	{
		name: 'override-settings',
		label: 'override settings',
		shape: 'single',
		path: '/override-settings',
		scope: admin,
	},
	{
		name: 'default-reviewers',
		label: 'default reviewers',
		shape: 'list',
		path: '/default-reviewers',
		scope: 'read:pullrequest:bitbucket',
	},
	{
		name: 'deploy-keys',
		label: 'deploy keys',
		shape: 'list',
		path: '/deploy-keys?fields=-values.last_used',
		scope: admin,
	},
	{name: 'hooks', label: 'webhooks', shape: 'list', path: '/hooks', scope: 'read:webhook:bitbucket'},
	{
		name: 'environments',
		label: 'deployment environments',
		shape: 'list',
		path: '/environments',
		scope: pipeline,
	},
	{
		name: 'deployment-variables',
		label: 'deployment variables',
		shape: 'list',
		path: '/deployments_config/environments/{uuid}/variables',
		scope: pipeline,
		each: 'environments',
	},
	{
		name: 'pipelines-config',
		label: 'pipelines configuration',
		shape: 'single',
		path: '/pipelines_config',
		scope: admin,
	},
	{
		name: 'pipeline-variables',
		label: 'pipeline variables',
		shape: 'list',
		path: '/pipelines_config/variables',
		scope: pipeline,
	},
	{
		name: 'pipeline-schedules',
		label: 'pipeline schedules',
		shape: 'list',
		path: '/pipelines_config/schedules',
		scope: pipeline,
	},
	{
		name: 'pipeline-known-hosts',
		label: 'pipeline known hosts',
		shape: 'list',
		path: '/pipelines_config/ssh/known_hosts',
		scope: pipeline,
	},
	{
		name: 'pipeline-ssh-key',
		label: 'the public key of pipelines',
		shape: 'single',
		path: '/pipelines_config/ssh/key_pair',
		scope: pipeline,
	},
	{
		name: 'runners',
		label: 'pipeline runners',
		shape: 'list',
		path: '/pipelines-config/runners',
		scope: 'read:runner:bitbucket',
	},
];
