import {isAtLeast, projectAccessTo} from '../../access.ts';
import type {Project} from '../../world.ts';
import type {Answer} from '../answers.ts';
import {json, list} from '../answers.ts';
import {byId} from '../find-one.ts';
import {notFound, RestProblem} from '../problem.ts';
import {type Call, checkWorkspace, type Route} from '../route.ts';
import {
	administerProject,
	readProject,
	readProjectKeys,
	readProjectModel,
	readProjectPermissions,
	readProjectReviewers,
} from '../scope-sets.ts';
import {branchingModelSettingsJson, projectBranchingModelJson} from '../shapes/branching-model.ts';
import {accountJson} from '../shapes/people.ts';
import {projectApi, projectJson} from '../shapes/repository.ts';
import {groupPermissionJson, projectDeployKeyJson, userPermissionJson} from '../shapes/settings.ts';

export const projectRoutes: readonly Route[] = [
	{
		path: '/workspaces/{workspace}/projects',
		scopes: readProject,
		answer(call) {
			checkWorkspace(call);
			const visible = call.services.world.projects.filter(project => accessOf(call, project) !== 'none');
			return list(visible, project => projectJson(call.services, project));
		},
	},
	projectRoute({
		path: '',
		scopes: readProject,
		needs: 'read',
		answer: (call, project) => json(projectJson(call.services, project)),
	}),
	projectRoute({
		path: '/branching-model',
		scopes: readProjectModel,
		answer: ({services}, project) =>
			json(
				projectBranchingModelJson(project.branchingModel, `${projectApi(services, project)}/branching-model`),
			),
	}),
	projectRoute({
		path: '/branching-model/settings',
		scopes: administerProject,
		answer: ({services}, project) =>
			json(
				branchingModelSettingsJson(
					project.branchingModel,
					`${projectApi(services, project)}/branching-model/settings`,
				),
			),
	}),
	projectRoute({
		path: '/default-reviewers',
		scopes: readProjectReviewers,
		answer: ({services}, {defaultReviewers}) =>
			list(defaultReviewers, uuid => ({
				type: 'default_reviewer',
				reviewer_type: 'project',
				user: accountJson(services, uuid),
			})),
	}),
	projectRoute({
		path: '/deploy-keys',
		scopes: readProjectKeys,
		answer: ({services}, project) =>
			list(project.deployKeys, key => projectDeployKeyJson(services, project, key)),
	}),
	projectRoute({
		path: '/deploy-keys/{key_id}',
		scopes: readProjectKeys,
		answer: ({services, parameter}, project) =>
			json(projectDeployKeyJson(services, project, byId(project.deployKeys, parameter('key_id')))),
	}),
	projectRoute({
		path: '/permissions-config/users',
		scopes: readProjectPermissions,
		notForTokens: true,
		answer: ({services}, project) =>
			list(project.userPermissions, grant => userPermissionJson(services, {kind: 'project', project}, grant)),
	}),
	projectRoute({
		path: '/permissions-config/groups',
		scopes: readProjectPermissions,
		notForTokens: true,
		answer: ({services}, project) =>
			list(project.groupPermissions, grant =>
				groupPermissionJson(services, {kind: 'project', project}, grant),
			),
	}),
];

/** A route of one project. Without `needs` it takes an administrator of the project. */
function projectRoute({
	path,
	needs = 'admin',
	answer,
	...rest
}: Omit<Route, 'answer'> & {
	readonly needs?: 'read' | 'admin';
	readonly answer: (call: Call, project: Project) => Answer;
}): Route {
	return {
		...rest,
		path: `/workspaces/{workspace}/projects/{project_key}${path}`,
		answer(call) {
			checkWorkspace(call);
			const name = call.parameter('project_key');
			const project = call.services.world.projects.find(({key, uuid}) => key === name || uuid === name);
			const access = project ? accessOf(call, project) : 'none';
			if (!project || access === 'none') {
				throw notFound(`No project with key '${name}'.`);
			}

			if (!isAtLeast(access, needs)) {
				throw new RestProblem(403, 'You do not administer this project.');
			}

			return answer(call, project);
		},
	};
}

function accessOf({services, account}: Call, project: Project) {
	return account ? projectAccessTo(services.world, account, project) : 'none';
}
