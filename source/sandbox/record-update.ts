import type {PullRequest, Uuid} from './world.ts';

/** Adds how a pull request stands now to its activity, as Bitbucket does after each change of it. */
export function recordUpdate(pullRequest: PullRequest, date: string, author: Uuid): void {
	const {state, title, description, reason, source, destination, reviewers} = pullRequest;
	pullRequest.activity.push({
		kind: 'update',
		date,
		author,
		state,
		title,
		description,
		reason,
		sourceCommit: source.commit,
		destinationCommit: destination.commit,
		reviewers: [...reviewers],
	});
}
