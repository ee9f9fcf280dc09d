import type {DataKind} from '../../model/data-kind.ts';
import type {MetadataKind, Owner, Sign} from './metadata-kind.ts';

const workspace = '/workspaces/{workspace}';
const project = `${workspace}/projects/{key}`;
const repository = '/repositories/{workspace}/{repository}';
const pullRequest = `${repository}/pullrequests/{id}`;
const pipeline = `${repository}/pipelines/{uuid}`;
const snippet = '/snippets/{workspace}/{snippet}';

const scopes = {
	workspace: 'read:workspace:bitbucket',
	project: 'read:project:bitbucket',
	repository: 'read:repository:bitbucket',
	administer: 'admin:repository:bitbucket',
	pullRequest: 'read:pullrequest:bitbucket',
	pipeline: 'read:pipeline:bitbucket',
	runner: 'read:runner:bitbucket',
	webhook: 'read:webhook:bitbucket',
	snippet: 'read:snippet:bitbucket',
} as const;

/** A row without what its group says, or what is so as a rule: a list, counted as `api`. */
type Row = Pick<MetadataKind, 'label' | 'scope'> &
	Partial<Omit<MetadataKind, 'of' | 'endpoint' | 'file'>> & {
		/** What follows the group's own path. */
		readonly path: string;
		/** Name of its file in the group's folder; by default the row's own name, as JSON. */
		readonly file?: string;
	};

type Group = {
	readonly of: Owner;
	readonly data: DataKind;
	readonly path: string;
	/** Of its files, with the slash at its end. */
	readonly folder: string;
	readonly again: readonly Sign[];
};

function group<Name extends string>(
	{of, data, path, folder, again}: Group,
	rows: Readonly<Record<Name, Row>>,
): Readonly<Record<Name, MetadataKind>> {
	return Object.fromEntries(
		Object.entries<Row>(rows).map(([name, {path: below, file, ...row}]) => {
			const ownName = name.replace(/.*\//, '');
			const rest = {endpoint: path + below, file: folder + (file ?? `${ownName}.json`)};
			return [name, {shape: 'list', resource: 'api', again, of, data, ...row, ...rest}];
		}),
	) as Readonly<Record<Name, MetadataKind>>;
}

/**
Everything that is backed up by REST. To save another kind of data, add a row; where it takes more than to be asked for and kept,
a module reads it by its row.

Paths and scopes are those of Bitbucket's OpenAPI description. `fields=-…` leaves out what changes by mere use (somebody was
seen, a key was used, a file downloaded), so that a look at it does not make a new snapshot. Secured variables and webhook
secrets are not given by Bitbucket. What belongs to a commit (statuses, comments, reports) is listed by the commit alone, which would take
a request for each. Deploy keys and branching model settings of projects open to administrators of projects alone
(`admin:project:bitbucket`), which a backup does not ask to be.
*/
export const metadataKinds = {
	...group(
		{of: 'workspace', data: 'workspace', path: workspace, folder: '', again: ['run']},
		{
			workspace: {label: 'the workspace', path: '', shape: 'single', scope: scopes.workspace},
			members: {
				label: 'members',
				path: '/members',
				query: 'fields=-values.last_accessed',
				scope: scopes.workspace,
				only: 'users',
			},
			permissions: {
				label: 'workspace permissions',
				path: '/permissions',
				query: 'fields=-values.last_accessed',
				scope: scopes.workspace,
				only: 'users',
			},
			projects: {label: 'projects', path: '/projects', scope: scopes.project},
			'workspace/hooks': {
				label: 'workspace webhooks',
				path: '/hooks',
				scope: scopes.webhook,
				resource: 'webhooks',
			},
			'workspace/variables': {
				label: 'workspace variables',
				path: '/pipelines-config/variables',
				scope: scopes.pipeline,
			},
			'workspace/runners': {
				label: 'workspace runners',
				path: '/pipelines-config/runners',
				scope: scopes.runner,
			},
		},
	),
	...group(
		{of: 'project', data: 'workspace', path: project, folder: 'projects/{key}/', again: ['parent', 'turn']},
		{
			'project/user-permissions': {
				label: 'user permissions of projects',
				path: '/permissions-config/users',
				scope: scopes.project,
				only: 'users',
			},
			'project/group-permissions': {
				label: 'group permissions of projects',
				path: '/permissions-config/groups',
				scope: scopes.project,
				only: 'users',
			},
			'project/default-reviewers': {
				label: 'default reviewers of projects',
				path: '/default-reviewers',
				scope: scopes.pullRequest,
			},
			'project/branching-model': {
				label: 'branching models of projects',
				path: '/branching-model',
				shape: 'single',
				scope: scopes.repository,
			},
		},
	),
	...group(
		{of: 'repository', data: 'settings', path: repository, folder: 'settings/', again: ['turn']},
		{
			'user-permissions': {
				label: 'user permissions',
				path: '/permissions-config/users',
				scope: scopes.repository,
				only: 'users',
			},
			'group-permissions': {
				label: 'group permissions',
				path: '/permissions-config/groups',
				scope: scopes.repository,
				only: 'users',
			},
			'branch-restrictions': {
				label: 'branch restrictions',
				path: '/branch-restrictions',
				scope: scopes.administer,
			},
			'branching-model': {
				label: 'the branching model',
				path: '/branching-model',
				shape: 'single',
				scope: scopes.repository,
			},
			'branching-model-settings': {
				label: 'branching model settings',
				path: '/branching-model/settings',
				shape: 'single',
				scope: scopes.administer,
			},
			'override-settings': {
				label: 'override settings',
				path: '/override-settings',
				shape: 'single',
				scope: scopes.administer,
			},
			'default-reviewers': {
				label: 'default reviewers',
				path: '/default-reviewers',
				scope: scopes.pullRequest,
			},
			// Those of the project too, which few accounts may read there.
			'effective-default-reviewers': {
				label: 'effective default reviewers',
				path: '/effective-default-reviewers',
				scope: scopes.pullRequest,
			},
			'deploy-keys': {
				label: 'deploy keys',
				path: '/deploy-keys',
				query: 'fields=-values.last_used',
				scope: scopes.administer,
			},
			hooks: {label: 'webhooks', path: '/hooks', scope: scopes.webhook, resource: 'webhooks'},
			environments: {label: 'deployment environments', path: '/environments', scope: scopes.pipeline},
			'deployment-variables': {
				label: 'deployment variables',
				path: '/deployments_config/environments/{uuid}/variables',
				scope: scopes.pipeline,
				each: 'environments',
			},
			'pipelines-config': {
				label: 'pipelines configuration',
				path: '/pipelines_config',
				shape: 'single',
				scope: scopes.administer,
			},
			'pipeline-variables': {
				label: 'pipeline variables',
				path: '/pipelines_config/variables',
				scope: scopes.pipeline,
			},
			'pipeline-schedules': {
				label: 'pipeline schedules',
				path: '/pipelines_config/schedules',
				scope: scopes.pipeline,
			},
			'pipeline-known-hosts': {
				label: 'pipeline known hosts',
				path: '/pipelines_config/ssh/known_hosts',
				scope: scopes.pipeline,
			},
			'pipeline-ssh-key': {
				label: 'the public key of pipelines',
				path: '/pipelines_config/ssh/key_pair',
				shape: 'single',
				scope: scopes.pipeline,
			},
			runners: {label: 'pipeline runners', path: '/pipelines-config/runners', scope: scopes.runner},
		},
	),
	...group(
		{
			of: 'repository',
			data: 'pull-requests',
			path: repository,
			folder: 'pull-requests/{id}/',
			again: ['run'],
		},
		{
			'pull-requests': {
				label: 'pull requests',
				path: '/pullrequests',
				// Both are left out of lists unless they are named.
				query: 'fields=%2Bvalues.participants,%2Bvalues.reviewers',
				// More is answered with 400.
				pageLength: 50,
				scope: scopes.pullRequest,
				file: 'pull-request.json',
			},
		},
	),
	...group(
		{
			of: 'pull request',
			data: 'pull-requests',
			path: pullRequest,
			folder: 'pull-requests/{id}/',
			again: ['parent', 'activity'],
		},
		{
			'pull-request/comments': {
				label: 'comments of pull requests',
				path: '/comments',
				scope: scopes.pullRequest,
			},
			'pull-request/tasks': {
				label: 'tasks of pull requests',
				path: '/tasks',
				scope: scopes.pullRequest,
				// Of which the list of all that happened says nothing.
				again: ['parent', 'activity', 'full-pass'],
			},
			'pull-request/activity': {
				label: 'the activity of pull requests',
				path: '/activity',
				pageLength: 50,
				scope: scopes.pullRequest,
			},
			// Builds report their statuses while a pull request is open, and change nothing else of it.
			'pull-request/statuses': {
				data: 'statuses',
				label: 'statuses of pull requests',
				path: '/statuses',
				scope: scopes.pullRequest,
				again: ['parent', 'activity', 'open'],
			},
			'pull-request/patch': {
				label: 'patches of pull requests',
				path: '/patch',
				shape: 'bytes',
				scope: scopes.pullRequest,
				again: ['parent'],
				file: 'patch',
			},
		},
	),
	...group(
		{
			of: 'repository',
			data: 'pull-requests',
			path: repository,
			folder: 'pull-requests/{id}/',
			again: ['full-pass'],
		},
		{
			// Of all pull requests together: what the activity of each is taken from where many changed.
			'pull-requests/activity': {
				label: 'the activity of pull requests',
				path: '/pullrequests/activity',
				pageLength: 50,
				scope: scopes.pullRequest,
				file: 'activity.json',
			},
		},
	),
	...group(
		{of: 'repository', data: 'downloads', path: repository, folder: '', again: ['turn', 'refs']},
		{
			// A new file is most often uploaded with a new tag.
			downloads: {
				label: 'downloads',
				path: '/downloads',
				query: 'fields=-values.downloads',
				scope: scopes.repository,
			},
		},
	),
	...group(
		{of: 'repository', data: 'pipelines', path: repository, folder: 'pipelines/', again: ['run']},
		{
			pipelines: {
				label: 'pipelines',
				path: '/pipelines',
				scope: scopes.pipeline,
				file: '{number}/pipeline.json',
			},
			deployments: {label: 'deployments', path: '/deployments', scope: scopes.pipeline, again: ['turn']},
		},
	),
	...group(
		{of: 'pipeline', data: 'pipelines', path: pipeline, folder: 'pipelines/{number}/', again: ['parent']},
		{
			'pipeline/steps': {label: 'steps of pipelines', path: '/steps', scope: scopes.pipeline},
			'pipeline/logs': {
				label: 'logs of pipelines',
				path: '/steps/{step}/log',
				shape: 'bytes',
				scope: scopes.pipeline,
				file: 'logs/{index}.log',
			},
		},
	),
	...group(
		{of: 'workspace', data: 'snippets', path: '/snippets/{workspace}', folder: '', again: ['run']},
		{snippets: {label: 'snippets', path: '', scope: scopes.snippet, only: 'users', file: 'snippet.json'}},
	),
	...group(
		{of: 'snippet', data: 'snippets', path: snippet, folder: '', again: ['parent', 'turn']},
		{
			'snippet/comments': {
				label: 'comments of snippets',
				path: '/comments',
				scope: scopes.snippet,
				only: 'users',
			},
		},
	),
};

export type MetadataKindName = keyof typeof metadataKinds;

/** The kinds of one sort of data that something has, by their names, in the table's order. */
export function kindsOf(of: Owner, data: DataKind): ReadonlyMap<string, MetadataKind> {
	return new Map(
		Object.entries<MetadataKind>(metadataKinds).filter(([, kind]) => kind.of === of && kind.data === data),
	);
}
