import type {Activity, PullRequest, Repository} from '../../world.ts';
import {commitStubJson} from './commit.ts';
import {pullRequestCommentJson} from './discussion.ts';
import {accountJson} from './people.ts';
import {pullRequestStubJson} from './pull-request.ts';
import {repositoryStubJson} from './repository.ts';
import {moment, type ShapeSource, shortHash} from './source.ts';

/** One thing that happened in a pull request. */
export type Happening = {
	readonly repository: Repository;
	readonly pullRequest: PullRequest;
	readonly activity: Activity;
};

/** What happened in these pull requests, the newest first. */
export function happeningsIn(repository: Repository, pullRequests: readonly PullRequest[]): Happening[] {
	return pullRequests
		.flatMap(pullRequest => pullRequest.activity.map(activity => ({repository, pullRequest, activity})))
		.sort((one, other) => Date.parse(other.activity.date) - Date.parse(one.activity.date));
}

/** The kind of happening is the name of the field that holds it; `type` there is none. */
export function happeningJson(source: ShapeSource, {repository, pullRequest, activity}: Happening) {
	const stub = pullRequestStubJson(source, repository, pullRequest);
	switch (activity.kind) {
		case 'update':
			return {pull_request: stub, update: updateJson(source, repository, pullRequest, activity)};
		case 'comment': {
			const comment = pullRequest.comments.find(({id}) => id === activity.comment);
			return {
				pull_request: stub,
				...(comment && {comment: pullRequestCommentJson(source, {repository, pullRequest}, comment)}),
			};
		}

		default:
			return {
				pull_request: stub,
				[activity.kind]: {
					date: moment(activity.date),
					user: accountJson(source, activity.user),
					pullrequest: stub,
				},
			};
	}
}

function updateJson(
	source: ShapeSource,
	repository: Repository,
	pullRequest: PullRequest,
	update: Extract<Activity, {readonly kind: 'update'}>,
) {
	const end = (branch: string, hash: string) => ({
		branch: {name: branch},
		commit: commitStubJson(source, repository, shortHash(hash)),
		repository: repositoryStubJson(source, repository),
	});
	return {
		state: update.state,
		title: update.title,
		description: update.description,
		reason: update.reason,
		author: accountJson(source, update.author),
		date: moment(update.date),
		source: end(pullRequest.source.branch, update.sourceCommit),
		destination: end(pullRequest.destination.branch, update.destinationCommit),
		reviewers: update.reviewers.map(uuid => accountJson(source, uuid)),
		changes: {},
	};
}
