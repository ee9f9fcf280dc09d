import {json, list} from '../answers.ts';
import {byUuid, found} from '../find-one.ts';
import {type Route, repositoryRoute} from '../route.ts';
import {administerRepository, readPipelines, readRunners} from '../scope-sets.ts';
import {
	executionJson,
	knownHostJson,
	runnerJson,
	scheduleJson,
	variableJson,
} from '../shapes/pipeline-settings.ts';
import {repositoryStubJson} from '../shapes/repository.ts';

/** How pipelines are set up. One of these addresses is written with a hyphen, as on Bitbucket. */
export const pipelineSettingRoutes: readonly Route[] = [
	repositoryRoute({
		path: '/pipelines_config',
		scopes: administerRepository,
		needs: 'admin',
		answer: async ({services, repository, contents}) =>
			json({
				type: 'repository_pipelines_configuration',
				enabled: (await contents()).pipelinesEnabled,
				repository: repositoryStubJson(services, repository),
			}),
	}),
	repositoryRoute({
		path: '/pipelines_config/variables',
		scopes: readPipelines,
		answer: async ({contents}) =>
			list((await contents()).variables, variable => variableJson('pipeline_variable', variable)),
	}),
	repositoryRoute({
		path: '/pipelines_config/variables/{variable_uuid}',
		scopes: readPipelines,
		async answer({contents, parameter}) {
			const variable = byUuid((await contents()).variables, parameter('variable_uuid'));
			return json(variableJson('pipeline_variable', variable));
		},
	}),
	repositoryRoute({
		path: '/pipelines_config/schedules',
		scopes: readPipelines,
		answer: async ({contents}) => list((await contents()).schedules, scheduleJson),
	}),
	repositoryRoute({
		path: '/pipelines_config/schedules/{schedule_uuid}',
		scopes: readPipelines,
		answer: async ({contents, parameter}) =>
			json(scheduleJson(byUuid((await contents()).schedules, parameter('schedule_uuid')))),
	}),
	repositoryRoute({
		path: '/pipelines_config/schedules/{schedule_uuid}/executions',
		scopes: readPipelines,
		answer: async ({contents, parameter}) =>
			list(byUuid((await contents()).schedules, parameter('schedule_uuid')).executions, executionJson),
	}),
	repositoryRoute({
		path: '/pipelines_config/ssh/key_pair',
		scopes: readPipelines,
		async answer({contents}) {
			const {publicKey} = found((await contents()).sshKeyPair, 'The repository has no SSH key pair.');
			return json({type: 'pipeline_ssh_key_pair', public_key: publicKey});
		},
	}),
	repositoryRoute({
		path: '/pipelines_config/ssh/known_hosts',
		scopes: readPipelines,
		answer: async ({contents}) => list((await contents()).knownHosts, knownHostJson),
	}),
	repositoryRoute({
		path: '/pipelines_config/ssh/known_hosts/{known_host_uuid}',
		scopes: readPipelines,
		answer: async ({contents, parameter}) =>
			json(knownHostJson(byUuid((await contents()).knownHosts, parameter('known_host_uuid')))),
	}),
	repositoryRoute({
		path: '/pipelines-config/runners',
		scopes: readRunners,
		answer: async ({services, contents}) =>
			list((await contents()).runners, runner => runnerJson(services, runner)),
	}),
	repositoryRoute({
		path: '/pipelines-config/runners/{runner_uuid}',
		scopes: readRunners,
		answer: async ({services, contents, parameter}) =>
			json(runnerJson(services, byUuid((await contents()).runners, parameter('runner_uuid')))),
	}),
];
