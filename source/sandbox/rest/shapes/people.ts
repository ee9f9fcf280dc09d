import type {Group, Signature, User, Uuid} from '../../world.ts';
import {linkTo, moment, type ShapeSource, workspaceApi} from './source.ts';

/** Whoever has this uuid: a user, or the workspace as an owner. Throws for a uuid that is nobody's. */
export function accountJson(source: ShapeSource, uuid: Uuid) {
	const user = source.world.users.find(candidate => candidate.uuid === uuid);
	if (user) {
		return userJson(source, user);
	}

	if (uuid === source.world.workspace.uuid) {
		return teamJson(source);
	}

	throw new Error(`Nobody in the sandbox has the uuid ${uuid}.`);
}

/** A user as other objects name one. */
export function userJson({apiUrl, gitUrl}: ShapeSource, user: User) {
	const name = encodeURIComponent(user.uuid);
	return {
		type: 'user',
		uuid: user.uuid,
		display_name: user.displayName,
		account_id: user.accountId,
		nickname: user.nickname,
		links: {
			self: linkTo(`${apiUrl}/users/${name}`),
			html: linkTo(`${gitUrl}/${name}/`),
			avatar: linkTo(`${gitUrl}/account/${name}/avatar/`),
		},
	};
}

/** A user for oneself. */
export function fullUserJson(source: ShapeSource, user: User) {
	return {
		...userJson(source, user),
		username: user.username,
		created_on: moment(user.createdOn),
		account_status: user.active ? 'active' : 'inactive',
		is_staff: false,
		has_2fa_enabled: null,
	};
}

/** The workspace where Bitbucket shows an account: as the owner of repositories, projects and snippets. */
export function teamJson(source: ShapeSource) {
	const {world, gitUrl, apiUrl} = source;
	const {slug, uuid, name} = world.workspace;
	return {
		type: 'team',
		uuid,
		username: slug,
		display_name: name,
		links: {
			self: linkTo(workspaceApi(source)),
			html: linkTo(`${gitUrl}/${slug}/`),
			avatar: linkTo(`${gitUrl}/account/${slug}/avatar/`),
			members: linkTo(`${workspaceApi(source)}/members`),
			projects: linkTo(`${workspaceApi(source)}/projects`),
			repositories: linkTo(`${apiUrl}/repositories/${slug}`),
		},
	};
}

export function groupJson({world, gitUrl}: ShapeSource, {slug, name, fullSlug}: Group) {
	const {workspace} = world;
	return {
		type: 'group',
		name,
		slug,
		full_slug: fullSlug,
		workspace: {type: 'workspace', uuid: workspace.uuid, slug: workspace.slug, name: workspace.name},
		links: {html: linkTo(`${gitUrl}/${workspace.slug}/workspace/settings/groups`)},
	};
}

/** Groups by their slugs, those that are gone left out. */
export function groupsJson(source: ShapeSource, slugs: readonly string[]) {
	return source.world.groups.filter(({slug}) => slugs.includes(slug)).map(group => groupJson(source, group));
}

/** Somebody as a commit names them: always by text, and as a user where the e-mail address is known. */
export function signatureJson(source: ShapeSource, {raw, user}: Signature) {
	return {type: 'author', raw, ...(user !== undefined && {user: accountJson(source, user)})};
}
