import type {Pipeline, PipelineResult, PipelineStep, Repository} from '../../world.ts';
import {commitStubJson} from './commit.ts';
import {accountJson} from './people.ts';
import {repositoryStubJson} from './repository.ts';
import {linkTo, repositoryApi, type ShapeSource} from './source.ts';

/* Pipelines are a service of their own behind the same address: their times end with Z, their lists count pages alike. */

export function pipelineJson(source: ShapeSource, repository: Repository, pipeline: Pipeline) {
	const self = `${repositoryApi(source, repository)}/pipelines/${encodeURIComponent(pipeline.uuid)}`;
	const link = (href: string) => ({...linkTo(href), type: 'pipelines_links_section_href'});
	return {
		type: 'pipeline',
		uuid: pipeline.uuid,
		build_number: pipeline.buildNumber,
		run_number: 1,
		creator: accountJson(source, pipeline.creator),
		repository: repositoryStubJson(source, repository),
		target: targetJson(source, repository, pipeline.target),
		trigger: {
			type: `pipeline_trigger_${pipeline.trigger.toLowerCase()}`,
			name: pipeline.trigger,
		},
		state: stateJson('pipeline_state', pipeline),
		created_on: pipeline.createdOn,
		...(pipeline.completedOn !== undefined && {completed_on: pipeline.completedOn}),
		build_seconds_used: pipeline.buildSecondsUsed,
		duration_in_seconds: pipeline.buildSecondsUsed,
		links: {type: 'pipelines_pipeline_links', self: link(self), steps: link(`${self}/steps`)},
	};
}

function targetJson(source: ShapeSource, repository: Repository, target: Pipeline['target']) {
	const {refType, refName, commit, selectorType, selectorPattern} = target;
	return {
		type: 'pipeline_ref_target',
		ref_type: refType,
		ref_name: refName,
		commit: commitStubJson(source, repository, commit),
		selector: {type: selectorType, ...(selectorPattern !== undefined && {pattern: selectorPattern})},
	};
}

export function stepJson(
	source: ShapeSource,
	repository: Repository,
	pipeline: Pipeline,
	step: PipelineStep,
) {
	return {
		type: 'pipeline_step',
		uuid: step.uuid,
		name: step.name,
		pipeline: {type: 'pipeline', uuid: pipeline.uuid},
		repository: repositoryStubJson(source, repository),
		state: stateJson('pipeline_step_state', step),
		...(step.startedOn !== undefined && {started_on: step.startedOn}),
		...(step.completedOn !== undefined && {completed_on: step.completedOn}),
		image: {name: step.image},
		setup_commands: step.setupCommands.map(commandJson),
		script_commands: step.scriptCommands.map(commandJson),
	};
}

function commandJson(command: string) {
	return {name: command, command};
}

function stateJson(
	type: string,
	{state, result}: {readonly state: Pipeline['state']; readonly result?: PipelineResult},
) {
	const kind = `${type}_${state.toLowerCase()}`;
	return {
		type: kind,
		name: state,
		...(result !== undefined && {result: {type: `${kind}_${result.toLowerCase()}`, name: result}}),
	};
}
