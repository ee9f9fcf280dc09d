import type {PullRequest} from '../world.ts';
import type {Answer} from './answers.ts';
import {byId} from './find-one.ts';
import {type RepositoryCall, type Route, repositoryRoute} from './route.ts';
import {readPullRequests} from './scope-sets.ts';

export type PullRequestCall = RepositoryCall & {readonly pullRequest: PullRequest};

/** A route of one pull request; `path` follows its own. */
export function pullRequestRoute({
	path,
	answer,
}: {
	readonly path: string;
	readonly answer: (call: PullRequestCall) => Answer | Promise<Answer>;
}): Route {
	return repositoryRoute({
		path: `/pullrequests/{pull_request_id}${path}`,
		scopes: readPullRequests,
		async answer(call) {
			const {pullRequests} = await call.contents();
			return answer({...call, pullRequest: byId(pullRequests, call.parameter('pull_request_id'))});
		},
	});
}
