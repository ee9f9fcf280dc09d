import {isAtLeast} from '../../access.ts';
import type {Access} from '../../service-types.ts';
import {json, list} from '../answers.ts';
import {badRequest} from '../problem.ts';
import {accessOf, checkWorkspace, type Route, repositoryRoute} from '../route.ts';
import {administerRepository, readRepository, readRepositoryPermissions} from '../scope-sets.ts';
import {accountJson} from '../shapes/people.ts';
import {repositoryJson} from '../shapes/repository.ts';
import {groupPermissionJson, userPermissionJson} from '../shapes/settings.ts';

/** What a repository's JSON can be searched and sorted by. */
const queryable = [
	'uuid',
	'slug',
	'name',
	'full_name',
	'description',
	'language',
	'size',
	'scm',
	'is_private',
	'fork_policy',
	'has_issues',
	'has_wiki',
	'created_on',
	'updated_on',
	'project',
	'parent',
	'mainbranch',
	'owner',
	'workspace',
];

const roles: Readonly<Record<string, Access>> = {
	member: 'read',
	contributor: 'write',
	admin: 'admin',
	owner: 'admin',
};

export const repositoryRoutes: readonly Route[] = [
	{
		path: '/repositories/{workspace}',
		scopes: readRepository,
		anonymous: true,
		answer(call) {
			checkWorkspace(call);
			const {services} = call;
			const needed = roleOf(call.query.get('role'));
			const visible = services.world.repositories.filter(repository =>
				isAtLeast(accessOf(call, repository), needed),
			);
			return list(visible, repository => repositoryJson(services, repository), {queryable});
		},
	},
	repositoryRoute({
		path: '',
		scopes: readRepository,
		answer: ({services, repository}) => json(repositoryJson(services, repository)),
	}),
	repositoryRoute({
		path: '/forks',
		scopes: readRepository,
		answer(call) {
			const {services, repository} = call;
			const forks = services.world.repositories.filter(
				fork => fork.parent === repository.uuid && accessOf(call, fork) !== 'none',
			);
			return list(forks, fork => repositoryJson(services, fork), {queryable});
		},
	}),
	repositoryRoute({
		path: '/watchers',
		scopes: readRepository,
		answer: ({services, repository}) =>
			list(
				repository.userPermissions.map(({user}) => user),
				uuid => accountJson(services, uuid),
			),
	}),
	repositoryRoute({
		path: '/override-settings',
		scopes: administerRepository,
		needs: 'admin',
		answer: () =>
			json({
				type: 'repository_inheritance_state',
				override_settings: {default_merge_strategy: true, branching_model: true},
			}),
	}),
	repositoryRoute({
		path: '/permissions-config/users',
		scopes: readRepositoryPermissions,
		notForTokens: true,
		needs: 'admin',
		answer: ({services, repository}) =>
			list(repository.userPermissions, grant =>
				userPermissionJson(services, {kind: 'repository', repository}, grant),
			),
	}),
	repositoryRoute({
		path: '/permissions-config/groups',
		scopes: readRepositoryPermissions,
		notForTokens: true,
		needs: 'admin',
		answer: ({services, repository}) =>
			list(repository.groupPermissions, grant =>
				groupPermissionJson(services, {kind: 'repository', repository}, grant),
			),
	}),
];

/** Without a role everything that one sees. */
function roleOf(text: string | null): Access {
	const access = text === null ? 'read' : roles[text];
	if (access === undefined) {
		throw badRequest(`Invalid role: ${text}`);
	}

	return access;
}
