import type {Project, Repository} from '../../world.ts';
import {accountJson, teamJson} from './people.ts';
import {
	linkTo,
	moment,
	repositoryApi,
	repositoryBy,
	repositoryPage,
	type ShapeSource,
	workspaceApi,
} from './source.ts';

export function repositoryJson(source: ShapeSource, repository: Repository) {
	const {workspace, projects} = source.world;
	const project = projects.find(({key}) => key === repository.project);
	const parent = repository.parent === undefined ? undefined : repositoryBy(source, repository.parent);
	return {
		type: 'repository',
		uuid: repository.uuid,
		full_name: `${workspace.slug}/${repository.slug}`,
		slug: repository.slug,
		name: repository.name,
		description: repository.description,
		scm: 'git',
		website: null,
		owner: accountJson(source, repository.owner),
		workspace: {type: 'workspace', uuid: workspace.uuid, slug: workspace.slug, name: workspace.name},
		...(project && {project: projectStubJson(source, project)}),
		is_private: repository.isPrivate,
		fork_policy: repository.forkPolicy,
		created_on: moment(repository.createdOn),
		updated_on: moment(repository.updatedOn),
		size: repository.size,
		language: repository.language,
		has_issues: repository.hasIssues,
		has_wiki: repository.hasWiki,
		mainbranch: repository.mainBranch === undefined ? null : {type: 'branch', name: repository.mainBranch},
		parent: parent ? repositoryStubJson(source, parent) : null,
		override_settings: {default_merge_strategy: true, branching_model: true},
		links: repositoryLinks(source, repository),
	};
}

function repositoryLinks(source: ShapeSource, repository: Repository) {
	const self = repositoryApi(source, repository);
	const page = repositoryPage(source, repository);
	const {host} = new URL(source.gitUrl);
	return {
		self: linkTo(self),
		html: linkTo(page),
		avatar: linkTo(avatar(source, repository)),
		pullrequests: linkTo(`${self}/pullrequests`),
		commits: linkTo(`${self}/commits`),
		forks: linkTo(`${self}/forks`),
		watchers: linkTo(`${self}/watchers`),
		downloads: linkTo(`${self}/downloads`),
		hooks: linkTo(`${self}/hooks`),
		clone: [
			{name: 'https', href: `${page}.git`},
			// The description calls it an address, so it is written as one; Bitbucket gives it in the form that scp has.
			{name: 'ssh', href: `ssh://git@${host}/${source.world.workspace.slug}/${repository.slug}.git`},
		],
	};
}

/** A repository as other objects name it. */
export function repositoryStubJson(source: ShapeSource, repository: Repository) {
	return {
		type: 'repository',
		uuid: repository.uuid,
		full_name: `${source.world.workspace.slug}/${repository.slug}`,
		name: repository.name,
		links: {
			self: linkTo(repositoryApi(source, repository)),
			html: linkTo(repositoryPage(source, repository)),
			avatar: linkTo(avatar(source, repository)),
		},
	};
}

export function projectJson(source: ShapeSource, project: Project) {
	return {
		...projectStubJson(source, project),
		owner: teamJson(source),
		workspace: {
			type: 'workspace',
			uuid: source.world.workspace.uuid,
			slug: source.world.workspace.slug,
			name: source.world.workspace.name,
		},
		description: project.description,
		is_private: project.isPrivate,
		has_publicly_visible_repos: source.world.repositories.some(
			repository => repository.project === project.key && !repository.isPrivate,
		),
		created_on: moment(project.createdOn),
		updated_on: moment(project.updatedOn),
	};
}

/** A project as other objects name it. */
export function projectStubJson(source: ShapeSource, {key, uuid, name}: Project) {
	const page = `${source.gitUrl}/${source.world.workspace.slug}/workspace/projects/${key}`;
	return {
		type: 'project',
		key,
		uuid,
		name,
		links: {html: linkTo(page), avatar: linkTo(`${page}/avatar/32`)},
	};
}

/** Address of a project in the API. */
export function projectApi(source: ShapeSource, {key}: Project): string {
	return `${workspaceApi(source)}/projects/${key}`;
}

function avatar({gitUrl}: ShapeSource, {uuid, language}: Repository): string {
	return `${gitUrl}/ravatar/${encodeURIComponent(uuid)}?ts=${language || 'default'}`;
}
