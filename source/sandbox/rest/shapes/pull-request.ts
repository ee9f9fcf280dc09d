import type {Participant, PullRequest, PullRequestEnd, Repository} from '../../world.ts';
import {accountJson} from './people.ts';
import {repositoryStubJson} from './repository.ts';
import {
	linkTo,
	moment,
	rendered,
	repositoryApi,
	repositoryBy,
	repositoryPage,
	type ShapeSource,
	shortHash,
} from './source.ts';

/** Fields that a list of pull requests holds only where they are asked for. */
export const hiddenInLists = ['values.participants', 'values.reviewers', 'values.rendered'];

export function pullRequestJson(source: ShapeSource, repository: Repository, pullRequest: PullRequest) {
	const {mergeCommit, closedBy} = pullRequest;
	return {
		type: 'pullrequest',
		id: pullRequest.id,
		title: pullRequest.title,
		description: pullRequest.description,
		summary: rendered(pullRequest.description),
		rendered: {
			title: rendered(pullRequest.title),
			description: rendered(pullRequest.description),
			reason: rendered(pullRequest.reason),
		},
		state: pullRequest.state,
		draft: pullRequest.draft,
		queued: false,
		author: accountJson(source, pullRequest.author),
		source: endJson(source, repository, pullRequest.source),
		destination: endJson(source, repository, pullRequest.destination),
		merge_commit: mergeCommit === undefined ? null : {hash: shortHash(mergeCommit)},
		comment_count: pullRequest.comments.filter(({deleted}) => !deleted).length,
		task_count: pullRequest.tasks.filter(({state}) => !source.countOpenTasks || state === 'UNRESOLVED')
			.length,
		close_source_branch: pullRequest.closeSourceBranch,
		closed_by: closedBy === undefined ? null : accountJson(source, closedBy),
		reason: pullRequest.reason,
		created_on: moment(pullRequest.createdOn),
		updated_on: moment(pullRequest.updatedOn),
		reviewers: pullRequest.reviewers.map(uuid => accountJson(source, uuid)),
		participants: pullRequest.participants.map(participant => participantJson(source, participant)),
		links: pullRequestLinks(source, repository, pullRequest),
	};
}

/** A pull request as other objects name it. */
export function pullRequestStubJson(source: ShapeSource, repository: Repository, pullRequest: PullRequest) {
	const {self, html} = pullRequestLinks(source, repository, pullRequest);
	return {
		type: 'pullrequest',
		id: pullRequest.id,
		title: pullRequest.title,
		draft: pullRequest.draft,
		links: {self, html},
	};
}

/** Address of a pull request in the API. */
export function pullRequestApi(source: ShapeSource, repository: Repository, {id}: PullRequest): string {
	return `${repositoryApi(source, repository)}/pullrequests/${id}`;
}

/**
 * What Bitbucket writes for the changes of a pull request in its redirects: source and destination as
 * `workspace/slug:hash`, with a carriage return between them.
 */
export function pullRequestSpec(
	{world}: ShapeSource,
	repository: Repository,
	{source, destination}: PullRequest,
): string {
	const name = `${world.workspace.slug}/${repository.slug}`;
	return `${name}:${shortHash(source.commit)}%0D${shortHash(destination.commit)}`;
}

function pullRequestLinks(source: ShapeSource, repository: Repository, pullRequest: PullRequest) {
	const self = pullRequestApi(source, repository, pullRequest);
	const spec = pullRequestSpec(source, repository, pullRequest);
	const changes = `${spec}?from_pullrequest_id=${pullRequest.id}&topic=true`;
	return {
		self: linkTo(self),
		html: linkTo(`${repositoryPage(source, repository)}/pull-requests/${pullRequest.id}`),
		commits: linkTo(`${self}/commits`),
		approve: linkTo(`${self}/approve`),
		diff: linkTo(`${repositoryApi(source, repository)}/diff/${changes}`),
		diffstat: linkTo(`${repositoryApi(source, repository)}/diffstat/${changes}`),
		comments: linkTo(`${self}/comments`),
		activity: linkTo(`${self}/activity`),
		merge: linkTo(`${self}/merge`),
		decline: linkTo(`${self}/decline`),
	};
}

/** One side of a pull request. A fork that is gone leaves null for its repository. */
function endJson(source: ShapeSource, home: Repository, end: PullRequestEnd) {
	const repository = end.repository === home.uuid ? home : repositoryBy(source, end.repository);
	return {
		branch: {name: end.branch},
		commit: {hash: shortHash(end.commit)},
		repository: repository ? repositoryStubJson(source, repository) : null,
	};
}

function participantJson(source: ShapeSource, participant: Participant) {
	const {user, role, approved, state, participatedOn} = participant;
	return {
		type: 'participant',
		user: accountJson(source, user),
		role,
		approved,
		state,
		participated_on: participatedOn === null ? null : moment(participatedOn),
	};
}
