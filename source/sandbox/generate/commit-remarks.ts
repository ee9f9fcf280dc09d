import type {Random} from '../random.ts';
import type {Commit, CommitComment, CommitStatus, Pipeline, User} from '../world.ts';
import {phrase} from './phrase.ts';
import {hour, isoTime} from './timeline.ts';
import {generalRemarks} from './vocabulary.ts';

/** What pipelines, and now and then an inspector from outside, said about commits. */
export function generateStatuses(
	random: Random,
	pipelines: readonly Pipeline[],
	inspected: readonly string[],
): CommitStatus[] {
	const ofPipelines = pipelines.map(
		(pipeline): CommitStatus => ({
			commit: pipeline.target.commit,
			uuid: random.uuid(),
			key: `pipeline-${pipeline.buildNumber}`,
			state:
				pipeline.result === 'SUCCESSFUL'
					? 'SUCCESSFUL'
					: pipeline.result === 'STOPPED'
						? 'STOPPED'
						: pipeline.result
							? 'FAILED'
							: 'INPROGRESS',
			name: `Pipeline #${pipeline.buildNumber}`,
			url: `https://builds.acme.example/${pipeline.buildNumber}`,
			description: pipeline.result === undefined ? 'Running' : 'Finished',
			refname: pipeline.target.refName,
			createdOn: pipeline.createdOn,
			updatedOn: pipeline.completedOn ?? pipeline.createdOn,
		}),
	);
	const ofInspectors = inspected.map((commit): CommitStatus => {
		const createdOn = isoTime(Date.parse(pipelines[0]?.createdOn ?? '2026-01-01') + hour);
		return {
			commit,
			uuid: random.uuid(),
			key: 'inspector',
			state: random.pick(['SUCCESSFUL', 'FAILED'] as const),
			name: 'Inspector 🔎',
			url: `https://inspector.acme.example/${commit}`,
			description: phrase(random, ['{quality} {noun}s found: 3']),
			refname: null,
			createdOn,
			updatedOn: createdOn,
		};
	});
	return [...ofPipelines, ...ofInspectors];
}

/** A few comments on commits themselves, outside of any pull request. */
export function generateCommitComments(
	random: Random,
	options: {
		readonly commits: readonly Commit[];
		readonly developers: readonly User[];
		readonly newId: () => number;
	},
): CommitComment[] {
	return random.sample(options.commits, 2).map(commit => {
		const on = isoTime(Date.parse(commit.committerDate) + hour);
		return {
			commit: commit.hash,
			id: options.newId(),
			user: random.pick(options.developers).uuid,
			createdOn: on,
			updatedOn: on,
			raw: phrase(random, generalRemarks),
			deleted: false,
			pending: false,
		};
	});
}
