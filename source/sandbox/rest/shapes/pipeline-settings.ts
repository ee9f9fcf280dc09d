import type {
	Deployment,
	Environment,
	KnownHost,
	PipelineSchedule,
	Repository,
	Runner,
	Variable,
} from '../../world.ts';
import {commitStubJson} from './commit.ts';
import {repositoryApi, repositoryPage, type ShapeSource} from './source.ts';

/** The value of a secured one is never told. `type` says whose variable it is. */
export function variableJson(type: 'pipeline_variable' | 'deployment_variable', variable: Variable) {
	const {uuid, key, value, secured} = variable;
	return {type, uuid, key, secured, ...(!secured && {value: value ?? ''})};
}

export function scheduleJson({uuid, enabled, cronPattern, target, createdOn, updatedOn}: PipelineSchedule) {
	return {
		type: 'pipeline_schedule',
		uuid,
		enabled,
		cron_pattern: cronPattern,
		target: {
			type: 'pipeline_ref_target',
			ref_type: 'branch',
			ref_name: target.refName,
			selector: {type: target.selectorType, pattern: target.selectorPattern},
		},
		created_on: createdOn,
		updated_on: updatedOn,
	};
}

export function executionJson(pipeline: string) {
	return {type: 'pipeline_schedule_execution_executed', pipeline: {type: 'pipeline', uuid: pipeline}};
}

export function knownHostJson({uuid, hostname, publicKey}: KnownHost) {
	return {
		type: 'pipeline_known_host',
		uuid,
		hostname,
		public_key: {
			type: 'pipeline_ssh_public_key',
			key_type: publicKey.keyType,
			key: publicKey.key,
			md5_fingerprint: publicKey.md5Fingerprint,
			sha256_fingerprint: publicKey.sha256Fingerprint,
		},
	};
}

/** The secret of its OAuth client is told once, when it is made. */
export function runnerJson(
	source: ShapeSource,
	{uuid, name, labels, status, version, createdOn, updatedOn}: Runner,
) {
	return {
		type: 'pipeline_runner',
		uuid,
		name,
		labels,
		state: {
			type: 'pipeline_runner_state',
			status,
			version: {type: 'pipeline_runner_version', version, current: version},
			updated_on: updatedOn,
			cordoned: false,
		},
		created_on: createdOn,
		updated_on: updatedOn,
		oauth_client: {
			type: 'pipeline_runner_oauth_client',
			id: uuid.slice(1, -1).replaceAll('-', ''),
			token_endpoint: `${source.gitUrl}/site/oauth2/access_token`,
			audience: `${source.apiUrl}/pipelines`,
		},
	};
}

export function environmentJson(environment: Environment) {
	const {uuid, name, slug, environmentType, rank, hidden, adminOnly} = environment;
	return {
		type: 'deployment_environment',
		uuid,
		name,
		slug,
		rank,
		hidden,
		environment_type: {type: 'deployment_environment_type', name: environmentType, rank},
		environment_lock_enabled: true,
		restrictions: {type: 'deployment_restrictions_configuration', admin_only: adminOnly},
		lock: {type: 'deployment_environment_lock_open', name: 'OPEN'},
	};
}

export function deploymentJson(source: ShapeSource, repository: Repository, deployment: Deployment) {
	const {uuid, environment, state, status, pipeline, step, commit, startedOn, completedOn} = deployment;
	const stateType = `deployment_state_${state.toLowerCase()}`;
	return {
		type: 'deployment',
		uuid,
		state: {
			type: stateType,
			name: state,
			status: {type: `${stateType}_status_${status.toLowerCase()}`, name: status},
			started_on: startedOn,
			completed_on: completedOn,
		},
		environment: {type: 'deployment_environment', uuid: environment},
		step: {type: 'pipeline_step', uuid: step},
		release: {
			type: 'deployment_release',
			uuid: pipeline,
			name: `#${commit.slice(0, 7)}`,
			url: `${repositoryPage(source, repository)}/addon/pipelines/deployments#!/${encodeURIComponent(uuid)}`,
			commit: commitStubJson(source, repository, commit),
			created_on: startedOn,
		},
		links: {self: {href: `${repositoryApi(source, repository)}/deployments/${encodeURIComponent(uuid)}`}},
	};
}
