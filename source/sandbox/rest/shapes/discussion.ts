import type {Comment, CommitComment, PullRequest, Repository, Task} from '../../world.ts';
import {commitStubJson} from './commit.ts';
import {accountJson} from './people.ts';
import {pullRequestApi, pullRequestStubJson} from './pull-request.ts';
import {linkTo, moment, rendered, repositoryApi, repositoryPage, type ShapeSource} from './source.ts';

type Place = {readonly repository: Repository; readonly pullRequest: PullRequest};

export function pullRequestCommentJson(source: ShapeSource, place: Place, comment: Comment) {
	const {repository, pullRequest} = place;
	const {resolved} = comment;
	return {
		...commentJson(source, comment),
		type: 'pullrequest_comment',
		...(comment.parent !== undefined && {
			parent: {
				type: 'pullrequest_comment',
				id: comment.parent,
				links: commentLinks(source, place, comment.parent),
			},
		}),
		pending: comment.pending,
		pullrequest: pullRequestStubJson(source, repository, pullRequest),
		...(resolved && {
			resolution: {
				type: 'comment_resolution',
				user: accountJson(source, resolved.user),
				created_on: moment(resolved.on),
			},
		}),
		links: commentLinks(source, place, comment.id),
	};
}

export function commitCommentJson(source: ShapeSource, repository: Repository, comment: CommitComment) {
	const self = (id: number) => `${repositoryApi(source, repository)}/commit/${comment.commit}/comments/${id}`;
	return {
		...commentJson(source, comment),
		type: 'commit_comment',
		...(comment.parent !== undefined && {
			parent: {type: 'commit_comment', id: comment.parent, links: {self: linkTo(self(comment.parent))}},
		}),
		commit: commitStubJson(source, repository, comment.commit),
		links: {
			self: linkTo(self(comment.id)),
			html: linkTo(`${repositoryPage(source, repository)}/commits/${comment.commit}#comment-${comment.id}`),
		},
	};
}

/** What all comments have in common. A deleted one stays, without its text. */
export function commentJson(source: ShapeSource, comment: Comment) {
	const {inline} = comment;
	return {
		id: comment.id,
		created_on: moment(comment.createdOn),
		updated_on: moment(comment.updatedOn),
		content: rendered(comment.raw),
		user: accountJson(source, comment.user),
		deleted: comment.deleted,
		...(inline && {
			inline: {path: inline.path, from: inline.from, to: inline.to, outdated: inline.outdated},
		}),
	};
}

export function taskJson(source: ShapeSource, place: Place, task: Task) {
	const {repository, pullRequest} = place;
	const {resolvedOn, resolvedBy, comment} = task;
	return {
		id: task.id,
		created_on: moment(task.createdOn),
		updated_on: moment(task.updatedOn),
		state: task.state,
		content: rendered(task.raw),
		creator: accountJson(source, task.creator),
		pending: task.pending,
		resolved_on: resolvedOn === undefined ? null : moment(resolvedOn),
		resolved_by: resolvedBy === undefined ? null : accountJson(source, resolvedBy),
		...(comment !== undefined && {
			comment: {type: 'pullrequest_comment', id: comment, links: commentLinks(source, place, comment)},
		}),
		links: {
			self: linkTo(`${pullRequestApi(source, repository, pullRequest)}/tasks/${task.id}`),
			html: linkTo(`${repositoryPage(source, repository)}/pull-requests/${pullRequest.id}`),
		},
	};
}

function commentLinks(source: ShapeSource, {repository, pullRequest}: Place, id: number) {
	const page = `${repositoryPage(source, repository)}/pull-requests/${pullRequest.id}/_/diff#comment-${id}`;
	return {
		self: linkTo(`${pullRequestApi(source, repository, pullRequest)}/comments/${id}`),
		html: linkTo(page),
	};
}
