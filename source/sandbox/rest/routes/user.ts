import {userAccessTo, workspaceRole} from '../../access.ts';
import {json, list} from '../answers.ts';
import {found} from '../find-one.ts';
import {RestProblem} from '../problem.ts';
import {type Call, checkWorkspace, type Route} from '../route.ts';
import {readOwnPermissions, readUser, readUserOpenly, readWorkspace} from '../scope-sets.ts';
import {fullUserJson, teamJson, userJson} from '../shapes/people.ts';
import {effectivePermissionJson, membershipJson, workspaceAccessJson} from '../shapes/workspace.ts';

export const userRoutes: readonly Route[] = [
	{
		path: '/user',
		scopes: readUser,
		notForTokens: true,
		answer(call) {
			const user = callerOf(call);
			// An OAuth consumer that signs in for itself is its owner: the workspace.
			return json(user ? fullUserJson(call.services, user) : teamJson(call.services));
		},
	},
	{
		path: '/user/workspaces',
		scopes: readWorkspace,
		notForTokens: true,
		answer(call) {
			const {world} = call.services;
			const role = call.account && workspaceRole(world, call.account);
			const wanted = call.query.get('administrator');
			const workspaces = (role === undefined ? [] : [role === 'owner']).filter(
				administrator => wanted === null || wanted === String(administrator),
			);
			return list(workspaces, administrator => workspaceAccessJson(call.services, administrator));
		},
	},
	{
		path: '/user/workspaces/{workspace}/permission',
		scopes: readWorkspace,
		notForTokens: true,
		answer(call) {
			checkWorkspace(call);
			const {services, account} = call;
			const member = services.world.members.find(({user}) => user === account?.user);
			if (!member) {
				throw new RestProblem(403, 'You are not a member of this workspace.');
			}

			return json(membershipJson(services, member, true));
		},
	},
	{
		path: '/user/workspaces/{workspace}/permissions/repositories',
		scopes: readOwnPermissions,
		notForTokens: true,
		answer(call) {
			checkWorkspace(call);
			const {services, account} = call;
			const user = account?.user ?? '';
			const grants = services.world.repositories
				.map(repository => ({repository, user, access: userAccessTo(services.world, user, repository)}))
				.filter(({access}) => access !== 'none');
			return list(grants, grant => effectivePermissionJson(services, grant), {
				queryable: ['repository', 'permission'],
			});
		},
	},
	{
		path: '/users/{selected_user}',
		scopes: readUserOpenly,
		answer({services, parameter}) {
			const name = parameter('selected_user');
			const user = services.world.users.find(({uuid, accountId}) => uuid === name || accountId === name);
			return json(userJson(services, found(user, `${name} is not a user.`)));
		},
	},
];

function callerOf({services, account}: Call) {
	return services.world.users.find(({uuid}) => uuid === account?.user);
}
