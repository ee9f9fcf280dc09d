import type {Random} from '../random.ts';
import type {
	Commit,
	Deployment,
	Environment,
	Pipeline,
	PipelineResult,
	PipelineSchedule,
	PipelineStep,
	User,
} from '../world.ts';
import {isoTime} from './timeline.ts';

/** Pipelines of these commits, oldest first, and the deployments that those of them made which succeeded. */
export function generatePipelines(
	random: Random,
	options: {
		/** Oldest first. */
		readonly commits: readonly Commit[];
		readonly branch: string;
		readonly developers: readonly User[];
		readonly environments: readonly Environment[];
		/** What it starts is written into its `executions`. */
		readonly schedule: PipelineSchedule | undefined;
	},
): {readonly pipelines: Pipeline[]; readonly deployments: Deployment[]} {
	const {commits, branch, developers, environments, schedule} = options;
	const pipelines: Pipeline[] = [];
	const deployments: Deployment[] = [];
	for (const [index, commit] of commits.entries()) {
		const scheduled = schedule !== undefined && index % 5 === 4;
		const running = index === commits.length - 1 && random.chance(0.3);
		const pipeline = generatePipeline(random, {
			buildNumber: index + 1,
			commit,
			branch,
			creator: random.pick(developers),
			scheduled,
			running,
		});
		pipelines.push(pipeline);
		if (scheduled) {
			schedule.executions.push(pipeline.uuid);
		}

		const deployed = deploymentOf(random, pipeline, environments);
		if (deployed) {
			deployments.push(deployed);
		}
	}

	return {pipelines, deployments};
}

function generatePipeline(
	random: Random,
	draft: {
		readonly buildNumber: number;
		readonly commit: Commit;
		readonly branch: string;
		readonly creator: User;
		readonly scheduled: boolean;
		readonly running: boolean;
	},
): Pipeline {
	const {buildNumber, commit, branch, creator, scheduled, running} = draft;
	const result = random.pick(['SUCCESSFUL', 'SUCCESSFUL', 'SUCCESSFUL', 'FAILED', 'STOPPED'] as const);
	const names = random.chance(0.5) ? ['Build', 'Test', 'Deploy'] : ['Build and test'];
	let time = Date.parse(commit.committerDate) + random.integer(5, 60) * 1000;
	const createdOn = isoTime(time);
	const steps = names.map((name, index): PipelineStep => {
		const last = index === names.length - 1;
		const state = running && last ? 'IN_PROGRESS' : 'COMPLETED';
		const startedOn = isoTime(time);
		time += random.integer(8, 240) * 1000;
		return generateStep(random, {
			name,
			state,
			result: last ? result : 'SUCCESSFUL',
			startedOn,
			completedOn: isoTime(time),
		});
	});
	return {
		uuid: random.uuid(),
		buildNumber,
		creator: creator.uuid,
		state: running ? 'IN_PROGRESS' : 'COMPLETED',
		...(!running && {result, completedOn: isoTime(time)}),
		target: {
			refType: 'branch',
			refName: branch,
			commit: commit.hash,
			...(scheduled ? {selectorType: 'custom', selectorPattern: 'nightly'} : {selectorType: 'default'}),
		},
		trigger: scheduled ? 'SCHEDULE' : random.pick(['PUSH', 'PUSH', 'PUSH', 'MANUAL'] as const),
		createdOn,
		buildSecondsUsed: Math.round((time - Date.parse(createdOn)) / 1000),
		steps,
	};
}

function generateStep(
	random: Random,
	draft: {
		readonly name: string;
		readonly state: 'COMPLETED' | 'IN_PROGRESS';
		readonly result: PipelineResult;
		readonly startedOn: string;
		readonly completedOn: string;
	},
): PipelineStep {
	const {name, state, result, startedOn, completedOn} = draft;
	const command = name === 'Deploy' ? './bin/release.sh' : 'make check';
	const checks = random.integer(20, 300);
	const log = [
		'+ umask 000',
		`+ ${command}`,
		`\u001B[32m✓\u001B[0m ${checks} checks in ${random.integer(1, 90)} s`,
		...(result === 'FAILED'
			? [`\u001B[31m✗\u001B[0m ${random.integer(1, 5)} failed`, 'make: *** [check] Error 1']
			: []),
	];
	return {
		uuid: random.uuid(),
		name,
		state,
		...(state === 'COMPLETED' && {result, completedOn}),
		startedOn,
		image: 'atlassian/default-image:4',
		setupCommands: ['umask 000', 'git clone --depth 50'],
		scriptCommands: [command],
		...(state === 'COMPLETED' && {log: `${log.join('\n')}\n`}),
	};
}

function deploymentOf(
	random: Random,
	pipeline: Pipeline,
	environments: readonly Environment[],
): Deployment | undefined {
	const step = pipeline.steps.find(({name}) => name === 'Deploy');
	if (!step?.startedOn || !step.completedOn || environments.length === 0) {
		return undefined;
	}

	return {
		uuid: random.uuid(),
		environment: random.pick(environments).uuid,
		state: 'COMPLETED',
		status: step.result === 'SUCCESSFUL' ? 'SUCCESSFUL' : 'FAILED',
		pipeline: pipeline.uuid,
		step: step.uuid,
		commit: pipeline.target.commit,
		startedOn: step.startedOn,
		completedOn: step.completedOn,
	};
}
