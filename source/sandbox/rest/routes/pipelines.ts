import {json, list} from '../answers.ts';
import {byUuid, found} from '../find-one.ts';
import {RestProblem} from '../problem.ts';
import {type RepositoryCall, type Route, repositoryRoute} from '../route.ts';
import {readPipelines} from '../scope-sets.ts';
import {deploymentJson, environmentJson, variableJson} from '../shapes/pipeline-settings.ts';
import {pipelineJson, stepJson} from '../shapes/pipelines.ts';

/** What pipelines did, and where they deploy to. */
export const pipelineRoutes: readonly Route[] = [
	repositoryRoute({
		path: '/pipelines',
		scopes: readPipelines,
		async answer({services, repository, contents, query}) {
			const {pipelines} = await contents();
			// `q` is ignored here, and only one order can be asked for besides the oldest first.
			const ordered = query.get('sort') === '-created_on' ? pipelines.toReversed() : pipelines;
			return list(ordered, pipeline => pipelineJson(services, repository, pipeline));
		},
	}),
	repositoryRoute({
		path: '/pipelines/{pipeline_uuid}',
		scopes: readPipelines,
		answer: async call => json(pipelineJson(call.services, call.repository, await pipelineOf(call))),
	}),
	repositoryRoute({
		path: '/pipelines/{pipeline_uuid}/steps',
		scopes: readPipelines,
		async answer(call) {
			const pipeline = await pipelineOf(call);
			return list(pipeline.steps, step => stepJson(call.services, call.repository, pipeline, step));
		},
	}),
	repositoryRoute({
		path: '/pipelines/{pipeline_uuid}/steps/{step_uuid}',
		scopes: readPipelines,
		async answer(call) {
			const pipeline = await pipelineOf(call);
			const step = byUuid(pipeline.steps, call.parameter('step_uuid'));
			return json(stepJson(call.services, call.repository, pipeline, step));
		},
	}),
	repositoryRoute({
		path: '/pipelines/{pipeline_uuid}/steps/{step_uuid}/log',
		scopes: readPipelines,
		async answer(call) {
			const accepted = call.headers.accept ?? '*/*';
			if (!/application\/octet-stream|\*\/\*/.test(accepted)) {
				throw new RestProblem(406, 'The log is given as application/octet-stream only.');
			}

			const {log} = byUuid((await pipelineOf(call)).steps, call.parameter('step_uuid'));
			const body = Buffer.from(found(log, 'There is no log for this step.'));
			return {kind: 'bytes', body, contentType: 'application/octet-stream'};
		},
	}),
	repositoryRoute({
		path: '/environments',
		scopes: readPipelines,
		answer: async ({contents}) => list((await contents()).environments, environmentJson),
	}),
	repositoryRoute({
		path: '/environments/{environment_uuid}',
		scopes: readPipelines,
		answer: async ({contents, parameter}) =>
			json(environmentJson(byUuid((await contents()).environments, parameter('environment_uuid')))),
	}),
	repositoryRoute({
		path: '/deployments_config/environments/{environment_uuid}/variables',
		scopes: readPipelines,
		async answer({contents, parameter}) {
			const {variables} = byUuid((await contents()).environments, parameter('environment_uuid'));
			return list(variables, variable => variableJson('deployment_variable', variable));
		},
	}),
	repositoryRoute({
		path: '/deployments',
		scopes: readPipelines,
		answer: async ({services, repository, contents}) =>
			list((await contents()).deployments, deployment => deploymentJson(services, repository, deployment)),
	}),
	repositoryRoute({
		path: '/deployments/{deployment_uuid}',
		scopes: readPipelines,
		async answer({services, repository, contents, parameter}) {
			const deployment = byUuid((await contents()).deployments, parameter('deployment_uuid'));
			return json(deploymentJson(services, repository, deployment));
		},
	}),
];

async function pipelineOf({contents, parameter}: RepositoryCall) {
	return byUuid((await contents()).pipelines, parameter('pipeline_uuid'));
}
