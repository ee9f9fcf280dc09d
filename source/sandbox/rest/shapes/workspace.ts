import type {Access} from '../../service-types.ts';
import type {Member, Repository, Uuid} from '../../world.ts';
import {accountJson} from './people.ts';
import {repositoryStubJson} from './repository.ts';
import {linkTo, moment, type ShapeSource, workspaceApi} from './source.ts';

export function workspaceJson(source: ShapeSource) {
	const {workspace} = source.world;
	const {apiUrl, gitUrl} = source;
	const self = workspaceApi(source);
	return {
		type: 'workspace',
		uuid: workspace.uuid,
		name: workspace.name,
		slug: workspace.slug,
		is_private: workspace.isPrivate,
		is_privacy_enforced: false,
		forking_mode: 'allow_forks',
		created_on: moment(workspace.createdOn),
		updated_on: moment(workspace.updatedOn),
		links: {
			self: linkTo(self),
			html: linkTo(`${gitUrl}/${workspace.slug}/`),
			avatar: linkTo(`${gitUrl}/workspaces/${workspace.slug}/avatar/`),
			members: linkTo(`${self}/members`),
			owners: linkTo(`${self}/permissions?q=permission%3D%22owner%22`),
			projects: linkTo(`${self}/projects`),
			repositories: linkTo(`${apiUrl}/repositories/${workspace.slug}`),
			snippets: linkTo(`${apiUrl}/snippets/${workspace.slug}`),
		},
	};
}

/** The workspace as other objects name it. */
export function workspaceStubJson(source: ShapeSource) {
	const {uuid, slug, name} = source.world.workspace;
	return {type: 'workspace', uuid, slug, name, links: {self: linkTo(workspaceApi(source))}};
}

/** One of the caller's workspaces. */
export function workspaceAccessJson(source: ShapeSource, administrator: boolean) {
	const {uuid, slug} = source.world.workspace;
	return {
		type: 'workspace_access',
		administrator,
		workspace: {
			type: 'workspace_base',
			uuid,
			slug,
			links: {
				self: linkTo(workspaceApi(source)),
				avatar: linkTo(`${source.gitUrl}/workspaces/${slug}/avatar/`),
			},
		},
	};
}

/** A member of the workspace; `detailed` with what they may do and since when. */
export function membershipJson(source: ShapeSource, member: Member, detailed: boolean) {
	return {
		type: 'workspace_membership',
		user: accountJson(source, member.user),
		workspace: workspaceStubJson(source),
		links: {self: linkTo(`${workspaceApi(source)}/members/${encodeURIComponent(member.user)}`)},
		...(detailed && {
			permission: member.permission,
			added_on: moment(member.addedOn),
			last_accessed: moment(member.lastAccessed),
		}),
	};
}

/** What a user may do with a repository in the end, by whatever way. */
export function effectivePermissionJson(
	source: ShapeSource,
	{repository, user, access}: {readonly repository: Repository; readonly user: Uuid; readonly access: Access},
) {
	return {
		type: 'repository_permission',
		permission: access,
		user: accountJson(source, user),
		repository: repositoryStubJson(source, repository),
	};
}
