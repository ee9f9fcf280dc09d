import {userAccessTo} from '../../access.ts';
import {json, list} from '../answers.ts';
import {byUuid, found} from '../find-one.ts';
import {noRepository} from '../problem.ts';
import {type Call, checkWorkspace, type Route, workspaceRoute} from '../route.ts';
import {
	readAllPermissions,
	readPipelines,
	readRepository,
	readRunners,
	readWebhooks,
	readWorkspace,
	readWorkspaceOpenly,
} from '../scope-sets.ts';
import {runnerJson, variableJson} from '../shapes/pipeline-settings.ts';
import {webhookJson} from '../shapes/settings.ts';
import {effectivePermissionJson, membershipJson, workspaceJson} from '../shapes/workspace.ts';

export const workspaceRoutes: readonly Route[] = [
	{
		path: '/workspaces/{workspace}',
		scopes: readWorkspaceOpenly,
		answer(call) {
			checkWorkspace(call);
			return json(workspaceJson(call.services));
		},
	},
	workspaceRoute({
		path: '/members',
		scopes: readWorkspace,
		notForTokens: true,
		answer: ({services}) => list(services.world.members, member => membershipJson(services, member, false)),
	}),
	workspaceRoute({
		path: '/members/{member}',
		scopes: readWorkspace,
		notForTokens: true,
		answer({services, parameter}) {
			const name = parameter('member');
			const user = services.world.users.find(({uuid, accountId}) => uuid === name || accountId === name);
			const member = services.world.members.find(candidate => candidate.user === user?.uuid);
			return json(
				membershipJson(services, found(member, `${name} is not a member of this workspace.`), true),
			);
		},
	}),
	workspaceRoute({
		path: '/permissions',
		scopes: readWorkspace,
		notForTokens: true,
		answer: ({services}) =>
			list(services.world.members, member => membershipJson(services, member, true), {
				queryable: ['permission', 'user'],
			}),
	}),
	workspaceRoute({
		path: '/permissions/repositories',
		scopes: readAllPermissions,
		notForTokens: true,
		needs: 'owner',
		answer: call => permissionsOn(call, () => true),
	}),
	workspaceRoute({
		path: '/permissions/repositories/{repo_slug}',
		scopes: readRepository,
		notForTokens: true,
		needs: 'owner',
		answer(call) {
			const wanted = call.parameter('repo_slug');
			if (!call.services.world.repositories.some(({slug}) => slug === wanted)) {
				throw noRepository();
			}

			return permissionsOn(call, slug => slug === wanted);
		},
	}),
	workspaceRoute({
		path: '/hooks',
		scopes: readWebhooks,
		resource: 'webhooks',
		needs: 'owner',
		answer: ({services}) => list(services.world.webhooks, webhook => webhookJson(services, webhook)),
	}),
	workspaceRoute({
		path: '/hooks/{uid}',
		scopes: readWebhooks,
		resource: 'webhooks',
		needs: 'owner',
		answer: ({services, parameter}) =>
			json(webhookJson(services, byUuid(services.world.webhooks, parameter('uid')))),
	}),
	workspaceRoute({
		path: '/pipelines-config/variables',
		scopes: readPipelines,
		needs: 'owner',
		answer: ({services}) =>
			list(services.world.variables, variable => variableJson('pipeline_variable', variable)),
	}),
	workspaceRoute({
		path: '/pipelines-config/variables/{variable_uuid}',
		scopes: readPipelines,
		needs: 'owner',
		answer: ({services, parameter}) =>
			json(variableJson('pipeline_variable', byUuid(services.world.variables, parameter('variable_uuid')))),
	}),
	workspaceRoute({
		path: '/pipelines-config/runners',
		scopes: readRunners,
		needs: 'owner',
		answer: ({services}) => list(services.world.runners, runner => runnerJson(services, runner)),
	}),
	workspaceRoute({
		path: '/pipelines-config/runners/{runner_uuid}',
		scopes: readRunners,
		needs: 'owner',
		answer: ({services, parameter}) =>
			json(runnerJson(services, byUuid(services.world.runners, parameter('runner_uuid')))),
	}),
];

/** What every member may do with every repository that fits. */
function permissionsOn({services}: Call, fits: (slug: string) => boolean) {
	const {world} = services;
	const grants = world.repositories
		.filter(({slug}) => fits(slug))
		.flatMap(repository =>
			world.members.map(({user}) => ({repository, user, access: userAccessTo(world, user, repository)})),
		)
		.filter(({access}) => access !== 'none');
	return list(grants, grant => effectivePermissionJson(services, grant), {
		queryable: ['repository', 'user', 'permission'],
	});
}
